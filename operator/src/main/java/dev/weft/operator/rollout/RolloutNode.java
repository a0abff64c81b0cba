package dev.weft.operator.rollout;

/**
 * A node as a rollout sees it.
 *
 * @param ready whether the kubelet says so
 * @param revision what it is pinned to, or the stable revision
 * @param known whether that revision still exists
 * @param gate its proof; looked at only if this rollout moved it
 * @param movedNow whether this rollout moved it
 */
public record RolloutNode(
        String name, boolean ready, String revision, boolean known, boolean movedNow, GateResult gate) {}
