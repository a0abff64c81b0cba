package dev.weft.serviceproxy;

import dev.weft.agent.Check;
import dev.weft.agent.Metrics;
import dev.weft.agent.TimeSource;
import dev.weft.linux.Netns;
import dev.weft.net.Ip;
import java.util.List;

/**
 * The node's service proxy: follows Services and EndpointSlices, programs the kernel, answers health checks. The owner
 * calls {@link #start} once and {@link #close} at the end; closing leaves the kernel as it is, so that the next process
 * takes over without a packet lost.
 */
public final class ServiceProxyRole implements AutoCloseable {

    /**
     * Opens what it needs in the kernel, but changes nothing before {@link #start}.
     *
     * @param netns the node's network namespace
     * @throws dev.weft.linux.LinuxException if there are no netlink sockets to be had
     */
    public static ServiceProxyRole open(
            ProxyConfig config, Inputs inputs, Netns netns, Metrics metrics, TimeSource time) {
        return new ServiceProxyRole();
    }

    private ServiceProxyRole() {}

    /** Begins to follow the watches; returns at once. */
    public void start() {}

    /** Stops; the kernel goes on serving what it has. */
    @Override
    public void close() {}

    /** Fails only for what a restart mends. */
    public Check liveness() {
        return Check.good();
    }

    /** Holds once all Services are in the kernel, and while the latest sync went well. */
    public Check readiness() {
        return Check.bad("not done yet");
    }

    public Progress progress() {
        return new Progress(false, 0, 0, 0, "");
    }

    /**
     * Where a connection would go and why, for people; lines of text.
     *
     * @param protocol IP protocol number
     * @param port 1 to 65535
     */
    public String trace(Ip source, Ip destination, int protocol, int port) {
        return "no Service has " + destination + " port " + port;
    }

    /**
     * Removes every kernel object of the role.
     *
     * @return what was removed, for people; empty when there was nothing
     * @throws dev.weft.nftables.NftablesException if the kernel refuses
     */
    public static List<String> cleanup(Netns netns) {
        return List.of();
    }
}
