package dev.weft.e2e.weft;

import dev.weft.api.ClusterNetwork;
import dev.weft.api.Condition;
import dev.weft.config.ConfigJson;
import dev.weft.config.NodeStatus;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Network;
import dev.weft.e2e.lab.NodeName;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Weft in a lab, as its users see it: manifests in, conditions out. */
public final class Weft {
    /** The namespace of the operator and the node agents. */
    public static final String NAMESPACE = "weft-system";

    private static final int AGENT_PORT = 9470;
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("lab")
            .withForce(true)
            .build();

    private final Lab lab;

    public Weft(Lab lab) {
        this.lab = lab;
    }

    /**
     * Installs the operator: {@code kubectl apply --server-side -f install.yaml}. Returns when the API server takes a
     * ClusterNetwork.
     */
    public void install(Release release) {
        try (var manifest = Files.newInputStream(release.install())) {
            lab.client()
                    .load(manifest)
                    .items()
                    .forEach(item -> lab.client().resource(item).patch(APPLY));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + release.install(), e);
        }
        await("the API server to know the kind ClusterNetwork", Duration.ofSeconds(30), () -> {
            resource();
            return true;
        });
    }

    /** Lets the operator reach the API server in a lab that has no service proxy; goes before {@link #install}. */
    public void installWithoutServices() {
        List.of("""
                        apiVersion: v1
                        kind: Namespace
                        metadata: {name: weft-system}
                        """, """
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: weft-api-server, namespace: weft-system}
                        data: {KUBERNETES_SERVICE_HOST: "%s", KUBERNETES_SERVICE_PORT: "%d"}
                        """.formatted(Network.API_SERVER_IPV4, Network.API_SERVER_PORT))
                .forEach(object -> lab.client().resource(object).patch(APPLY));
    }

    /**
     * Applies the ClusterNetwork with this spec.
     *
     * @param spec JSON or YAML in flow style, for example <code>{podNetwork: {routing: Direct}}</code>
     */
    public void apply(String spec) {
        lab.client().resource("""
                        apiVersion: weft.dev/v1alpha1
                        kind: ClusterNetwork
                        metadata: {name: default}
                        spec: %s
                        """.formatted(spec)).patch(APPLY);
    }

    /** The resource, if there is one. */
    public Optional<ClusterNetwork> resource() {
        return Optional.ofNullable(lab.client()
                .resources(ClusterNetwork.class)
                .withName(ClusterNetwork.NAME)
                .get());
    }

    /** Waits until the resource is Ready for its present generation, and so are all nodes. */
    public void awaitReady(Duration patience) {
        await(
                "the ClusterNetwork to be Ready",
                patience,
                () -> resource()
                        .filter(cn -> cn.getStatus() != null)
                        .filter(cn -> cn.getStatus()
                                .condition("Ready")
                                .filter(Condition::met)
                                .filter(c -> c.observedGeneration()
                                        == cn.getMetadata().getGeneration())
                                .isPresent())
                        .isPresent());
        await(
                "the nodes to be Ready",
                patience,
                () -> lab.client().nodes().list().getItems().stream()
                        .allMatch(node -> node.getStatus().getConditions().stream()
                                .anyMatch(c -> c.getType().equals("Ready")
                                        && c.getStatus().equals("True"))));
    }

    /** Whether the API server knows the kind ClusterNetwork. */
    public boolean known() {
        return lab.client()
                        .apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName("clusternetworks.weft.dev")
                        .get()
                != null;
    }

    /** What a node's agent says of itself. */
    public NodeStatus agent(NodeName node) {
        return ConfigJson.readStatus(
                lab.client().raw("/api/v1/nodes/http:%s:%d/proxy/status".formatted(node, AGENT_PORT)));
    }

    /**
     * Waits for something, asked for every 200 ms; failures to ask count as no.
     *
     * @throws LabException after the time given; it carries the last conditions
     */
    public void await(String what, Duration patience, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(patience)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptions()
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new LabException(
                    "waited %d s for %s; conditions: %s"
                            .formatted(
                                    patience.toSeconds(),
                                    what,
                                    resource()
                                            .map(cn -> String.valueOf(cn.getStatus()))
                                            .orElse("no ClusterNetwork")),
                    e);
        }
    }
}
