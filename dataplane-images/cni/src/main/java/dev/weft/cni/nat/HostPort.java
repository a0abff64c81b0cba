package dev.weft.cni.nat;

import dev.weft.cni.ipam.Lease;
import dev.weft.cni.protocol.PodName;
import dev.weft.cni.protocol.PortMapping;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * A port of the node that leads to a pod, in one family.
 *
 * @param mapping what listens where
 * @param pod the pod's address, in a family that the mapping listens in
 * @param name the pod, shown by nft
 */
public record HostPort(PortMapping mapping, Ip pod, PodName name) {

    /** Those of all leases, oldest lease first: where two pods claim a port, the later one has it. */
    public static List<HostPort> of(Collection<Lease> leases) {
        List<HostPort> all = new ArrayList<>();
        leases.stream()
                .filter(lease -> !lease.ports().isEmpty())
                .sorted(Comparator.comparing(Lease::createdAt).thenComparing(Lease::hostLink))
                .forEach(lease -> all.addAll(of(lease)));
        return List.copyOf(all);
    }

    /** Those of one lease. */
    public static List<HostPort> of(Lease lease) {
        List<HostPort> all = new ArrayList<>();
        for (PortMapping mapping : lease.ports()) {
            for (Ip ip : lease.ips()) {
                if (mapping.listensIn(ip.family())) {
                    all.add(new HostPort(mapping, ip, lease.pod()));
                }
            }
        }
        return List.copyOf(all);
    }
}
