package dev.weft.node;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.weft.agent.Log;
import dev.weft.kube.KubeApiException;
import dev.weft.kube.KubeClient;
import dev.weft.kube.KubeConfig;
import dev.weft.kube.KubeException;
import dev.weft.kube.Namespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Why the agent is told to stop. Almost always the answer is to leave the kernel as it is: a restart, an upgrade, a
 * drain. Only when Weft itself is being taken away does the agent clean the node, so that deleting the namespace before
 * the ClusterNetwork leaves no node behind. An answer that cannot be had is no reason to remove anything.
 */
final class Farewell {
    private static final Log LOG = Log.of("node");
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** A DNS server answers for five seconds after it is told to stop; the clean-up itself takes one or two. */
    private static final Duration OWN_PODS = Duration.ofSeconds(15);

    private static final String CLUSTER_NETWORK = "/apis/weft.dev/v1alpha1/clusternetworks/default";

    private final KubeConfig api;
    private final String namespace;
    private final Supplier<Optional<Namespace>> lastSeen;
    private volatile Optional<String> reason = Optional.empty();

    /**
     * @param api asked for no longer than {@link #PATIENCE} a question
     * @param lastSeen the namespace as it was last seen. Once it is being deleted, so is the agent's service account, and
     *     the API server no longer answers.
     */
    Farewell(KubeConfig api, String namespace, Supplier<Optional<Namespace>> lastSeen) {
        this.api = api;
        this.namespace = namespace;
        this.lastSeen = lastSeen;
    }

    /**
     * The first thing of a stop, while pods are still served: finds out why, and if the node will be cleaned waits for
     * Weft's own pods to be unlinked. Nobody could do so afterwards, and a pod that cannot be unlinked never ends.
     *
     * @param ownPods Weft's own pods that hold an address on this node
     */
    void begin(Supplier<List<String>> ownPods) {
        reason = why();
        if (reason.isPresent()) {
            LOG.info("waiting for Weft's own pods to end", "why", reason.get(), "pods", ownPods.get());
            if (!Pause.until(() -> ownPods.get().isEmpty(), OWN_PODS)) {
                LOG.warn("pods stay behind without a network", "pods", ownPods.get());
            }
        }
    }

    private Optional<String> why() {
        if (lastSeen.get().filter(Namespace::deleting).isPresent()) {
            return Optional.of("namespace " + namespace + " is being deleted");
        }
        KubeConfig impatient = new KubeConfig(api.servers(), api.tokenFile(), api.caFile(), PATIENCE, PATIENCE);
        try (KubeClient client = new KubeClient(impatient)) {
            return reasonToClean(client, namespace);
        }
    }

    /** The last thing of a stop: cleans the node if there is a reason to. */
    void clean(NodePaths paths) {
        reason.ifPresent(why -> clean(why, paths));
    }

    private static void clean(String why, NodePaths paths) {
        LOG.warn("cleaning this node", "why", why);
        List<String> failures = new Cleanup(paths).run();
        if (!failures.isEmpty()) {
            new Cleanup(paths).run(); // what failed may have hung on what is gone now
        }
    }

    /** The reason to clean the node, in words; empty to leave everything. */
    static Optional<String> reasonToClean(KubeClient client, String namespace) {
        try {
            if (isTerminating(client.get("/api/v1/namespaces/" + namespace))) {
                return Optional.of("namespace " + namespace + " is being deleted");
            }
            client.get(CLUSTER_NETWORK);
            return Optional.empty();
        } catch (KubeApiException e) {
            if (isGone(e)) {
                return Optional.of("there is no ClusterNetwork any more");
            }
            LOG.warn("API server does not say why to stop; everything stays", e);
            return Optional.empty();
        } catch (KubeException e) {
            LOG.info("API server is away; everything stays", "why", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    static boolean isTerminating(byte[] namespace) {
        try {
            Map<String, Object> root = JSON.std.mapFrom(new String(namespace, StandardCharsets.UTF_8));
            return "Namespace".equals(root.get("kind"))
                    && root.get("metadata") instanceof Map<?, ?> metadata
                    && metadata.get("deletionTimestamp") != null;
        } catch (IOException e) {
            LOG.warn("namespace cannot be read; everything stays", e);
            return false;
        }
    }

    /** Only the answer of a server that knows the kind counts: one that is starting says 404 to what it does not know yet. */
    private static boolean isGone(KubeApiException e) {
        return e.isNotFound()
                && e.reason().equals("NotFound")
                && String.valueOf(e.getMessage()).contains("clusternetworks.weft.dev \"default\" not found");
    }
}
