package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cluster's DNS servers. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DnsSpec(
        @JsonPropertyDescription(
                "Who answers the cluster's DNS queries. Managed: Weft; where another server runs, such as CoreDNS,"
                        + " the Service kube-dns is turned to Weft's pods once these are ready, and the other server is left"
                        + " as it is. Unmanaged: the operator leaves everything as it last was. Removed: not Weft; a Service"
                        + " that Weft took over is turned back first, once the former server is ready. Default: Managed"
                        + " where no other server is found, else that one goes on, see status.effective.dns.")
        @Nullable
        ManagementState managementState,

        @JsonPropertyDescription(
                "The cluster's domain; kubelets must be told the same. Default: that of a Corefile or of kubeadm's"
                        + " configuration, else cluster.local.")
        @Size(min = 1, max = 253)
        @ValidationRule(
                value = "self.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*$')",
                message = "dns.domain must be a DNS name in lower case without a dot at its end, for example"
                        + " cluster.local")
        @Nullable
        String domain,

        @JsonPropertyDescription(
                "Address of the Service kube-dns; kubelets must be told the same (clusterDNS). Default: that of the"
                        + " Service as it is, else kubeadm's, else the tenth of the Services' range. Cannot change while it"
                        + " runs.")
        @Size(max = 45)
        @ValidationRule(
                value = "isIP(self)",
                message = "dns.clusterIP must be an address of the Services' range, for example 10.96.0.10")
        @Nullable
        String clusterIP,

        @JsonPropertyDescription(
                "Where the servers run. Cluster (default): a few of them serve all nodes. NodeLocal: one on each node"
                        + " answers that node's pods, and while it is not ready the others do; for clusters with many"
                        + " queries or slow links between nodes. It costs the memory of one server on each node, and needs"
                        + " Kubernetes 1.34. Kubelets and pods keep the address that they have. It may change at any time:"
                        + " servers of the new kind are ready before the old ones go.")
        @Nullable
        DnsPlacement placement,

        @JsonPropertyDescription(
                "How many servers there are with placement Cluster. They follow the number of nodes and cores. With"
                        + " placement NodeLocal each node has one, and this waits for the way back.")
        DnsReplicasSpec replicas,

        @JsonPropertyDescription(
                "Servers for names that are not the cluster's: an address, perhaps with a port, for example"
                        + " 192.0.2.53 or [2001:db8::53]:5353; tcp:// in front of it for TCP; tls:// for DNS over TLS, for"
                        + " example tls://192.0.2.53#dns.example, where the name is what the certificate must say. Default:"
                        + " those of a Corefile that was taken over, else those of the node's /etc/resolv.conf. At most 15.")
        @Size(max = 15)
        @ValidationRule(value = DnsSpec.SERVERS_ARE_ADDRESSES, message = DnsSpec.SERVERS_MESSAGE)
        @ValidationRule(value = DnsSpec.NAMES_ARE_OF_TLS, message = DnsSpec.NAMES_MESSAGE)
        List<@Size(max = 160) String> upstreams,

        @JsonPropertyDescription(
                "Domains with servers of their own; the longest that fits a name is asked. Default: those of a"
                        + " Corefile that was taken over. At most 32.")
        @Size(max = 32)
        List<StubDomainSpec> stubDomains,

        @JsonPropertyDescription(
                "Names with addresses of their own. Default: those of a Corefile that was taken over. At most 64.")
        @Size(max = 64)
        List<DnsHostSpec> hosts,

        @JsonPropertyDescription(
                "Which names of pods, such as 10-244-1-7.shop.pod.cluster.local, there are. Disabled: none. Insecure"
                        + " (default): any address in any namespace that exists. Verified: those of pods that exist; the"
                        + " servers then watch all pods.")
        @Nullable
        PodRecords podRecords,

        @JsonPropertyDescription("How many seconds clients may keep the cluster's records, 0 to 3600. Default: 30.")
        @ValidationRule(value = "self >= 0 && self <= 3600", message = "dns.ttlSeconds must be between 0 and 3600")
        @Nullable
        Integer ttlSeconds,

        @JsonPropertyDescription("Requests and limits of the servers' container, merged over the defaults.")
        ResourcesSpec resources,

        @JsonPropertyDescription(
                "Taints that the servers' pods tolerate. Default: those of control-plane nodes, and CriticalAddonsOnly;"
                        + " with placement NodeLocal all. At most 32.")
        @Size(max = 32)
        List<TolerationSpec> tolerations,

        @JsonPropertyDescription(
                "Labels of the nodes that the servers may run on. Default: all Linux nodes. With placement NodeLocal the"
                        + " other nodes ask the servers of these.")
        @Size(max = 32)
        Map<String, String> nodeSelector,

        @JsonPropertyDescription(
                "PriorityClass of the servers' pods. Default: system-cluster-critical; with placement NodeLocal"
                        + " system-node-critical.")
        @Size(min = 1, max = 253)
        @Nullable
        String priorityClassName,

        @JsonPropertyDescription("Environment of the servers, for example JAVA_TOOL_OPTIONS. At most 64.")
        @Size(max = 64)
        List<EnvVarSpec> env) {

    /** Scheme, address, port, name; then that the address is one. */
    static final String SERVERS_ARE_ADDRESSES = "self.all(s, s.matches('^((tls|tcp)://)?(([0-9.]+|[[][0-9a-fA-F:.]+[]])"
            + "(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"
            + "|[0-9a-fA-F:]*:[0-9a-fA-F:]*)(#[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)?$'))"
            + " && self.map(s, s.replace('tls://', '').replace('tcp://', '').split('#')[0])"
            + ".all(a, isIP(a.startsWith('[') ? a.split(']')[0].replace('[', '')"
            + " : a.contains('.') ? a.split(':')[0] : a))";

    static final String SERVERS_MESSAGE =
            "a DNS server must be an address, perhaps with a port, for example 192.0.2.53, 192.0.2.53:5353,"
                    + " [2001:db8::53]:53 or tls://192.0.2.53#dns.example; names of servers cannot be looked up here";

    static final String NAMES_ARE_OF_TLS = "self.all(s, !s.contains('#') || s.startsWith('tls://'))";

    static final String NAMES_MESSAGE =
            "a name after # is what a certificate must say: write tls:// in front of the address, or leave the name out";

    /** Nothing said. */
    public static final DnsSpec EMPTY = new DnsSpec(
            null,
            null,
            null,
            null,
            DnsReplicasSpec.EMPTY,
            List.of(),
            List.of(),
            List.of(),
            null,
            null,
            ResourcesSpec.EMPTY,
            List.of(),
            Map.of(),
            null,
            List.of());

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public DnsSpec {
        replicas = replicas == null ? DnsReplicasSpec.EMPTY : replicas;
        upstreams = upstreams == null ? List.of() : List.copyOf(upstreams);
        stubDomains = stubDomains == null ? List.of() : List.copyOf(stubDomains);
        hosts = hosts == null ? List.of() : List.copyOf(hosts);
        resources = resources == null ? ResourcesSpec.EMPTY : resources;
        tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
        nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
        env = env == null ? List.of() : List.copyOf(env);
    }
}
