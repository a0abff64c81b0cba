package dev.weft.operator;

import dev.weft.config.DnsStatus;
import dev.weft.net.Ip;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Another DNS server with its Service, as kubeadm installs CoreDNS, and what Weft's servers say.
 */
final class FakeDns {
    static final Map<String, String> FORMER = Map.of("k8s-app", "kube-dns");
    private static final Map<String, String> WEFT = Map.of(Names.APP_NAME, Names.DNS);

    private final KubernetesClient client;

    FakeDns(KubernetesClient client) {
        this.client = client;
    }

    /** A server that is ready, and the Service that leads to it. */
    void installFormer(String clusterIp) {
        pod("coredns", "10.244.9.1", FORMER);
        client.resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName(Names.DNS_SERVICE)
                        .withNamespace(Names.DNS_NAMESPACE)
                        .endMetadata()
                        .withNewSpec()
                        .withClusterIP(clusterIp)
                        .withSelector(FORMER)
                        .addNewPort()
                        .withName("dns")
                        .withPort(53)
                        .withProtocol("UDP")
                        .endPort()
                        .endSpec()
                        .build())
                .create();
        endpoint("10.244.9.1");
    }

    void uninstallFormer() {
        client.pods().inNamespace(Names.DNS_NAMESPACE).withGracePeriod(0).delete();
        client.services()
                .inNamespace(Names.DNS_NAMESPACE)
                .withName(Names.DNS_SERVICE)
                .delete();
        client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(Names.DNS_NAMESPACE)
                .delete();
    }

    /** A pod of Weft's servers that the Service leads to. */
    void endpointsAreWefts() {
        pod("weft-dns-1", "10.244.1.9", WEFT);
        endpoint("10.244.1.9");
    }

    /** What the endpoint slice controller does, perhaps long after the Service's selector has changed. */
    void endpointsAreFormer() {
        endpoint("10.244.9.1");
    }

    Service service() {
        return client.services()
                .inNamespace(Names.DNS_NAMESPACE)
                .withName(Names.DNS_SERVICE)
                .get();
    }

    private void endpoint(String address) {
        client.resource(new EndpointSliceBuilder()
                        .withNewMetadata()
                        .withName(Names.DNS_SERVICE + "-1")
                        .withNamespace(Names.DNS_NAMESPACE)
                        .addToLabels("kubernetes.io/service-name", Names.DNS_SERVICE)
                        .endMetadata()
                        .withAddressType("IPv4")
                        .addNewEndpoint()
                        .withAddresses(address)
                        .withNewConditions()
                        .withReady(true)
                        .endConditions()
                        .endEndpoint()
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    private void pod(String name, String ip, Map<String, String> labels) {
        Pod pod = client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(Names.DNS_NAMESPACE)
                        .withLabels(labels)
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName("node1")
                        .withServiceAccountName("default")
                        .withAutomountServiceAccountToken(false)
                        .addNewContainer()
                        .withName("dns")
                        .withImage("example.com/dns:1")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        String now = Instant.now().toString();
        client.resource(pod)
                .editStatus(p -> new PodBuilder(p)
                        .withNewStatus()
                        .withPodIP(ip)
                        .addNewPodIP(ip)
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .withLastTransitionTime(now)
                        .endCondition()
                        .endStatus()
                        .build());
    }

    DnsStatus status(Ip address) {
        return new DnsStatus("0.1.0", true, "", new DnsStatus.Config(true, "", "hash"), 7, List.of());
    }
}
