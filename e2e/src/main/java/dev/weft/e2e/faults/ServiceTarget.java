package dev.weft.e2e.faults;

import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.lab.RunningPod;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Service of both families with a node port, and its pods.
 *
 * @param name of the Service; its pods have a label of this value
 * @param service as the API server keeps it
 */
record ServiceTarget(String name, Service service) {
    static final int PORT = 7000;
    private static final String LABEL = "weft.dev/service";

    /**
     * Makes the Service.
     *
     * @param protocol {@code TCP} or {@code UDP}
     * @param ports of the Service and of its endpoints
     */
    static ServiceTarget create(Scene scene, String name, String protocol, int... ports) {
        List<ServicePort> servicePorts = new ArrayList<>();
        for (int port : ports) {
            servicePorts.add(new ServicePortBuilder()
                    .withName("port-" + port)
                    .withProtocol(protocol)
                    .withPort(port)
                    .build());
        }
        Service service = new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(Pods.NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withType("NodePort")
                .withIpFamilyPolicy("RequireDualStack")
                .withSelector(Map.of(LABEL, name))
                .withPorts(servicePorts)
                .endSpec()
                .build();
        return new ServiceTarget(name, scene.lab().client().resource(service).create());
    }

    /** Starts a pod of the Service, which netbench makes answer at the ports. */
    RunningPod start(Scene scene, String pod, NodeName node) {
        return start(scene, Pods.server(pod, node));
    }

    /** Starts a pod of the Service on the node that it names. */
    RunningPod start(Scene scene, Pod pod) {
        scene.pods()
                .create(new PodBuilder(pod)
                        .editMetadata()
                        .addToLabels(LABEL, name)
                        .endMetadata()
                        .build());
        return scene.pods()
                .awaitReady(
                        pod.getMetadata().getName(),
                        NodeName.parse(pod.getSpec().getNodeName()));
    }

    /** Addresses and ports of the Service, one a family; the first port. */
    List<String> clusterIps() {
        return service.getSpec().getClusterIPs().stream()
                .map(address -> at(address, PORT))
                .toList();
    }

    /** The node port at both of a node's addresses. */
    List<String> nodePorts(NodeName node) {
        return at(node, service.getSpec().getPorts().getFirst().getNodePort());
    }

    /** A port at both of a node's addresses. */
    static List<String> at(NodeName node, int port) {
        return List.of(at(node.ipv4(), port), at(node.ipv6(), port));
    }

    void delete(Scene scene) {
        scene.lab().client().resource(service).delete();
    }

    private static String at(String address, int port) {
        return address.contains(":") ? "[" + address + "]:" + port : address + ":" + port;
    }
}
