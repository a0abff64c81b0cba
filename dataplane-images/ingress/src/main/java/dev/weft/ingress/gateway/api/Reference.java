package dev.weft.ingress.gateway.api;

import dev.weft.kube.ObjectKey;

/**
 * Names an object.
 *
 * @param group empty for the core group
 * @param namespace empty if none is said: that of the object that refers
 */
public record Reference(String group, String kind, String namespace, String name) {
    static Reference of(Json json, String group, String kind) {
        return new Reference(
                json.string("group", group), json.string("kind", kind), json.string("namespace"), json.string("name"));
    }

    public boolean is(String otherGroup, String otherKind) {
        return group.equals(otherGroup) && kind.equals(otherKind);
    }

    /** What is meant by an object of this namespace. */
    public ObjectKey from(String referrer) {
        return new ObjectKey(namespace.isEmpty() ? referrer : namespace, name.isEmpty() ? "?" : name);
    }

    @Override
    public String toString() {
        return kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
    }
}
