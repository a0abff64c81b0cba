package dev.weft.e2e.faults;

import dev.weft.e2e.faults.AuditLog.Write;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Somebody else has the lease of the leading operator, as when it could not renew it in time. It ends, so that never two of
 * them move nodes; another leads, and its writes alone follow.
 */
record LeaseTaken() implements Fault {
    private static final String NAMESPACE = "weft-system";
    private static final String OPERATOR = "weft-operator";
    private static final String THIEF = "somebody-else";

    /** Longer than a lease and a start. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** How long writes are looked at, of a leader that has something to do. */
    private static final Duration LOOK = Duration.ofSeconds(20);

    @Override
    public String title() {
        return "the operator's lease taken by somebody else";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        scene.weft().awaitReady(Scene.PATIENCE);
        String leader = holder(scene);
        int before = restarts(scene, leader);
        lease(scene)
                .edit(lease -> new LeaseBuilder(lease)
                        .editSpec()
                        .withHolderIdentity(THIEF)
                        .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                        .endSpec()
                        .build());
        findings.millis(
                "the one that led has ended and starts again after",
                scene.await("the end of " + leader, PATIENCE, () -> restarts(scene, leader) > before));
        scene.await("another leader", PATIENCE, () -> !Set.of(THIEF, "").contains(holder(scene)));
        findings.expect("one of the two leads", names(scene).contains(holder(scene)), holder(scene));
        Instant begin = Instant.now();
        scene.weft().apply("{dns: {ttlSeconds: 17}}");
        ApiServerAway.rest(LOOK);
        Set<String> sources = AuditLog.of(scene).since(begin).stream()
                .filter(write -> write.user().equals(OPERATOR) && !write.renewsLease())
                .map(Write::source)
                .collect(Collectors.toSet());
        findings.expect("only one operator writes", sources.size() == 1, sources.toString());
        scene.weft().apply("{}");
        scene.weft().awaitReady(Scene.PATIENCE);
    }

    private static Resource<Lease> lease(Scene scene) {
        return scene.lab().client().leases().inNamespace(NAMESPACE).withName(OPERATOR);
    }

    /** The host name of the pod that leads; its node's, on whose network it is. */
    private static String holder(Scene scene) {
        String holder = lease(scene).require().getSpec().getHolderIdentity();
        return holder == null ? "" : holder;
    }

    private static List<Pod> pods(Scene scene) {
        return scene.lab()
                .client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel("app.kubernetes.io/name", OPERATOR)
                .list()
                .getItems();
    }

    private static Set<String> names(Scene scene) {
        return pods(scene).stream().map(pod -> pod.getSpec().getNodeName()).collect(Collectors.toSet());
    }

    private static int restarts(Scene scene, String node) {
        return pods(scene).stream()
                .filter(pod -> node.equals(pod.getSpec().getNodeName()))
                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                .mapToInt(ContainerStatus::getRestartCount)
                .sum();
    }
}
