package dev.weft.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.ClusterNetwork;
import dev.weft.api.ClusterNetworkStatus;
import dev.weft.config.ConfigJson;
import dev.weft.config.NodeStatus;
import dev.weft.net.Cidr;
import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.AgentReport;
import dev.weft.operator.observe.ClusterDns;
import dev.weft.operator.observe.ClusterIngress;
import dev.weft.operator.observe.Discovered;
import dev.weft.operator.observe.DnsServers;
import dev.weft.operator.observe.IngressDiscovery;
import dev.weft.operator.observe.IngressServers;
import dev.weft.operator.observe.KubeProxy;
import dev.weft.operator.observe.LiveRevision;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.observe.Readers;
import dev.weft.operator.observe.Workload;
import dev.weft.operator.status.Status;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One folder a case: {@code in-network.yaml} and perhaps {@code in-nodes.yaml}, {@code in-pods.yaml},
 * {@code in-agents.json} (one status a line) and {@code in-running.yaml} (the spec whose revision is the stable one) give
 * {@code out-objects.yaml} and {@code out-status.yaml}. {@code -Dgolden.write} writes the latter two.
 */
class GoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final Release RELEASE = new Release("0.1.0", "weft.dev");
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Set<String> KNOWN = Set.of(
            "in-network.yaml",
            "in-nodes.yaml",
            "in-pods.yaml",
            "in-agents.json",
            "in-running.yaml",
            "in-kube-proxy.yaml",
            "in-kube-proxy-pods.yaml",
            "in-dns.yaml",
            "in-ingress.yaml",
            "out-dns.yaml",
            "out-ingress.yaml",
            "out-handover.yaml",
            "out-objects.yaml",
            "out-status.yaml");

    static List<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inGivesOut(Path folder) throws IOException {
        assertThat(filesOf(folder)).as("files that no test reads").isSubsetOf(KNOWN);
        ClusterNetwork network = network(folder.resolve("in-network.yaml"));
        Observed observed = observed(folder, network);

        Plan plan = Plan.of(network.spec(), observed, RELEASE);
        ClusterNetworkStatus status = Status.of(observed, plan);

        String objects = plan instanceof Plan.Install install
                ? install.objects().stream().map(Serialization::asYaml).collect(Collectors.joining())
                : "";
        check(folder.resolve("out-objects.yaml"), objects);
        if (plan instanceof Plan.Install install) {
            String dns =
                    install.dns().objects().stream().map(Serialization::asYaml).collect(Collectors.joining());
            check(folder.resolve("out-dns.yaml"), dns);
        }
        if (plan instanceof Plan.Install install && install.ingress().serving()) {
            String ingress = install.ingress().objects().stream()
                    .map(Serialization::asYaml)
                    .collect(Collectors.joining());
            check(folder.resolve("out-ingress.yaml"), ingress);
        }
        check(folder.resolve("out-status.yaml"), Serialization.asYaml(status));
        if (plan instanceof Plan.Install install && Files.exists(folder.resolve("in-kube-proxy.yaml"))) {
            check(
                    folder.resolve("out-handover.yaml"),
                    Serialization.asYaml(install.serviceProxy().handover()));
        }
    }

    private static Set<String> filesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static void check(Path file, String actual) throws IOException {
        if (System.getProperty("golden.write") != null) {
            Files.writeString(file, actual);
        }
        assertThat(actual)
                .as(
                        "%s; after a change that is meant: mvn -pl operator -am test -Dtest=GoldenTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.write",
                        file)
                .isEqualTo(Files.readString(file));
    }

    private static Observed observed(Path folder, ClusterNetwork network) throws IOException {
        List<NodeInfo> nodes = list(folder.resolve("in-nodes.yaml"), Node.class).stream()
                .map(Readers::node)
                .toList();
        List<AgentPod> pods = list(folder.resolve("in-pods.yaml"), Pod.class).stream()
                .map(Readers::pod)
                .toList();
        Observed fresh = new Observed(
                NOW,
                "00000000-0000-0000-0000-000000000001",
                network.getMetadata().getGeneration(),
                network.status(),
                discovered(folder),
                nodes,
                pods,
                List.of(),
                agents(folder),
                kubeProxyPods(folder),
                dnsServers(folder),
                ingressServers(folder),
                List.of());
        Path running = folder.resolve("in-running.yaml");
        if (!Files.exists(running)) {
            return fresh;
        }
        Plan before = Plan.of(network(running).spec(), fresh, RELEASE);
        assertThat(before).isInstanceOf(Plan.Install.class);
        LiveRevision stable = new LiveRevision(((Plan.Install) before).target(), true, true);
        return new Observed(
                NOW,
                fresh.namespaceUid(),
                fresh.generation(),
                fresh.previous(),
                fresh.discovered(),
                nodes,
                pods,
                List.of(stable),
                fresh.agents(),
                fresh.kubeProxyPods(),
                fresh.dns(),
                fresh.ingress(),
                fresh.repairs());
    }

    private static Discovered discovered(Path folder) throws IOException {
        Optional<KubeProxy> kubeProxy = list(folder.resolve("in-kube-proxy.yaml"), DaemonSet.class).stream()
                .findFirst()
                .flatMap(d -> KubeProxy.among(List.of(d)));
        return new Discovered(
                List.of(),
                "unknown",
                List.of(Cidr.parse("10.96.0.0/16")),
                "ServiceCIDR objects",
                List.of(URI.create("https://192.0.2.10:6443")),
                kubeProxy,
                clusterDns(folder),
                clusterIngress(folder),
                kubeProxy.map(k -> "service proxy: " + k.describe()).stream().toList());
    }

    /** A Service, a ConfigMap with a Corefile, perhaps Weft's Deployment and DaemonSet. */
    private static ClusterDns clusterDns(Path folder) throws IOException {
        Optional<ClusterDns.DnsService> service =
                dnsObject(folder, Service.class).map(ClusterDns::read);
        return new ClusterDns(
                service,
                Optional.empty(),
                Optional.empty(),
                "",
                dnsObject(folder, ConfigMap.class).map(c -> c.getData().get("Corefile")),
                true);
    }

    private static DnsServers dnsServers(Path folder) throws IOException {
        return new DnsServers(
                dnsObject(folder, Deployment.class).map(Workload::read),
                dnsObject(folder, DaemonSet.class).map(Workload::read),
                List.of(),
                Optional.empty(),
                List.of());
    }

    private static <T extends HasMetadata> Optional<T> dnsObject(Path folder, Class<T> type) throws IOException {
        return object(folder.resolve("in-dns.yaml"), type);
    }

    private static <T extends HasMetadata> Optional<T> object(Path file, Class<T> type) throws IOException {
        return list(file, HasMetadata.class).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    /** IngressClasses; perhaps the CRD of GatewayClass, Weft's Deployment, DaemonSet and Service. */
    private static ClusterIngress clusterIngress(Path folder) throws IOException {
        List<HasMetadata> objects = list(folder.resolve("in-ingress.yaml"), HasMetadata.class);
        return new ClusterIngress(
                objects.stream()
                        .filter(IngressClass.class::isInstance)
                        .map(IngressClass.class::cast)
                        .map(IngressDiscovery::read)
                        .toList(),
                objects.stream().anyMatch(CustomResourceDefinition.class::isInstance),
                List.of());
    }

    private static IngressServers ingressServers(Path folder) throws IOException {
        return new IngressServers(
                ingressObject(folder, Deployment.class).map(Workload::read),
                ingressObject(folder, DaemonSet.class).map(Workload::read),
                list(folder.resolve("in-ingress.yaml"), HasMetadata.class).stream()
                        .filter(Pod.class::isInstance)
                        .map(o -> Readers.pod((Pod) o))
                        .toList(),
                ingressObject(folder, Service.class)
                        .map(IngressServers::addresses)
                        .orElse(List.of()),
                List.of());
    }

    private static <T extends HasMetadata> Optional<T> ingressObject(Path folder, Class<T> type) throws IOException {
        return object(folder.resolve("in-ingress.yaml"), type);
    }

    /** One {@code node: ready} a line. */
    private static Map<String, Boolean> kubeProxyPods(Path folder) throws IOException {
        Map<String, Boolean> pods = new HashMap<>();
        Path file = folder.resolve("in-kube-proxy-pods.yaml");
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] nodeAndReady = line.split(": ");
                pods.put(nodeAndReady[0], Boolean.valueOf(nodeAndReady[1]));
            }
        }
        return pods;
    }

    private static Map<String, AgentReport> agents(Path folder) throws IOException {
        Map<String, AgentReport> reports = new HashMap<>();
        Path file = folder.resolve("in-agents.json");
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                NodeStatus status = ConfigJson.readStatus(line);
                reports.put(status.node(), new AgentReport.Answered(status.node(), NOW, status.startedAt(), status));
            }
        }
        return reports;
    }

    private static ClusterNetwork network(Path file) throws IOException {
        return Serialization.unmarshal(Files.readString(file), ClusterNetwork.class);
    }

    private static <T> List<T> list(Path file, Class<T> type) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return Arrays.stream(Files.readString(file).split("(?m)^---$"))
                .filter(text -> !text.isBlank())
                .map(text ->
                        Optional.ofNullable(Serialization.unmarshal(text, type)).orElseThrow())
                .toList();
    }
}
