package dev.weft.operator;

import dev.weft.operator.apply.Applier;
import dev.weft.operator.apply.IngressInCluster;
import dev.weft.operator.observe.NodeInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Takes the ingress proxies away: nothing leads to them any more, they let go of their clients, and then end. */
final class IngressRemoval {
    /** A proxy may be told to let clients finish for an hour; a removal does not wait that long. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Of one that is ended. */
    private static final long SECONDS = 5;

    private final IngressInCluster ingress;
    private final Applier applier;
    private final Clock clock;
    private Instant begun = Instant.MAX;

    IngressRemoval(IngressInCluster ingress, Applier applier, Clock clock) {
        this.ingress = ingress;
        this.applier = applier;
        this.clock = clock;
    }

    /** No removal is under way any more. */
    void reset() {
        begun = Instant.MAX;
    }

    /**
     * One step. Returns what it waits for, or nothing when all is done or has taken too long.
     *
     * @param nodes that are there; a pod on one that is not ready does not end, and is not waited for
     */
    Optional<String> step(List<NodeInfo> nodes) {
        if (begun.equals(Instant.MAX)) {
            begun = clock.instant();
        }
        ingress.objects().forEach(applier::delete);
        if (ingress.runOnReady(nodes) && clock.instant().isBefore(begun.plus(LIMIT))) {
            if (clock.instant().isAfter(begun.plus(PATIENCE))) {
                ingress.endPods(SECONDS);
            }
            return Optional.of("ingress proxies let go of their clients");
        }
        // The one that led would have made them again.
        ingress.gatewayServices().forEach(applier::delete);
        return Optional.empty();
    }
}
