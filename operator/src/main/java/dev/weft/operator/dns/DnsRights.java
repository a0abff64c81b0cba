package dev.weft.operator.dns;

import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import java.util.List;
import java.util.stream.Stream;

/** What DNS servers may do: read what has names. Pods only where their names are checked. */
final class DnsRights {
    private DnsRights() {}

    static List<HasMetadata> objects(boolean pods) {
        return List.of(
                new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(Names.DNS)
                        .withNamespace(Names.DNS_NAMESPACE)
                        .withLabels(Names.labels(Names.DNS))
                        .endMetadata()
                        .build(),
                new ClusterRoleBuilder()
                        .withNewMetadata()
                        .withName(Names.DNS)
                        .withLabels(Names.labels(Names.DNS))
                        .endMetadata()
                        .withRules(Stream.concat(
                                        Stream.of(
                                                read("", "services", "namespaces"),
                                                read("discovery.k8s.io", "endpointslices")),
                                        pods ? Stream.of(read("", "pods")) : Stream.empty())
                                .toList())
                        .build(),
                new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(Names.DNS)
                        .withLabels(Names.labels(Names.DNS))
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", Names.DNS)
                        .addNewSubject()
                        .withKind("ServiceAccount")
                        .withName(Names.DNS)
                        .withNamespace(Names.DNS_NAMESPACE)
                        .endSubject()
                        .build());
    }

    private static PolicyRule read(String group, String... resources) {
        return new PolicyRuleBuilder()
                .withApiGroups(group)
                .withResources(resources)
                .withVerbs("list", "watch")
                .build();
    }
}
