package dev.weft.node;

import java.util.Map;

/**
 * Who this process is, from the environment that its pod spec sets.
 *
 * @param node name of the Node ({@code NODE_NAME})
 * @param pod name of the pod ({@code POD_NAME})
 * @param namespace the pod's namespace ({@code POD_NAMESPACE})
 */
record NodeIdentity(String node, String pod, String namespace) {

    /** @throws UsageException if NODE_NAME is missing */
    static NodeIdentity of(Map<String, String> environment) throws UsageException {
        String node = environment.getOrDefault("NODE_NAME", "");
        if (node.isEmpty()) {
            throw new UsageException("NODE_NAME is not set: the pod spec takes it from spec.nodeName");
        }
        return new NodeIdentity(
                node,
                environment.getOrDefault("POD_NAME", "weft-node"),
                environment.getOrDefault("POD_NAMESPACE", "weft-system"));
    }
}
