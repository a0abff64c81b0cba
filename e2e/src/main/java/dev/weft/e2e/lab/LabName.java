package dev.weft.e2e.lab;

import java.util.regex.Pattern;

/**
 * The name of a lab, from which its namespaces, cgroups and folder are named, so that several stand side by side.
 *
 * @param value 1 to 20 lower-case letters, digits and dashes, a letter first
 */
public record LabName(String value) {
    private static final Pattern VALID = Pattern.compile("[a-z][a-z0-9-]{0,19}");

    /** The lab that commands mean when none is named. */
    public static final LabName DEFAULT = new LabName("lab");

    public LabName {
        if (!VALID.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "lab name '" + value + "': use 1 to 20 lower-case letters, digits and dashes, a letter first");
        }
    }

    /** The network namespace of the control plane. */
    public Netns controlPlane() {
        return new Netns("weft." + value);
    }

    /** The network namespace of a node. */
    public Netns node(NodeName node) {
        return new Netns("weft." + value + "." + node.value());
    }

    /** The node's cgroup, from the root of every hierarchy. */
    public String cgroup(NodeName node) {
        return "/weft." + value + "." + node.value();
    }

    @Override
    public String toString() {
        return value;
    }
}
