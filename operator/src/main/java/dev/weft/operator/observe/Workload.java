package dev.weft.operator.observe;

import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A Deployment or a DaemonSet of servers, in numbers of pods.
 *
 * @param revision of its template: the label {@link Names#REVISION}; empty without one
 * @param annotations those of the operator
 * @param stalled whether its controller saw no step forward for as long as the Deployment allows
 * @param current whether its controller has seen the latest change
 * @param available those that are ready for long enough
 */
public record Workload(
        String revision,
        Map<String, String> annotations,
        boolean stalled,
        boolean current,
        int desired,
        int updated,
        int ready,
        int available) {
    public Workload {
        annotations = Map.copyOf(annotations);
    }

    /** The same, by what is known of its pods. */
    public Workload stalledIf(boolean stalls) {
        return new Workload(revision, annotations, stalls, current, desired, updated, ready, available);
    }

    /** Whether all that should serve does. */
    public boolean complete() {
        return completeBut(0);
    }

    /** The same, where so many may be missing, as those of nodes that have gone silent. */
    public boolean completeBut(int missing) {
        return current && updated >= desired - missing && available >= desired - missing;
    }

    /** What a Deployment says of its pods. */
    public static Workload read(Deployment deployment) {
        DeploymentStatus status = Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
        Long seen = status.getObservedGeneration();
        return new Workload(
                revision(deployment.getSpec().getTemplate()),
                ours(deployment.getMetadata().getAnnotations()),
                Readers.orEmpty(status.getConditions()).stream().anyMatch(Workload::stalled),
                seen != null && seen.equals(deployment.getMetadata().getGeneration()),
                number(deployment.getSpec().getReplicas()),
                number(status.getUpdatedReplicas()),
                number(status.getReadyReplicas()),
                number(status.getAvailableReplicas()));
    }

    /** What a DaemonSet says of its pods; no controller says whether it stalls. */
    public static Workload read(DaemonSet daemonSet) {
        DaemonSetStatus status = Objects.requireNonNullElseGet(daemonSet.getStatus(), DaemonSetStatus::new);
        Long seen = status.getObservedGeneration();
        return new Workload(
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
