package dev.weft.serviceproxy;

import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.nftables.DataType;
import dev.weft.nftables.Element;
import dev.weft.nftables.NftSet;
import dev.weft.nftables.SetType;
import java.time.Duration;
import java.util.List;

/** The sets and maps of one family's table. Whatever there are many of is data: verdicts make the kernel look at all. */
final class Sets {
    /** Clients remembered at once; one more is not remembered. */
    private static final int AFFINITY_SIZE = 1 << 18;

    private static final DataType PROTO = DataType.INET_PROTO;
    private static final DataType PORT = DataType.INET_SERVICE;
    private static final SetType ACTION = SetType.of(DataType.CLASSID);

    final NftSet services;
    final NftSet inside;
    final NftSet outside;
    final NftSet endpoints;
    final NftSet affinityIds;
    final NftSet affinity;
    final NftSet clusterIps;
    final NftSet hairpin;
    final NftSet sourceRanged;
    final NftSet allowedSources;
    final NftSet actions;
    final NftSet balance;
    final NftSet refusals;
    final NftSet pods;
    final NftSet serviceCidrs;
    final NftSet nodePortAddresses;

    Sets(Family family) {
        DataType address = family == Family.IPV4 ? DataType.IPV4_ADDR : DataType.IPV6_ADDR;
        SetType frontend = SetType.of(address, PROTO, PORT);
        SetType backend = SetType.of(address, PORT);
        services = NftSet.map("services", frontend, ACTION).comment("what is done at an address and port");
        inside = NftSet.map("inside", frontend, ACTION).comment("policy Local: from pods and this node");
        outside = NftSet.map("outside", frontend, ACTION).comment("policy Local: from elsewhere");
        endpoints = NftSet.map("endpoints", SetType.of(address, PROTO, PORT, DataType.SLOT), backend);
        affinityIds = NftSet.map("affinity-ids", frontend, ACTION).comment("whose clients stay with an endpoint");
        affinity = NftSet.map("affinity", SetType.of(address, DataType.CLASSID), backend)
                .dynamic(AFFINITY_SIZE, Duration.ofHours(3));
        clusterIps = NftSet.set("cluster-ips", address);
        hairpin = NftSet.set("hairpin", address, address).comment("endpoints on this node");
        sourceRanged = NftSet.set("source-ranged", address, PROTO, PORT);
        allowedSources =
                NftSet.set("allowed-sources", address, address, PROTO, PORT).interval();
        actions = NftSet.verdictMap("actions", DataType.CLASSID);
        balance = NftSet.verdictMap("balance", DataType.CLASSID);
        refusals = NftSet.verdictMap("refusals", DataType.CLASSID);
        pods = NftSet.set("pods", address).interval();
        serviceCidrs = NftSet.set("service-cidrs", address).interval();
        nodePortAddresses = NftSet.set("nodeport-addresses", address).interval();
    }

    /** The numbers of Service ports whose clients stay so long. */
    static NftSet remembered(int seconds) {
        return NftSet.set("affinity-" + seconds, DataType.CLASSID);
    }

    /** Those that Services fill. */
    List<NftSet> filled() {
        return List.of(
                services, inside, outside, endpoints, affinityIds, clusterIps, hairpin, sourceRanged, allowedSources);
    }

    /** Prefixes as elements, those left out that another contains: intervals must not overlap. */
    static List<Element> prefixes(List<Cidr> cidrs) {
        return cidrs.stream()
                .distinct()
                .filter(cidr -> cidrs.stream().noneMatch(other -> !other.equals(cidr) && other.contains(cidr)))
                .map(Element::of)
                .toList();
    }
}
