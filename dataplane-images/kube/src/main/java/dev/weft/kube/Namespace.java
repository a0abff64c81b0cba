package dev.weft.kube;

import java.util.Map;

/**
 * A Namespace, as far as those who live in it are concerned.
 *
 * @param deleting whether it is being deleted, with all that is in it
 */
public record Namespace(String name, Map<String, String> labels, boolean deleting) {
    public Namespace {
        labels = Map.copyOf(labels);
    }
}
