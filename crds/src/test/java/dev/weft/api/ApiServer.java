package dev.weft.api;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/** A real API server with etcd, without anything else of a cluster. */
final class ApiServer implements AutoCloseable {
    private final KubeAPIServer server;
    private final KubernetesClient client;

    private ApiServer(KubeAPIServer server) {
        this.server = server;
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
                .build();
    }

    static ApiServer start() {
        String directory = System.getenv("KUBE_API_TEST_DIR");
        if (directory == null) {
            throw new IllegalStateException("KUBE_API_TEST_DIR is not set: it must name a folder that holds"
                    + " k8s/<version>-linux-amd64/ with etcd, kube-apiserver and kubectl; make test sets it");
        }
        KubeAPIServer server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(directory)
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .build());
        server.start();
        return new ApiServer(server);
    }

    KubernetesClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        server.stop();
    }
}
