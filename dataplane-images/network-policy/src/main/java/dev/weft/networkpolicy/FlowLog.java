package dev.weft.networkpolicy;

import dev.weft.agent.Log;
import dev.weft.agent.TimeSource;
import dev.weft.linux.LinuxException;
import dev.weft.linux.Netns;
import dev.weft.linux.nflog.LoggedPacket;
import dev.weft.linux.nflog.PacketLog;
import dev.weft.net.Ip;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Samples of denied packets as lines of the agent's log. Bounded twice: the kernel hands over some packets a second and
 * profile, and of all together a few lines a second are written.
 */
final class FlowLog implements AutoCloseable {
    private static final Log LOG = Log.of("network-policy");
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final int LINES_PER_SECOND = 20;

    private final PacketLog packets;
    private final Function<Ip, String> names;
    private final Supplier<Map<String, Denial>> denials;
    private final Rules rules;
    private final PolicyMetrics metrics;
    private final TimeSource time;
    private final Thread thread;
    private volatile boolean closed;
    private long secondBegan;
    private int linesInSecond;

    /** Which rule denied a packet, for people; empty if it is not known. */
    interface Rules {
        String of(Denial by, Ip source, Ip destination, int protocol, int port);
    }

    private FlowLog(
            PacketLog packets,
            Function<Ip, String> names,
            Supplier<Map<String, Denial>> denials,
            Rules rules,
            PolicyMetrics metrics,
            TimeSource time) {
        this.packets = packets;
        this.names = names;
        this.denials = denials;
        this.rules = rules;
        this.metrics = metrics;
        this.time = time;
        this.thread = Thread.ofPlatform().daemon().name("policy-log").unstarted(this::run);
        this.secondBegan = time.nanos();
    }

    /**
     * Begins to listen.
     *
     * @throws LinuxException if another program has the group, or the kernel no such log
     */
    static FlowLog start(
            Netns netns,
            Function<Ip, String> names,
            Supplier<Map<String, Denial>> denials,
            Rules rules,
            PolicyMetrics metrics,
            TimeSource time) {
        FlowLog log = new FlowLog(PacketLog.openIn(netns, Layout.LOG_GROUP), names, denials, rules, metrics, time);
        log.thread.start();
        return log;
    }

    private void run() {
        try {
            while (!closed) {
                packets.receive(WAIT).forEach(this::packet);
            }
        } catch (LinuxException e) {
            LOG.warn("denied traffic is not logged any more", e);
        }
    }

    private void packet(LoggedPacket packet) {
        if (time.since(secondBegan).compareTo(Duration.ofSeconds(1)) >= 0) {
            secondBegan = time.nanos();
            linesInSecond = 0;
        }
        if (++linesInSecond > LINES_PER_SECOND) {
            metrics.logLost(1);
            return;
        }
        Denial by = denials.get().get(packet.prefix());
        LOG.info(
                "denied",
                "direction",
                by == null ? "unknown" : by.direction() == Direction.INGRESS ? "ingress" : "egress",
                "from",
                names.apply(packet.source()),
                "to",
                names.apply(packet.destination()),
                "port",
                PortRange.of(packet.protocol(), packet.destinationPort()),
                "tier",
                by == null ? "unknown" : by.tier(),
                "policies",
                by == null ? packet.prefix() : by.policies(),
                "rule",
                by == null
                        ? ""
                        : rules.of(
                                by,
                                packet.source(),
                                packet.destination(),
                                packet.protocol(),
                                packet.destinationPort()));
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        packets.close();
    }
}
