package dev.weft.dns.forward;

import dev.weft.dns.wire.DnsName;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a pod's resolver would ask next. With {@code ndots:5} a pod asks for {@code name.namespace.svc.domain} before
 * anything else; answering what it means saves it three questions.
 *
 * @param namespaceOf the namespace of the pod with an address
 * @param more what follows the cluster's own in pods' search lists, from the nodes' resolv.conf
 */
public record SearchPath(DnsName domain, Function<Ip, Optional<String>> namespaceOf, List<DnsName> more) {
    public static final SearchPath NONE = new SearchPath(DnsName.ROOT, ip -> Optional.empty(), List.of());

    public SearchPath {
        more = List.copyOf(more);
    }

    /** Names to try in turn after {@code name}; none if that is not the first one that this client asks for. */
    List<DnsName> candidates(Ip client, DnsName name) {
        Optional<String> namespace = namespaceOf.apply(client);
        if (namespace.isEmpty()) {
            return List.of();
        }
        DnsName services = domain.child("svc");
        DnsName first = services.child(namespace.get());
        if (!name.isWithin(first) || name.equals(first)) {
            return List.of();
        }
        List<String> labels = name.labelList();
        List<String> asked = labels.subList(0, labels.size() - first.labels());
        List<DnsName> candidates = new ArrayList<>();
        List<DnsName> suffixes = new ArrayList<>(List.of(services, domain));
        suffixes.addAll(more);
        suffixes.add(DnsName.ROOT);
        suffixes.forEach(suffix -> join(asked, suffix).ifPresent(candidates::add));
        return candidates;
    }

    private static Optional<DnsName> join(List<String> labels, DnsName suffix) {
        try {
            DnsName name = suffix;
            for (String label : labels.reversed()) {
                name = name.child(label);
            }
            return Optional.of(name);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // too long with this suffix
        }
    }
}
