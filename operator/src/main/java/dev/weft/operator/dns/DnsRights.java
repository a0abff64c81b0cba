package dev.weft.operator.dns;

import dev.weft.operator.revision.Names;
import dev.weft.operator.servers.ServerObjects;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import java.util.List;
import java.util.stream.Stream;

/** What DNS servers may do: read what has names. Pods only where their names are checked. */
final class DnsRights {
    private static final ServerObjects SERVERS = new ServerObjects(DnsObjects.KIND);

    private DnsRights() {}

    static List<HasMetadata> objects(boolean pods) {
        return List.of(
                SERVERS.account(),
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
                SERVERS.binding(Names.DNS));
    }

    private static PolicyRule read(String group, String... resources) {
        return new PolicyRuleBuilder()
                .withApiGroups(group)
                .withResources(resources)
                .withVerbs("list", "watch")
                .build();
    }
}
