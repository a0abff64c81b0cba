package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How DNS is served, in the words of {@link DnsSpec} but without its rules, which a status does not need. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EffectiveDnsStatus(
        @JsonPropertyDescription(
                "Managed: by Weft. Unmanaged: left as it was, or to another server. Removed: not by Weft.")
        @Nullable
        ManagementState managementState,

        @JsonPropertyDescription("The cluster's domain.") @Nullable
        String domain,

        @JsonPropertyDescription("Address of the Service kube-dns.") @Nullable
        String clusterIP,

        @JsonPropertyDescription("Cluster: a few servers serve all nodes. NodeLocal: one on each node.") @Nullable
        DnsPlacement placement,

        @JsonPropertyDescription("How many servers this cluster gets; nothing with placement NodeLocal.") @Nullable
        Integer replicas,

        @JsonPropertyDescription("Servers for other names; none means those of the node's /etc/resolv.conf.")
        List<String> upstreams,

        @JsonPropertyDescription("Domains with servers of their own.")
        List<StubDomain> stubDomains,

        @JsonPropertyDescription("Names with addresses of their own.")
        List<Host> hosts,

        @JsonPropertyDescription("Which names of pods there are.") @Nullable
        PodRecords podRecords,

        @JsonPropertyDescription("How many seconds clients may keep the cluster's records.") @Nullable
        Integer ttlSeconds,

        @JsonPropertyDescription("What a Corefile asks for that Weft cannot take over, one sentence each.")
        List<String> notTakenOver) {

    /** Nothing known. */
    public static final EffectiveDnsStatus EMPTY = new EffectiveDnsStatus(
            null, null, null, null, null, List.of(), List.of(), List.of(), null, null, List.of());

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public EffectiveDnsStatus {
        upstreams = upstreams == null ? List.of() : List.copyOf(upstreams);
        stubDomains = stubDomains == null ? List.of() : List.copyOf(stubDomains);
        hosts = hosts == null ? List.of() : List.copyOf(hosts);
        notTakenOver = notTakenOver == null ? List.of() : List.copyOf(notTakenOver);
    }

    /** A domain with servers of its own. */
    public record StubDomain(
            @JsonPropertyDescription("The domain.") String domain,

            @JsonPropertyDescription("Its servers.") List<String> servers) {}

    /** An address with names. */
    public record Host(
            @JsonPropertyDescription("The address.") String address,

            @JsonPropertyDescription("Its names.") List<String> names) {}
}
