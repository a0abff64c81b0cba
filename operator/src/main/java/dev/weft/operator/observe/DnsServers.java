package dev.weft.operator.observe;

import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Weft's DNS servers as they are.
 *
 * @param running the Deployment of those for all nodes, if there is one
 * @param nodeLocal the DaemonSet of those for one node each, if there is one
 * @param pods of both, sorted by name
 * @param corefile that of CoreDNS at the time Weft took over, as the servers' ConfigMap keeps it
 * @param troubles what servers say is not well
 */
public record DnsServers(
        Optional<Running> running,
        Optional<Running> nodeLocal,
        List<AgentPod> pods,
        Optional<String> corefile,
        List<DnsTrouble> troubles) {
    /** None. */
    public static final DnsServers NONE =
            new DnsServers(Optional.empty(), Optional.empty(), List.of(), Optional.empty(), List.of());

    public DnsServers {
        pods = List.copyOf(pods);
        troubles = List.copyOf(troubles);
    }

    /** The same with what servers say now. */
    public DnsServers with(List<DnsTrouble> said) {
        return new DnsServers(running, nodeLocal, pods, corefile, said);
    }

    /**
     * Those of one node each as if there were no others. They stall when one of the latest was made before the deadline and
     * is not ready.
     *
     * @param silent nodes that are not heard of: what runs there says nothing
     */
    public DnsServers onNodes(Set<String> silent, Instant deadline) {
        List<AgentPod> heard =
                pods.stream().filter(p -> !silent.contains(p.node())).toList();
        return new DnsServers(
                nodeLocal.map(r -> r.stalledIf(heard.stream()
                        .anyMatch(p -> p.revision().equals(r.revision())
                                && !p.ready()
                                && !p.terminating()
                                && p.createdAt().isBefore(deadline)))),
                Optional.empty(),
                heard,
                corefile,
                troubles);
    }

    /** Whether there are none, nor any to come. */
    public boolean none() {
        return running.isEmpty() && nodeLocal.isEmpty();
    }

    /**
     * A Deployment or a DaemonSet, in numbers of pods.
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

        Running stalledIf(boolean stalls) {
            return new Running(revision, annotations, stalls, current, desired, updated, ready, available);
        }

        /** Whether all that should serve does. */
        public boolean complete() {
            return completeBut(0);
        }

        /** The same, where so many may be missing, as those of nodes that have gone silent. */
        public boolean completeBut(int missing) {
            return current && updated >= desired - missing && available >= desired - missing;
        }
    }

    /** What a Deployment says of its servers. */
    public static Running read(Deployment deployment) {
        DeploymentStatus status = Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
        Long seen = status.getObservedGeneration();
        return new Running(
                revision(deployment.getSpec().getTemplate()),
                ours(deployment.getMetadata().getAnnotations()),
                Readers.orEmpty(status.getConditions()).stream().anyMatch(DnsServers::stalled),
                seen != null && seen.equals(deployment.getMetadata().getGeneration()),
                number(deployment.getSpec().getReplicas()),
                number(status.getUpdatedReplicas()),
                number(status.getReadyReplicas()),
                number(status.getAvailableReplicas()));
    }

    /** What a DaemonSet says of its servers; no controller says whether it stalls, see {@link #onNodes}. */
    public static Running read(DaemonSet daemonSet) {
        DaemonSetStatus status = Objects.requireNonNullElseGet(daemonSet.getStatus(), DaemonSetStatus::new);
        Long seen = status.getObservedGeneration();
        return new Running(
                revision(daemonSet.getSpec().getTemplate()),
                ours(daemonSet.getMetadata().getAnnotations()),
                false,
                seen != null && seen.equals(daemonSet.getMetadata().getGeneration()),
                number(status.getDesiredNumberScheduled()),
                number(status.getUpdatedNumberScheduled()),
                number(status.getNumberReady()),
                number(status.getNumberAvailable()));
    }

    private static String revision(PodTemplateSpec template) {
        ObjectMeta pods = template.getMetadata();
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
