package dev.weft.operator.observe;

import java.time.Instant;
import java.util.Optional;

/**
 * What matters of a node agent's pod.
 *
 * @param node name of its node, empty while it has none
 * @param revision its revision, empty for a clean-up pod
 * @param readySince when {@code ready} last changed, or the creation
 * @param problem what keeps it from being ready, if anything says so
 */
public record AgentPod(
        String name,
        String node,
        String application,
        String revision,
        boolean ready,
        Instant readySince,
        Instant createdAt,
        boolean terminating,
        Optional<PodProblem> problem) {

    /**
     * @param container name of the container, empty when it is the pod as a whole
     * @param reason one word, for example {@code ImagePullBackOff}
     * @param message for people, perhaps empty
     * @param lasting whether waiting is unlikely to cure it
     */
    public record PodProblem(String container, String reason, String message, boolean lasting) {
        @Override
        public String toString() {
            String where = container.isEmpty() ? "" : "container " + container + ": ";
            return where + reason + (message.isEmpty() ? "" : ": " + message);
        }
    }

    /** The pod, its node and what is wrong, for people. */
    public String describe() {
        return name + " on " + (node.isEmpty() ? "no node" : node) + ": "
                + problem.map(PodProblem::toString).orElse(ready ? "ready" : "not ready");
    }
}
