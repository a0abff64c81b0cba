package dev.weft.networkpolicy;

import dev.weft.kube.ObjectKey;
import java.util.List;

/**
 * Where denied packets end, are counted and sampled.
 *
 * @param chain which ends so: a profile's own, or one for each ClusterNetworkPolicy that denies
 * @param policies that deny together; at least one
 */
record Denial(String chain, Direction direction, Tier tier, List<ObjectKey> policies) {
    Denial {
        policies = List.copyOf(policies);
    }

    /** By a rule of one ClusterNetworkPolicy. */
    static Denial by(ClusterPlan policy, Direction direction) {
        return new Denial(
                direction.prefix() + "-deny-" + Hash.of(policy.tier() + " " + policy.key()),
                direction,
                policy.tier(),
                List.of(policy.key()));
    }
}
