package dev.weft.operator.servers;

import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import java.util.Map;

/** The objects that all kinds of servers have. */
public record ServerObjects(ServerKind kind) {
    /** Until every node has heard of a new server, the old one stays. */
    private static final int MIN_READY_SECONDS = 3;

    private static final int OLD_REVISIONS = 2;

    public ServiceAccount account() {
        return new ServiceAccountBuilder().withMetadata(meta()).build();
    }

    /** Gives the servers' account a ClusterRole of this name; the binding has the same. */
    public ClusterRoleBinding binding(String role) {
        return new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(role)
                .withLabels(Names.labels(kind.name()))
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                .withSubjects(subject())
                .build();
    }

    /** The servers' account, for bindings. */
    public Subject subject() {
        return new SubjectBuilder()
                .withKind("ServiceAccount")
                .withName(kind.name())
                .withNamespace(kind.namespace())
                .build();
    }

    public ConfigMap config(Map<String, String> data) {
        return new ConfigMapBuilder().withMetadata(meta()).withData(data).build();
    }

    /** One more server, then one less: never fewer than wanted. */
    public Deployment deployment(ServerRollout rollout, int replicas, LabelSelector pods) {
        return new DeploymentBuilder()
                .withMetadata(meta(kind.name(), rollout))
                .withNewSpec()
                .withProgressDeadlineSeconds((int) ServerRollout.DEADLINE.toSeconds())
                .withReplicas(replicas)
                .withMinReadySeconds(MIN_READY_SECONDS)
                .withRevisionHistoryLimit(OLD_REVISIONS)
                .withSelector(pods)
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxSurge(new IntOrString(1))
                .withMaxUnavailable(new IntOrString(0))
                .endRollingUpdate()
                .endStrategy()
                .withTemplate(rollout.revision().podTemplate())
                .endSpec()
                .build();
    }

    /**
     * @param maxSurge on how many nodes the new one starts before the old one stops
     * @param maxUnavailable on how many nodes the old one stops first
     */
    public DaemonSet daemonSet(
            String name, ServerRollout rollout, LabelSelector pods, IntOrString maxSurge, IntOrString maxUnavailable) {
        return new DaemonSetBuilder()
                .withMetadata(meta(name, rollout))
                .withNewSpec()
                .withMinReadySeconds(MIN_READY_SECONDS)
                .withRevisionHistoryLimit(OLD_REVISIONS)
                .withSelector(pods)
                .withNewUpdateStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxSurge(maxSurge)
                .withMaxUnavailable(maxUnavailable)
                .endRollingUpdate()
                .endUpdateStrategy()
                .withTemplate(rollout.revision().podTemplate())
                .endSpec()
                .build();
    }

    /** A drain takes one of them at a time; one that is not ready is in nobody's way. */
    public PodDisruptionBudget disruptions(LabelSelector pods) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(meta())
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withSelector(pods)
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .endSpec()
                .build();
    }

    /** Name, namespace and labels of an object that all servers share. */
    public ObjectMeta meta() {
        return new ObjectMetaBuilder()
                .withName(kind.name())
                .withNamespace(kind.namespace())
                .withLabels(Names.labels(kind.name()))
                .build();
    }

    private ObjectMeta meta(String name, ServerRollout rollout) {
        return new ObjectMetaBuilder(meta())
                .withName(name)
                .addToLabels(Names.APP_VERSION, rollout.revision().version())
                .withAnnotations(rollout.annotations())
                .build();
    }

    /** The same port of the Service and of the pods. */
    public static ServicePort port(String name, int number, String protocol) {
        return new ServicePortBuilder()
                .withName(name)
                .withPort(number)
                .withTargetPort(new IntOrString(number))
                .withProtocol(protocol)
                .build();
    }
}
