package dev.weft.operator;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/**
 * The Deployments of servers as their controller would leave them a moment later. Servers with the variable BROKEN never
 * get ready.
 */
record FakeDeployments(KubernetesClient client) {
    /** One turn of the Deployment controller. */
    void turn() {
        for (Deployment deployment :
                client.apps().deployments().inAnyNamespace().list().getItems()) {
            Long generation = deployment.getMetadata().getGeneration();
            if (deployment.getStatus() == null
                    || !generation.equals(deployment.getStatus().getObservedGeneration())) {
                client.resource(deployment).editStatus(d -> rolledOver(d, generation));
            }
        }
    }

    private static Deployment rolledOver(Deployment deployment, Long generation) {
        int replicas = deployment.getSpec().getReplicas();
        boolean broken = hasVariable(deployment, "BROKEN");
        return new DeploymentBuilder(deployment)
                .withNewStatus()
                .withObservedGeneration(generation)
                .withReplicas(replicas)
                .withUpdatedReplicas(broken ? 1 : replicas)
                .withReadyReplicas(replicas)
                .withAvailableReplicas(replicas)
                .addNewCondition()
                .withType("Progressing")
                .withStatus(broken ? "False" : "True")
                .withReason(broken ? "ProgressDeadlineExceeded" : "NewReplicaSetAvailable")
                .endCondition()
                .endStatus()
                .build();
    }

    static boolean hasVariable(Deployment deployment, String name) {
        List<EnvVar> env = deployment
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getEnv();
        return env.stream().anyMatch(e -> e.getName().equals(name));
    }
}
