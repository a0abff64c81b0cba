package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.ProxySettings;
import java.util.concurrent.atomic.AtomicInteger;

/** What all connections share: what is served, how, and who hears of it. */
public final class Engine {
    private final Observer observer;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    private volatile Plan plan;
    private volatile ProxySettings settings;
    private volatile boolean draining;

    public Engine(Plan plan, ProxySettings settings, Observer observer) {
        this.plan = plan;
        this.settings = settings;
        this.observer = observer;
    }

    public Plan plan() {
        return plan;
    }

    public void plan(Plan next) {
        plan = next;
    }

    public ProxySettings settings() {
        return settings;
    }

    public void settings(ProxySettings next) {
        settings = next;
    }

    public Observer observer() {
        return observer;
    }

    /** Whether clients are told to go. */
    public boolean isDraining() {
        return draining;
    }

    public void drain() {
        draining = true;
    }

    /** Connections that are passed on byte for byte. */
    public AtomicInteger streams() {
        return streams;
    }

    /** Connections of clients. */
    public AtomicInteger connections() {
        return connections;
    }
}
