package dev.weft.operator.rollout;

/**
 * A node as a rollout sees it.
 *
 * @param state whether it can be moved
 * @param revision what it is pinned to, or the stable revision
 * @param known whether that revision still exists
 * @param gate its proof; looked at only if this rollout moved it
 * @param movedNow whether this rollout moved it
 */
public record RolloutNode(String name, State state, String revision, boolean known, boolean movedNow, GateResult gate) {

    /** Whether a node can be moved. */
    public enum State {
        /** The kubelet says that it is ready. */
        READY,
        /** The kubelet answers, but the node has no agent that works: only another one helps, so it goes first. */
        WITHOUT_AGENT,
        /** Not ready for a reason of its own: it follows when it is. */
        AWAY
    }
}
