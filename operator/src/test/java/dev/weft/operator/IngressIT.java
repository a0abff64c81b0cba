package dev.weft.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.api.ComponentStatus;
import dev.weft.api.Condition;
import dev.weft.config.IngressConfig;
import dev.weft.config.IngressConfigJson;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator and the ingress proxies, against a real API server. */
@SuppressWarnings("NullAway.Init") // set before the first test
class IngressIT {
    private static final String DEFAULT = "ingressclass.kubernetes.io/is-default-class";

    private static PlayedCluster cluster;
    private static KubernetesClient client;

    @BeforeAll
    static void start() throws IOException {
        cluster = PlayedCluster.start();
        client = cluster.client();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void startOperator() {
        cluster.startOperator();
    }

    @AfterEach
    void stopOperator() {
        cluster.stopOperator();
    }

    @Test
    void itIsThereWhenAskedForAndGoneWhenNotAnyMore() {
        cluster.apply("spec: {}");
        cluster.awaitReady("0.1.0");
        assertThat(deployment()).isNull();
        assertThat(component()).isEmpty();

        cluster.apply("spec: {ingress: {}}");
        awaitProxies();
        assertThat(Objects.requireNonNull(service()).getSpec().getType()).isEqualTo("LoadBalancer");
        assertThat(annotations(ingressClass("weft"))).containsEntry(DEFAULT, "true");
        assertThat(config().service()).contains("weft-system/weft-ingress");
        ComponentStatus status = component().orElseThrow();
        assertThat(status.desired()).isEqualTo(2);
        assertThat(status.ready()).isEqualTo(2);

        service("weft-gateway-shop");
        cluster.apply("spec: {}");
        await().atMost(PlayedCluster.PATIENCE)
                .until(() -> deployment() == null
                        && service() == null
                        && client.network()
                                .v1()
                                .ingressClasses()
                                .list()
                                .getItems()
                                .isEmpty()
                        && find("weft-gateway-shop") == null
                        && client.rbac().clusterRoleBindings().list().getItems().stream()
                                .noneMatch(b -> b.getMetadata().getName().startsWith(Names.INGRESS)));
    }

    @Test
    void aQuietClusterWritesNothing() {
        cluster.apply("spec: {ingress: {}}");
        awaitProxies();
        await().atMost(PlayedCluster.PATIENCE).until(() -> {
            double before = cluster.writes();
            await().pollDelay(Duration.ofSeconds(10))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> true);
            return cluster.writes() == before;
        });
    }

    @Test
    void whatSomebodyElseChangesComesBack() {
        cluster.apply("spec: {ingress: {}}");
        awaitProxies();
        client.resource(Objects.requireNonNull(service()))
                .edit(s -> new ServiceBuilder(s)
                        .editSpec()
                        .withSelector(Map.of("app", "other"))
                        .endSpec()
                        .build());
        client.resource(Objects.requireNonNull(deployment()))
                .edit(d -> new DeploymentBuilder(d)
                        .editSpec()
                        .withReplicas(7)
                        .endSpec()
                        .build());
        client.resource(ingressClass("weft")).delete();
        await().atMost(PlayedCluster.PATIENCE).untilAsserted(() -> {
            assertThat(Objects.requireNonNull(service()).getSpec().getSelector())
                    .containsOnly(Map.entry(Names.APP_NAME, Names.INGRESS));
            assertThat(Objects.requireNonNull(deployment()).getSpec().getReplicas())
                    .isEqualTo(2);
            assertThat(ingressClass("weft")).isNotNull();
        });
        await().atMost(PlayedCluster.PATIENCE)
                .untilAsserted(() -> assertThat(cluster.messages("Repaired"))
                        .anyMatch(m -> m.startsWith("Service weft-ingress was changed"))
                        .anyMatch(m -> m.startsWith("IngressClass weft was deleted")));
    }

    @Test
    void unmanagedIsLeftAsItIs() {
        cluster.apply("spec: {ingress: {}}");
        awaitProxies();
        cluster.apply("spec: {ingress: {managementState: Unmanaged}}");
        await().atMost(PlayedCluster.PATIENCE)
                .until(() -> component()
                        .filter(c -> c.message().contains("left as they are"))
                        .isPresent());
        client.resource(Objects.requireNonNull(deployment()))
                .edit(d -> new DeploymentBuilder(d)
                        .editSpec()
                        .withReplicas(7)
                        .endSpec()
                        .build());
        await().during(Duration.ofSeconds(4))
                .atMost(PlayedCluster.PATIENCE)
                .until(() -> Objects.requireNonNull(deployment()).getSpec().getReplicas() == 7);
    }

    @Test
    void proxiesThatNeverGetReadyGiveWayToThoseBefore() {
        cluster.apply("spec: {ingress: {env: [{name: FIRST, value: '1'}]}}");
        awaitProxies();

        cluster.apply("spec: {ingress: {env: [{name: BROKEN, value: '1'}]}}");
        await().atMost(PlayedCluster.PATIENCE).untilAsserted(() -> {
            assertThat(cluster.messages("IngressRolledBack")).anyMatch(m -> m.contains("did not get ready"));
            assertThat(FakeDeployments.hasVariable(Objects.requireNonNull(deployment()), "FIRST"))
                    .isTrue();
            Condition degraded =
                    cluster.network().status().condition("Degraded").orElseThrow();
            assertThat(degraded.met()).isTrue();
            assertThat(degraded.reason()).isEqualTo("IngressFailing");
        });

        cluster.apply("spec: {ingress: {env: [{name: SECOND, value: '1'}]}}");
        awaitProxies();
        assertThat(FakeDeployments.hasVariable(Objects.requireNonNull(deployment()), "SECOND"))
                .isTrue();
    }

    /** Those of one placement go when those of the other are ready. */
    @Test
    void fromOnePlacementToTheOther() {
        cluster.apply("spec: {ingress: {}}");
        awaitProxies();
        cluster.apply("spec: {ingress: {placement: {type: HostNetwork}}}");
        await().atMost(PlayedCluster.PATIENCE)
                .until(() -> deployment() == null
                        && service() == null
                        && onNodes()
                        && config().service().isEmpty());
        cluster.awaitReady("0.1.0");
        assertThat(component().orElseThrow().desired()).isEqualTo(PlayedCluster.NODES);

        // Server-side apply would make null of an empty object here.
        cluster.apply("spec: {ingress: {managementState: Managed}}");
        await().atMost(PlayedCluster.PATIENCE).until(() -> deployment() != null && service() != null && !onNodes());
    }

    @Test
    void anotherControllersClassIsProposedServedAndNeverTouched() {
        IngressClass nginx = client.resource(new IngressClassBuilder()
                        .withNewMetadata()
                        .withName("nginx")
                        .addToAnnotations(DEFAULT, "true")
                        .endMetadata()
                        .withNewSpec()
                        .withController("k8s.io/ingress-nginx")
                        .endSpec()
                        .build())
                .create();
        try {
            cluster.apply("spec: {}");
            cluster.awaitReady("0.1.0");
            assertThat(component().orElseThrow().message()).contains("{classes: [nginx]}");

            cluster.apply("spec: {ingress: {classes: [nginx]}}");
            awaitProxies();
            assertThat(config().classes()).containsExactly("nginx");
            assertThat(annotations(ingressClass("weft")))
                    .as("there is a default already")
                    .doesNotContainKey(DEFAULT);

            cluster.apply("spec: {ingress: {className: nginx}}");
            await().atMost(PlayedCluster.PATIENCE)
                    .untilAsserted(() -> assertThat(component().orElseThrow().message())
                            .contains("belongs to the controller k8s.io/ingress-nginx"));
            assertThat(deployment()).as("what runs goes on").isNotNull();
            assertThat(ingressClass("nginx").getMetadata().getResourceVersion())
                    .isEqualTo(nginx.getMetadata().getResourceVersion());
        } finally {
            client.resource(nginx).delete();
        }
    }

    private static void awaitProxies() {
        cluster.awaitReady("0.1.0");
        await().atMost(PlayedCluster.PATIENCE)
                .until(() -> deployment() != null
                        && component().filter(c -> c.ready() == 2).isPresent());
    }

    private static Optional<ComponentStatus> component() {
        return cluster.network().status().components().stream()
                .filter(c -> c.name().equals("ingress"))
                .findFirst();
    }

    private static IngressConfig config() {
        ConfigMap map = client.configMaps()
                .inNamespace(Names.NAMESPACE)
                .withName(Names.INGRESS)
                .get();
        return IngressConfigJson.read(Objects.requireNonNull(map.getData().get("ingress.json")));
    }

    private static boolean onNodes() {
        return client.apps()
                        .daemonSets()
                        .inNamespace(Names.NAMESPACE)
                        .withName(Names.INGRESS_ON_NODES)
                        .get()
                != null;
    }

    private static IngressClass ingressClass(String name) {
        return Objects.requireNonNull(
                client.network().v1().ingressClasses().withName(name).get());
    }

    private static Map<String, String> annotations(IngressClass object) {
        return Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of());
    }

    private static @Nullable Deployment deployment() {
        return client.apps()
                .deployments()
                .inNamespace(Names.NAMESPACE)
                .withName(Names.INGRESS)
                .get();
    }

    private static @Nullable Service service() {
        return find(Names.INGRESS);
    }

    private static @Nullable Service find(String name) {
        return client.services().inNamespace(Names.NAMESPACE).withName(name).get();
    }

    /** As a proxy makes it for a Gateway. */
    private static void service(String name) {
        client.resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(Names.NAMESPACE)
                        .addToLabels(Names.MANAGED_BY, Names.INGRESS)
                        .endMetadata()
                        .withNewSpec()
                        .addNewPort()
                        .withPort(80)
                        .endPort()
                        .endSpec()
                        .build())
                .create();
    }
}
