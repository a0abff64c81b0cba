package dev.weft.operator.servers;

import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** When the first servers of a cluster start: nodes get ready one after the other, and the first one would get all. */
public final class FirstNodes {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private FirstNodes() {}

    /**
     * Whether servers should wait for more nodes.
     *
     * @param eligible nodes that they may run on
     */
    public static boolean tooEarly(Observed observed, List<NodeInfo> eligible) {
        Optional<Instant> begun = Optional.ofNullable(observed.previous().rollout())
                .filter(r -> !r.startedAt().isEmpty())
                .map(r -> Instant.parse(r.startedAt()));
        return !eligible.stream().allMatch(n -> n.ready() || n.unreachable())
                && begun.filter(at -> at.plus(PATIENCE).isBefore(observed.now()))
                        .isEmpty();
    }
}
