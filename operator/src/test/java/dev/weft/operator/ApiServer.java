package dev.weft.operator;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real API server with etcd, without controllers, scheduler or kubelets. */
final class ApiServer implements AutoCloseable {
    private static final Pattern WRITES = Pattern.compile(
            "(?m)^apiserver_request_total\\{(?!.*resource=\"leases\").*verb=\"(?:POST|PUT|PATCH|APPLY|DELETE)\".*} (\\S+)$");

    private final KubeAPIServer server;
    private final KubernetesClient client;

    private ApiServer(KubeAPIServer server) {
        this.server = server;
        this.client = newClient();
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

    KubernetesClient newClient() {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
                .build();
    }

    /** Requests that write, since the start, by whomever. */
    double writes() {
        Matcher lines = WRITES.matcher(client.raw("/metrics"));
        double sum = 0;
        while (lines.find()) {
            sum += Double.parseDouble(lines.group(1));
        }
        return sum;
    }

    @Override
    public void close() {
        client.close();
        server.stop();
    }
}
