package dev.weft.dns.forward;

import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Rcode;
import dev.weft.dns.wire.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Servers that know the same: one at random is asked, and the next if it does not answer or cannot help. */
final class Upstreams implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Told of each answer. */
    interface Timing {
        void took(UpstreamServer server, Reply reply, Duration duration);
    }

    private final List<UpstreamServer> servers;
    private final ForwardMetrics metrics;

    Upstreams(List<UpstreamServer> servers, ForwardMetrics metrics) {
        this.servers = List.copyOf(servers);
        this.metrics = metrics;
    }

    List<UpstreamServer> servers() {
        return servers;
    }

    /** Whether one is up, so that an answer can be hoped for. */
    boolean isHopeful() {
        return servers.stream().anyMatch(UpstreamServer::isUp);
    }

    /**
     * Asks until somebody answers, for up to 5 s.
     *
     * @throws UpstreamException if nobody does
     */
    Reply ask(DnsName name, int type, boolean dnssecOk, int flags, Timing timing) throws UpstreamException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<UpstreamServer> order = order();
        if (order.isEmpty()) {
            throw new UpstreamException("nobody to ask about " + name + (servers.isEmpty() ? "" : ": all loop"));
        }
        IOException last = new IOException("time is over");
        Reply unhelpful = null;
        // A single server gets a second chance: packets get lost.
        for (int i = 0; i < Math.max(2, order.size()) && System.nanoTime() < deadline; i++) {
            try {
                UpstreamServer server = order.get(i % order.size());
                long began = System.nanoTime();
                Reply reply = server.ask(name, type, dnssecOk, flags);
                timing.took(server, reply, Duration.ofNanos(System.nanoTime() - began));
                if (reply.rcode() != Rcode.SERVFAIL && reply.rcode() != Rcode.REFUSED) {
                    return reply;
                }
                unhelpful = reply;
                if (i + 1 >= order.size()) {
                    break;
                }
            } catch (IOException e) {
                last = e;
            }
        }
        if (unhelpful != null) {
            return unhelpful;
        }
        throw new UpstreamException("no answer about " + name + ": " + last.getMessage(), last);
    }

    /** Those that are up; if none is, all that do not loop, since the probes may be what fails. */
    private List<UpstreamServer> order() {
        List<UpstreamServer> up =
                new ArrayList<>(servers.stream().filter(UpstreamServer::isUp).toList());
        if (up.isEmpty()) {
            metrics.allBroken();
            up.addAll(servers.stream().filter(server -> !server.isLooping()).toList());
        }
        Collections.shuffle(up, Random.from(RandomGenerator.getDefault()));
        return up;
    }

    @Override
    public void close() {
        servers.forEach(UpstreamServer::close);
    }
}
