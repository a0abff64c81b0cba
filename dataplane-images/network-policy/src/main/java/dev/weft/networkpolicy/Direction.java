package dev.weft.networkpolicy;

/** Which way traffic goes, seen from the pod that a policy selects. */
enum Direction {
    INGRESS("in"),
    EGRESS("out");

    private final String prefix;

    Direction(String prefix) {
        this.prefix = prefix;
    }

    /** How the names of its chains begin. */
    String prefix() {
        return prefix;
    }
}
