package dev.weft.serviceproxy;

import dev.weft.agent.TimeSource;
import dev.weft.kube.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether the proxy keeps up, and whether the node should get traffic from outside (KEP-3836). Any thread. */
final class ProxyHealth {
    /** Of the cluster autoscaler, on nodes that it is about to delete. */
    private static final String TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler";

    private static final Duration BOUND = Duration.ofSeconds(60);

    private final TimeSource time;
    private Optional<Long> waitingSince = Optional.empty();
    private Optional<Instant> updated = Optional.empty();

    ProxyHealth(TimeSource time) {
        this.time = time;
    }

    /** A change came that is to be programmed. */
    synchronized void queued() {
        if (waitingSince.isEmpty()) {
            waitingSince = Optional.of(time.nanos());
        }
    }

    /** A sync begins: what comes from now on waits anew. */
    synchronized Optional<Long> begin() {
        Optional<Long> since = waitingSince;
        waitingSince = Optional.empty();
        return since;
    }

    synchronized void succeeded() {
        updated = Optional.of(time.now());
    }

    /** What the sync was for still waits. */
    synchronized void failed(Optional<Long> since) {
        waitingSince = since.or(() -> waitingSince).or(() -> Optional.of(time.nanos()));
    }

    /** All has been programmed once, and nothing waits for long. */
    synchronized boolean isHealthy() {
        return updated.isPresent()
                && waitingSince
                        .map(time::since)
                        .filter(waits -> waits.compareTo(BOUND) > 0)
                        .isEmpty();
    }

    static boolean isEligible(Optional<Node> node) {
        return node.filter(n -> n.deleting() || n.taints().contains(TO_BE_DELETED))
                .isEmpty();
    }

    /** The body that kube-proxy answers with. */
    synchronized String json(boolean eligible) {
        Instant now = time.now();
        return "{\"lastUpdated\":\"" + updated.orElse(Instant.EPOCH) + "\",\"currentTime\":\"" + now
                + "\",\"nodeEligible\":" + eligible + "}";
    }
}
