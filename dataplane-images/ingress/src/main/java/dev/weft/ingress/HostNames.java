package dev.weft.ingress;

import dev.weft.agent.Log;
import dev.weft.net.Ip;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Addresses of hosts that upstreams lead to by name: ExternalName Services, and URLs in annotations. Asked for when they are
 * first wanted and every half a minute; what cannot be resolved keeps the addresses that it had.
 */
final class HostNames {
    private static final Log LOG = Log.of("names");
    private static final Duration AGE = Duration.ofSeconds(30);

    /** Asks. */
    interface Resolver {
        InetAddress[] all(String host) throws UnknownHostException;
    }

    private record Known(List<Ip> addresses, long asked) {}

    private final Resolver resolver;
    private final Runnable changed;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Set<String> asking = ConcurrentHashMap.newKeySet();
    private volatile Set<String> wanted = Set.of();
    /** Those of which {@link #all} told. */
    private volatile Set<String> told = Set.of();

    /** @param changed called when addresses are other ones; any thread */
    HostNames(Resolver resolver, Runnable changed) {
        this.resolver = resolver;
        this.changed = changed;
    }

    /** These and no others, from now on. */
    void want(Set<String> hosts) {
        wanted = hosts;
        known.keySet().retainAll(hosts);
        refresh();
    }

    /** Asks for those that are due; to be called now and then. */
    void refresh() {
        long now = System.nanoTime();
        for (String host : wanted) {
            Known entry = known.get(host);
            if ((entry == null || now - entry.asked() > AGE.toNanos()) && asking.add(host)) {
                Thread.ofVirtual().name("name-" + host).start(() -> ask(host));
            }
        }
    }

    private void ask(String host) {
        Known before = known.get(host);
        List<Ip> addresses = before == null ? List.of() : before.addresses();
        try {
            addresses = Arrays.stream(resolver.all(host)).map(Ip::of).sorted().toList();
        } catch (UnknownHostException e) {
            LOG.warn("not resolved; the addresses known before are kept", e, "host", host);
        }
        known.put(host, new Known(addresses, System.nanoTime()));
        asking.remove(host);
        if (before == null || !before.addresses().equals(addresses)) {
            changed.run();
        }
    }

    /** Those that had not been asked for when {@link #all()} told last. */
    Set<String> unknown() {
        Set<String> unknown = new HashSet<>(wanted);
        unknown.removeAll(told);
        return unknown;
    }

    Map<String, List<Ip>> all() {
        Map<String, List<Ip>> all = new HashMap<>();
        known.forEach((host, entry) -> all.put(host, entry.addresses()));
        told = Set.copyOf(all.keySet());
        return all;
    }
}
