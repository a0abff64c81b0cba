package dev.weft.operator.observe;

import dev.weft.net.Ip;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the cluster says of its DNS.
 *
 * @param service the Service kube-dns, if there is one
 * @param address where kubelets were told to find DNS, if that is written down
 * @param domain the cluster's domain, if it is written down
 * @param from which object said so, for people
 * @param corefile what CoreDNS was told, if it is there
 * @param sameNode whether Services of this cluster can prefer a server of the client's node
 */
public record ClusterDns(
        Optional<DnsService> service,
        Optional<Ip> address,
        Optional<String> domain,
        String from,
        Optional<String> corefile,
        boolean sameNode) {

    /** A cluster that has no DNS and says nothing of it. */
    public static final ClusterDns NONE =
            new ClusterDns(Optional.empty(), Optional.empty(), Optional.empty(), "", Optional.empty(), true);

    /** Whose servers a Service leads to. */
    public enum Owner {
        /** The operator made it. */
        WEFT,
        /** Somebody else made it, and the operator turned it to Weft's servers. */
        TAKEN,
        /** Somebody else again: the operator has turned it back, and Weft's servers go in a moment. */
        RETURNED,
        /** Somebody else. */
        FOREIGN
    }

    /**
     * The Service kube-dns.
     *
     * @param clusterIp its first address; empty when it has none
     * @param selector of the servers before Weft; empty when Weft made the Service
     * @param distribution its trafficDistribution, if it has one
     * @param formerDistribution the one from before Weft took it over, if it had one
     * @param formerReady whether one of those servers is ready; known only while Weft holds the Service
     * @param ledBackSince of one that was returned: since when its EndpointSlices have named ready pods and none of Weft's
     */
    public record DnsService(
            Owner owner,
            Optional<Ip> clusterIp,
            Map<String, String> selector,
            Optional<String> distribution,
            Optional<String> formerDistribution,
            boolean formerReady,
            Optional<Instant> ledBackSince) {
        public DnsService {
            selector = Map.copyOf(selector);
        }

        public DnsService(
                Owner owner,
                Optional<Ip> clusterIp,
                Map<String, String> selector,
                Optional<String> distribution,
                Optional<String> formerDistribution) {
            this(owner, clusterIp, selector, distribution, formerDistribution, false, Optional.empty());
        }

        DnsService withFormerReady(boolean ready) {
            return new DnsService(owner, clusterIp, selector, distribution, formerDistribution, ready, ledBackSince);
        }

        DnsService withLedBackSince(Optional<Instant> since) {
            return new DnsService(owner, clusterIp, selector, distribution, formerDistribution, formerReady, since);
        }
    }

    /** What a Service kube-dns says of itself. */
    public static DnsService read(Service service) {
        Map<String, String> labels = Readers.orEmpty(service.getMetadata().getLabels());
        Optional<Ip> address = Optional.ofNullable(service.getSpec().getClusterIP())
                .filter(ip -> !ip.isEmpty() && !ip.equals("None"))
                .map(Ip::parse);
        Optional<String> distribution = Optional.ofNullable(service.getSpec().getTrafficDistribution());
        if (labels.containsKey(Names.DNS_TAKEN) && !Names.DNS_RETURNED.equals(labels.get(Names.DNS_TAKEN))) {
            Map<String, String> annotations =
                    Readers.orEmpty(service.getMetadata().getAnnotations());
            return new DnsService(
                    Owner.TAKEN,
                    address,
                    strings(annotations.getOrDefault(Names.DNS_SELECTOR, "{}")),
                    distribution,
                    Optional.ofNullable(annotations.get(Names.DNS_DISTRIBUTION)));
        }
        if (Names.FIELD_MANAGER.equals(labels.get(Names.MANAGED_BY))) {
            return new DnsService(Owner.WEFT, address, Map.of(), distribution, Optional.empty());
        }
        return new DnsService(
                labels.containsKey(Names.DNS_TAKEN) ? Owner.RETURNED : Owner.FOREIGN,
                address,
                Readers.orEmpty(service.getSpec().getSelector()),
                distribution,
                distribution);
    }

    private static Map<String, String> strings(String json) {
        Map<String, String> strings = new TreeMap<>();
        Map<?, ?> parsed = Serialization.unmarshal(json, Map.class);
        parsed.forEach((key, value) -> strings.put(String.valueOf(key), String.valueOf(value)));
        return strings;
    }
}
