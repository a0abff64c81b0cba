package dev.weft.e2e.bench;

import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.Wait;
import dev.weft.e2e.weft.Weft;
import java.time.Duration;

/** Weft's node agent, its service proxy switched on and off by the ClusterNetwork; the pod network stays. */
final class WeftServices implements ServiceProxy {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Weft weft;
    private final Node node;

    /** Begins without Services. */
    WeftServices(Weft weft, Node node) {
        this.weft = weft;
        this.node = node;
        stop();
    }

    @Override
    public String name() {
        return Measurements.WEFT;
    }

    @Override
    public void start() {
        weft.apply("{serviceProxy: {managementState: Managed}}");
    }

    @Override
    public long pid() {
        return Long.parseLong(
                node.exec("pgrep", "-n", "-f", "@/app/weft-node agent").strip());
    }

    @Override
    public void stop() {
        weft.apply("{serviceProxy: {managementState: Removed}}");
        weft.awaitReady(PATIENCE);
        // The agent is ready before it has removed what the one before it made.
        Wait.until(
                "the tables of Services to be gone",
                PATIENCE,
                POLL,
                () -> !node.exec("nft", "list", "tables").contains("weft-service-proxy"));
    }
}
