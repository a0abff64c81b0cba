package dev.weft.operator;

import dev.weft.api.ClusterNetworkStatus;
import dev.weft.api.ComponentStatus;
import dev.weft.api.RolloutPhase;
import dev.weft.api.RolloutStatus;
import java.util.Optional;

/** Figures for metrics, of the latest look. */
record Progress(int nodesDone, int nodesTotal, boolean stopped, int failingPairs, int proxies, int proxiesReady) {
    static final Progress NONE = new Progress(0, 0, false, 0, 0, 0);

    static Progress of(ClusterNetworkStatus status) {
        int failing = status.connectivity() == null
                ? 0
                : status.connectivity().pairs() - status.connectivity().pairsOk();
        Optional<RolloutStatus> rollout = Optional.ofNullable(status.rollout());
        Optional<ComponentStatus> ingress = status.components().stream()
                .filter(c -> c.name().equals("ingress"))
                .findFirst();
        return new Progress(
                rollout.map(RolloutStatus::nodesDone).orElse(0),
                rollout.map(RolloutStatus::nodesTotal).orElse(0),
                rollout.filter(r -> r.phase() == RolloutPhase.STOPPED).isPresent(),
                failing,
                ingress.map(ComponentStatus::desired).orElse(0),
                ingress.map(ComponentStatus::ready).orElse(0));
    }
}
