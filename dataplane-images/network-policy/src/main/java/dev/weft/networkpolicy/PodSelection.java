package dev.weft.networkpolicy;

import dev.weft.kube.LabelSelector;
import java.util.Map;
import java.util.Optional;

/**
 * Pods that a rule means.
 *
 * @param namespace the one that they are in; absent if the namespaces are chosen by their labels
 * @param namespaces these, if they are
 * @param pods which pods of the namespace
 */
record PodSelection(Optional<String> namespace, LabelSelector namespaces, LabelSelector pods) {
    static PodSelection in(String namespace, LabelSelector pods) {
        return new PodSelection(Optional.of(namespace), LabelSelector.EVERYTHING, pods);
    }

    static PodSelection of(LabelSelector namespaces, LabelSelector pods) {
        return new PodSelection(Optional.empty(), namespaces, pods);
    }

    boolean matches(String podNamespace, Map<String, String> namespaceLabels, Map<String, String> podLabels) {
        boolean there =
                namespace.isPresent() ? namespace.get().equals(podNamespace) : namespaces.matches(namespaceLabels);
        return there && pods.matches(podLabels);
    }

    /** The same for equal selections: {@code shop/app=web}, {@code [team=a]/app=web}, {@code [*]/*}. */
    @Override
    public String toString() {
        return namespace.orElseGet(() -> "[" + text(namespaces) + "]") + "/" + text(pods);
    }

    private static String text(LabelSelector selector) {
        return selector.isEverything() ? "*" : selector.toString();
    }
}
