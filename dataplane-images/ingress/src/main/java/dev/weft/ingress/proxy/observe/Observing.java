package dev.weft.ingress.proxy.observe;

import dev.weft.agent.Metrics;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Observer;
import java.util.function.Consumer;

/** Hears of requests that are done: counts them, and writes lines of the access log if that is wanted. */
public final class Observing implements Observer, AutoCloseable {
    private final RequestMetrics metrics;
    private final AccessLog log;

    public Observing(Metrics metrics, Consumer<String> lines, int loops) {
        this.metrics = new RequestMetrics(metrics, loops);
        this.log = new AccessLog(metrics, lines);
    }

    @Override
    public void done(Exchange exchange) {
        long nanos = System.nanoTime() - exchange.began();
        metrics.done(exchange, nanos);
        if (exchange.engine().settings().accessLog() && !exchange.isQuiet()) {
            log.done(exchange, nanos);
        }
    }

    @Override
    public void failed(Exchange exchange, String reason) {
        metrics.failed(exchange, reason);
    }

    @Override
    public void limited(Exchange exchange) {
        metrics.limited(exchange);
    }

    @Override
    public void close() {
        log.close();
    }
}
