package dev.weft.operator.observe;

import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A kube-proxy that the cluster runs, whoever installed it. */
public sealed interface KubeProxy {
    /** What it is called in this cluster, for people. */
    String describe();

    /**
     * As a DaemonSet, the usual way: it can be made to leave single nodes.
     *
     * @param selector labels of its pods
     * @param yields whether it leaves nodes that have {@link Names#KUBE_PROXY}, as the operator made it do
     */
    record InDaemonSet(String namespace, String name, Map<String, String> selector, boolean yields)
            implements KubeProxy {
        public InDaemonSet {
            selector = Map.copyOf(selector);
        }

        @Override
        public String describe() {
            return "DaemonSet " + namespace + "/" + name;
        }
    }

    /**
     * In a way that only the administrator can end.
     *
     * @param describe such as {@code a process on node1}
     */
    record OnHost(String describe) implements KubeProxy {}

    /** The one among these, if there is one; the usual name counts more than another. */
    static Optional<KubeProxy> among(Collection<DaemonSet> daemonSets) {
        return daemonSets.stream()
                .filter(d -> isKubeProxy(
                        d.getMetadata().getName(),
                        Readers.orEmpty(d.getMetadata().getLabels()),
                        d.getSpec().getTemplate().getSpec()))
                .min(Comparator.comparing(
                                (DaemonSet d) -> !d.getMetadata().getName().equals("kube-proxy"))
                        .thenComparing(d -> d.getMetadata().getNamespace())
                        .thenComparing(d -> d.getMetadata().getName()))
                .map(KubeProxy::of);
    }

    /** A pod that is kube-proxy and belongs to no DaemonSet: a static pod, as some distributions run it. */
    static Optional<KubeProxy> amongPods(Collection<Pod> pods) {
        return pods.stream()
                .filter(p -> Readers.orEmpty(p.getMetadata().getOwnerReferences()).stream()
                        .noneMatch(o -> o.getKind().equals("DaemonSet")))
                .filter(p -> isKubeProxy(
                        p.getMetadata().getName(),
                        Readers.orEmpty(p.getMetadata().getLabels()),
                        p.getSpec()))
                .map(p -> "static pods such as " + p.getMetadata().getNamespace() + "/"
                        + p.getMetadata().getName())
                .sorted()
                .<KubeProxy>map(OnHost::new)
                .findFirst();
    }

    private static KubeProxy of(DaemonSet daemonSet) {
        return new InDaemonSet(
                daemonSet.getMetadata().getNamespace(),
                daemonSet.getMetadata().getName(),
                Readers.orEmpty(daemonSet.getSpec().getSelector().getMatchLabels()),
                yields(daemonSet));
    }

    /** Whether every way of choosing a node leaves out the nodes that Weft serves. */
    private static boolean yields(DaemonSet daemonSet) {
        List<NodeSelectorTerm> terms = terms(daemonSet);
        return !terms.isEmpty()
                && terms.stream()
                        .allMatch(t -> Readers.orEmpty(t.getMatchExpressions()).stream()
                                .anyMatch(e -> e.getKey().equals(Names.KUBE_PROXY)
                                        && e.getOperator().equals("NotIn")
                                        && e.getValues().containsAll(Names.KUBE_PROXY_AWAY)));
    }

    /** The terms by which a DaemonSet requires nodes; empty when it takes any. */
    static List<NodeSelectorTerm> terms(DaemonSet daemonSet) {
        return Optional.ofNullable(daemonSet.getSpec().getTemplate().getSpec().getAffinity())
                .map(a -> a.getNodeAffinity())
                .map(a -> a.getRequiredDuringSchedulingIgnoredDuringExecution())
                .map(r -> Readers.orEmpty(r.getNodeSelectorTerms()))
                .orElse(List.of());
    }

    private static boolean isKubeProxy(String name, Map<String, String> labels, PodSpec pod) {
        boolean windows =
                "windows".equals(Readers.orEmpty(pod.getNodeSelector()).get("kubernetes.io/os"));
        boolean named = name.equals("kube-proxy")
                || "kube-proxy".equals(labels.get("k8s-app"))
                || "kube-proxy".equals(labels.get("component"));
        return !windows && (named || pod.getContainers().stream().anyMatch(KubeProxy::runsKubeProxy));
    }

    private static boolean runsKubeProxy(Container container) {
        String image = Optional.ofNullable(container.getImage()).orElse("");
        String program = image.substring(image.lastIndexOf('/') + 1);
        return program.equals("kube-proxy")
                || program.startsWith("kube-proxy:")
                || program.startsWith("kube-proxy@")
                || Stream.concat(
                                Readers.orEmpty(container.getCommand()).stream(),
                                Readers.orEmpty(container.getArgs()).stream())
                        .anyMatch(word -> word.equals("kube-proxy") || word.endsWith("/kube-proxy"));
    }
}
