package dev.weft.e2e.faults;

import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.lab.RunningPod;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Locale;

/** Pods, and policies by which some may talk to some. */
enum Judged {
    /** Clients: they may open connections to what is open or guarded, and nobody to them. */
    CLIENT,
    /** Servers that clients may reach. */
    OPEN,
    /** Servers that clients may not open connections to. */
    CLOSED,
    /** Servers that may not be reached, though clients may try. */
    GUARDED;

    static final String LABEL = "weft.dev/judged";
    /** Where servers, and clients too, answer. */
    static final int PORT = Flow.PORT;

    private static final List<String> POLICIES = List.of("""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: clients, namespace: default}
            spec:
              podSelector: {matchLabels: {weft.dev/judged: client}}
              policyTypes: [Ingress, Egress]
              egress:
              - to:
                - podSelector: {matchExpressions: [{key: weft.dev/judged, operator: In, values: [open, guarded]}]}
                ports: [{protocol: TCP, port: 7000}, {protocol: UDP, port: 7000}]
            """, """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: guarded, namespace: default}
            spec:
              podSelector: {matchLabels: {weft.dev/judged: guarded}}
              policyTypes: [Ingress]
              ingress:
              - from: [{podSelector: {matchLabels: {weft.dev/judged: nobody}}}]
            """);

    /** Writes the policies; it takes a moment until they are in force for pods that run. */
    static void apply(Scene scene) {
        POLICIES.forEach(policy ->
                scene.lab().client().resource(policy).fieldManager("lab").serverSideApply());
    }

    static void delete(Scene scene) {
        POLICIES.forEach(policy -> scene.lab().client().resource(policy).delete());
    }

    /** A pod with the label. */
    Pod label(Pod pod) {
        return new PodBuilder(pod)
                .editMetadata()
                .addToLabels(LABEL, toString())
                .endMetadata()
                .build();
    }

    /** Starts a server of this kind on each node. */
    List<RunningPod> serveOnEachNode(Scene scene, List<Background> servers) {
        String prefix = this + "-";
        return scene.nodes().stream()
                .map(node -> {
                    NodeName name = node.name();
                    scene.pods().create(label(Pods.idle(prefix + name, name)));
                    RunningPod pod = scene.pods().awaitReady(prefix + name, name);
                    servers.add(Flow.serve(scene.netbench(), pod));
                    return pod;
                })
                .toList();
    }

    /** All addresses of the pods, with the port at which they answer. */
    static List<String> doors(List<RunningPod> pods) {
        return pods.stream()
                .flatMap(pod -> pod.addresses().stream())
                .map(Judged::door)
                .toList();
    }

    /** The label's value. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static String door(String address) {
        return address.contains(":") ? "[" + address + "]:" + PORT : address + ":" + PORT;
    }
}
