package dev.weft.operator.observe;

import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Weft's DNS servers as they are.
 *
 * @param running their Deployment, if there is one
 * @param pods theirs, sorted by name
 * @param corefile that of CoreDNS at the time Weft took over, as the servers' ConfigMap keeps it
 * @param troubles what servers say is not well
 */
public record DnsServers(
        Optional<Running> running, List<AgentPod> pods, Optional<String> corefile, List<DnsTrouble> troubles) {
    /** None. */
    public static final DnsServers NONE = new DnsServers(Optional.empty(), List.of(), Optional.empty(), List.of());

    public DnsServers {
        pods = List.copyOf(pods);
        troubles = List.copyOf(troubles);
    }

    /** The same with what servers say now. */
    public DnsServers with(List<DnsTrouble> said) {
        return new DnsServers(running, pods, corefile, said);
    }

    /**
     * A Deployment, in numbers of pods.
     *
     * @param revision of its template: the label {@link Names#REVISION}; empty without one
     * @param annotations those of the operator
     * @param stalled whether its controller saw no step forward for as long as the Deployment allows
     * @param current whether its controller has seen the latest change
     * @param available those that are ready for long enough
     */
    public record Running(
            String revision,
            Map<String, String> annotations,
            boolean stalled,
            boolean current,
            int desired,
            int updated,
            int ready,
            int available) {
        public Running {
            annotations = Map.copyOf(annotations);
        }

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
                revision(deployment),
                ours(deployment.getMetadata().getAnnotations()),
                Readers.orEmpty(status.getConditions()).stream().anyMatch(DnsServers::stalled),
                seen != null && seen.equals(deployment.getMetadata().getGeneration()),
                number(deployment.getSpec().getReplicas()),
                number(status.getUpdatedReplicas()),
                number(status.getReadyReplicas()),
                number(status.getAvailableReplicas()));
    }

    private static String revision(Deployment deployment) {
        ObjectMeta pods = deployment.getSpec().getTemplate().getMetadata();
        return pods == null ? "" : Readers.orEmpty(pods.getLabels()).getOrDefault(Names.REVISION, "");
    }

    private static Map<String, String> ours(@Nullable Map<String, String> annotations) {
        Map<String, String> ours = new TreeMap<>(Readers.orEmpty(annotations));
        ours.keySet().removeIf(key -> !key.startsWith("weft.dev/"));
        return ours;
    }

    /** pkg/controller/deployment/util: TimedOutReason. */
    private static boolean stalled(DeploymentCondition condition) {
        return condition.getType().equals("Progressing") && "ProgressDeadlineExceeded".equals(condition.getReason());
    }

    private static int number(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
