package dev.weft.operator.servers;

/**
 * What kind of servers.
 *
 * @param name of their objects, the application's name of their pods, and of their image
 * @param namespace they are in
 * @param people how people call them, in the plural
 */
public record ServerKind(String name, String namespace, String people) {
    /** Annotation of their Deployment or DaemonSet: the template that all ran and were ready with, the last one. */
    public String proved() {
        return "weft.dev/" + shortName() + "-proved-template";
    }

    /** Likewise: generation of the spec, revision that never got ready with it, and why. */
    public String failed() {
        return "weft.dev/" + shortName() + "-failed-revision";
    }

    private String shortName() {
        return name.replaceFirst("^weft-", "");
    }
}
