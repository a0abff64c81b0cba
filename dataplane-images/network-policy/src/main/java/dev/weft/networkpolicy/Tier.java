package dev.weft.networkpolicy;

import dev.weft.kube.ClusterNetworkPolicy;

/** Which policies are asked, in this order; the later only if those before have not decided. */
enum Tier {
    /** ClusterNetworkPolicies that nobody overrules. */
    ADMIN("Admin", "admin-"),
    /** NetworkPolicies, which decide for all traffic of the pods that they isolate. */
    NETWORK_POLICY("NetworkPolicy", ""),
    /** ClusterNetworkPolicies for pods that no NetworkPolicy isolates. */
    BASELINE("Baseline", "base-");

    private final String text;
    private final String infix;

    Tier(String text, String infix) {
        this.text = text;
        this.infix = infix;
    }

    static Tier of(ClusterNetworkPolicy.Tier tier) {
        return switch (tier) {
            case ADMIN -> ADMIN;
            case BASELINE -> BASELINE;
        };
    }

    /** Stands in the names of its chains, behind the direction. */
    String infix() {
        return infix;
    }

    @Override
    public String toString() {
        return text;
    }
}
