package dev.weft.operator.plan;

import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import java.util.List;

/**
 * What node agents may do: read nodes and Services, and with network policy pods, namespaces and policies; tell of repairs,
 * and see whether they are being uninstalled.
 */
final class NodeAgentRights {
    private NodeAgentRights() {}

    /** @param enforcing whether some of them enforce NetworkPolicies */
    static List<HasMetadata> objects(boolean enforcing) {
        return List.of(
                new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(Names.NODE_AGENT)
                        .withNamespace(Names.NAMESPACE)
                        .withLabels(Names.labels(Names.NODE_AGENT))
                        .endMetadata()
                        .build(),
                new ClusterRoleBuilder()
                        .withNewMetadata()
                        .withName(Names.NODE_AGENT)
                        .withLabels(Names.labels(Names.NODE_AGENT))
                        .endMetadata()
                        // Addresses and podCIDRs of the nodes, for routes.
                        .addNewRule()
                        .withApiGroups("")
                        .withResources("nodes")
                        .withVerbs("get", "list", "watch")
                        .endRule()
                        // What the service proxy serves.
                        .addNewRule()
                        .withApiGroups("")
                        .withResources("services")
                        .withVerbs("get", "list", "watch")
                        .endRule()
                        .addNewRule()
                        .withApiGroups("discovery.k8s.io")
                        .withResources("endpointslices")
                        .withVerbs("get", "list", "watch")
                        .endRule()
                        // Events about things that someone else changed and the agent put back.
                        .addNewRule()
                        .withApiGroups("events.k8s.io")
                        .withResources("events")
                        .withVerbs("create", "patch")
                        .endRule()
                        // Whether the namespace or the ClusterNetwork is on its way out. Watched: once the namespace
                        // goes, so does the
                        // agent's account, and there is nothing left to ask with.
                        .addNewRule()
                        .withApiGroups("")
                        .withResources("namespaces")
                        .withResourceNames(Names.NAMESPACE)
                        .withVerbs("get", "list", "watch")
                        .endRule()
                        .addNewRule()
                        .withApiGroups("weft.dev")
                        .withResources("clusternetworks")
                        .withVerbs("get")
                        .endRule()
                        .addAllToRules(enforcing ? policyRules() : List.of())
                        .build(),
                new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(Names.NODE_AGENT)
                        .withLabels(Names.labels(Names.NODE_AGENT))
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", Names.NODE_AGENT)
                        .addNewSubject()
                        .withKind("ServiceAccount")
                        .withName(Names.NODE_AGENT)
                        .withNamespace(Names.NAMESPACE)
                        .endSubject()
                        .build());
    }

    /** Policies, and whom they select. */
    private static List<PolicyRule> policyRules() {
        return List.of(
                new PolicyRuleBuilder()
                        .withApiGroups("")
                        .withResources("pods", "namespaces")
                        .withVerbs("list", "watch")
                        .build(),
                new PolicyRuleBuilder()
                        .withApiGroups("networking.k8s.io")
                        .withResources("networkpolicies")
                        .withVerbs("list", "watch")
                        .build(),
                // Where there is such a kind, which its definition tells.
                new PolicyRuleBuilder()
                        .withApiGroups("policy.networking.k8s.io")
                        .withResources("clusternetworkpolicies")
                        .withVerbs("list", "watch")
                        .build(),
                new PolicyRuleBuilder()
                        .withApiGroups("apiextensions.k8s.io")
                        .withResources("customresourcedefinitions")
                        .withResourceNames("clusternetworkpolicies.policy.networking.k8s.io")
                        .withVerbs("list", "watch")
                        .build());
    }
}
