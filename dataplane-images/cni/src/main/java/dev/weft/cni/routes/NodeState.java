package dev.weft.cni.routes;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Objects of the kernel that are ours, wanted or found. Of what is found, only ours is in it: routes with our protocol
 * number and what stands on the device {@link VxlanDevice#NAME}.
 *
 * @param vxlan the tunnel device, if any
 * @param addresses addresses on it
 * @param fdb its forwarding entries
 * @param neighbours permanent neighbours on it
 * @param routes routes with our protocol number
 * @param sysctls value by path below {@code /proc/sys}, for example {@code net/ipv4/ip_forward}
 */
public record NodeState(
        Optional<VxlanDevice> vxlan,
        Set<InterfaceAddress> addresses,
        Set<FdbEntry> fdb,
        Set<Neighbour> neighbours,
        Set<Route> routes,
        Map<String, String> sysctls) {

    public static final NodeState EMPTY =
            new NodeState(Optional.empty(), Set.of(), Set.of(), Set.of(), Set.of(), Map.of());

    public NodeState {
        addresses = ordered(addresses);
        fdb = ordered(fdb);
        neighbours = ordered(neighbours);
        routes = ordered(routes);
        sysctls = Collections.unmodifiableMap(new LinkedHashMap<>(sysctls));
    }

    /** One line an object, in the order in which they are made. */
    public String text() {
        return Stream.of(
                        sysctls.entrySet().stream().map(s -> "sysctl " + s.getKey() + " = " + s.getValue()),
                        vxlan.stream(),
                        addresses.stream().map(a -> "address " + a + " dev " + VxlanDevice.NAME),
                        fdb.stream(),
                        neighbours.stream(),
                        routes.stream())
                .flatMap(s -> s)
                .map(Object::toString)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static <T> Set<T> ordered(Collection<T> items) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(items));
    }
}
