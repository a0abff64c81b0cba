package dev.weft.kube;

/**
 * Names an object in an Event.
 *
 * @param namespace empty for kinds that have none
 */
public record ObjectReference(String apiVersion, String kind, String namespace, String name, String uid) {

    /** A Node as the kubelet refers to it, with its name as uid, so that {@code kubectl describe node} shows the Event. */
    public static ObjectReference node(String name) {
        return new ObjectReference("v1", "Node", "", name, name);
    }

    /** Events about objects without a namespace belong to {@code default}. */
    String eventNamespace() {
        return namespace.isEmpty() ? "default" : namespace;
    }
}
