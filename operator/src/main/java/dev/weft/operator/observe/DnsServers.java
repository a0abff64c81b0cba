package dev.weft.operator.observe;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Weft's DNS servers as they are.
 *
 * @param running their Deployment, if there is one
 * @param pods theirs, sorted by name
 * @param corefile that of CoreDNS at the time Weft took over, as the servers' ConfigMap keeps it
 */
public record DnsServers(Optional<Running> running, List<AgentPod> pods, Optional<String> corefile) {
    /** None. */
    public static final DnsServers NONE = new DnsServers(Optional.empty(), List.of(), Optional.empty());

    public DnsServers {
        pods = List.copyOf(pods);
    }

    /**
     * A Deployment, in numbers of pods.
     *
     * @param image of the servers
     * @param current whether its controller has seen the latest change
     * @param available those that are ready for long enough
     */
    public record Running(String image, boolean current, int desired, int updated, int ready, int available) {
        /** Whether all that should serve does. */
        public boolean complete() {
            return current && updated >= desired && available >= desired;
        }
    }

    /** What a Deployment says of its servers. */
    public static Running read(Deployment deployment) {
        DeploymentStatus status = Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
        Long seen = status.getObservedGeneration();
        return new Running(
                deployment
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getImage(),
                seen != null && seen.equals(deployment.getMetadata().getGeneration()),
                number(deployment.getSpec().getReplicas()),
                number(status.getUpdatedReplicas()),
                number(status.getReadyReplicas()),
                number(status.getAvailableReplicas()));
    }

    private static int number(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
