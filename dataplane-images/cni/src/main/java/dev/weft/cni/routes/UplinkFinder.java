package dev.weft.cni.routes;

import dev.weft.linux.route.Address;
import dev.weft.linux.route.Link;
import dev.weft.linux.route.Rtnetlink;
import dev.weft.linux.route.Scope;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the interface by which other nodes reach this one. */
final class UplinkFinder {
    private UplinkFinder() {}

    /** The interface that holds the address, if one does. */
    static Optional<Uplink> find(Rtnetlink rtnetlink, Sysctls sysctls, Ip internalIp) {
        List<Address> all = rtnetlink.addresses();
        Optional<Link> link = all.stream()
                .filter(address -> address.ip().equals(internalIp))
                .map(Address::link)
                .findFirst()
                .flatMap(rtnetlink::link);
        if (link.isEmpty()) {
            return Optional.empty();
        }
        String name = link.get().name();
        String strictAll = "net/ipv4/conf/all/rp_filter";
        String strict = "net/ipv4/conf/" + name + "/rp_filter";
        String advertisements = "net/ipv6/conf/" + name + "/accept_ra";
        String forwarding = "net/ipv6/conf/" + name + "/forwarding";
        Map<String, String> values = sysctls.read(List.of(strictAll, strict, advertisements, forwarding));
        // The kernel takes the larger of the two (ip-sysctl.rst): 0 off, 1 strict, 2 loose.
        List<String> filters = List.of(values.getOrDefault(strictAll, "0"), values.getOrDefault(strict, "0"));
        boolean asHost = "1".equals(values.get(advertisements))
                && ("0".equals(values.get(forwarding)) || sysctls.isChanged(advertisements));
        return Optional.of(new Uplink(
                name,
                link.get().mtu(),
                all.stream()
                        .filter(address -> address.link() == link.get().index() && isGlobal(address))
                        .map(address -> new InterfaceAddress(address.ip(), address.prefixLength()))
                        .toList(),
                filters.contains("1") && !filters.contains("2"),
                asHost));
    }

    /** Whether other nodes may know the address: not link-local, not the host's own. */
    static boolean isGlobal(Address address) {
        return address.scope() != Scope.LINK && address.scope() != Scope.HOST;
    }
}
