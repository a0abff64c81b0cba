package dev.weft.operator.plan;

import dev.weft.api.NodeAgentSpec;
import dev.weft.api.TolerationSpec;
import dev.weft.operator.observe.NodeInfo;
import java.util.List;
import java.util.Objects;

/** Which nodes get an agent, as the scheduler will see it. */
final class AgentNodes {
    private AgentNodes() {}

    static List<NodeInfo> of(NodeAgentSpec agent, List<NodeInfo> nodes) {
        return nodes.stream()
                .filter(n ->
                        n.labels().getOrDefault("kubernetes.io/os", "linux").equals("linux"))
                .filter(n ->
                        n.labels().entrySet().containsAll(agent.nodeSelector().entrySet()))
                .filter(n -> agent.tolerations().isEmpty()
                        || n.taints().stream().allMatch(taint -> tolerated(agent.tolerations(), taint)))
                .toList();
    }

    private static boolean tolerated(List<TolerationSpec> tolerations, NodeInfo.TaintInfo taint) {
        return taint.effect().equals("PreferNoSchedule")
                || taint.key().startsWith("node.kubernetes.io/")
                || tolerations.stream().anyMatch(t -> tolerates(t, taint));
    }

    private static boolean tolerates(TolerationSpec toleration, NodeInfo.TaintInfo taint) {
        boolean key = toleration.key() == null || toleration.key().equals(taint.key());
        boolean effect = toleration.effect() == null || toleration.effect().equals(taint.effect());
        boolean value = "Exists".equals(toleration.operator())
                || Objects.requireNonNullElse(toleration.value(), "").equals(taint.value());
        return key && effect && value;
    }
}
