package dev.weft.ingress.gateway;

import dev.weft.ingress.gateway.GatewayStatus.Address;
import dev.weft.ingress.gateway.api.Gateway;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a Gateway is reached, as its Service says. */
final class GatewayAddresses {
    private GatewayAddresses() {}

    /** The address that is asked for; none if it is left to be chosen, or is no address. */
    static Stream<Ip> ip(Gateway.Address address) {
        try {
            return address.value().isEmpty() ? Stream.empty() : Stream.of(Ip.parse(address.value()));
        } catch (IllegalArgumentException e) {
            return Stream.empty();
        }
    }

    /** All that it has; only those that were asked for, if some were. */
    static List<Address> of(Gateway gateway, Optional<GatewayService> service) {
        List<Address> all = new ArrayList<>();
        service.ifPresent(found -> {
            if (found.type().equals("LoadBalancer")) {
                found.reachedAt().forEach(text -> all.add(address(text)));
            }
            if (all.isEmpty()) {
                found.clusterIps().forEach(ip -> all.add(address(ip.toString())));
            }
        });
        List<String> wanted = wanted(gateway);
        return wanted.isEmpty()
                ? all
                : all.stream().filter(each -> wanted.contains(each.value())).toList();
    }

    /** One that was asked for and is not there. */
    static Optional<Problem> missing(Gateway gateway, List<Address> addresses) {
        return wanted(gateway).stream()
                .filter(text ->
                        addresses.stream().noneMatch(each -> each.value().equals(text)))
                .findFirst()
                .map(text -> new Problem(
                        "AddressNotUsable",
                        "address " + text + " cannot be had: a Gateway has one address of each family, of the cluster's"
                                + " Service addresses, or of its load balancer if serviceType is LoadBalancer"));
    }

    private static List<String> wanted(Gateway gateway) {
        return gateway.addresses().stream()
                .filter(address -> !address.value().isEmpty())
                .map(address -> ip(address).findFirst().map(Ip::toString).orElse(address.value()))
                .distinct()
                .toList();
    }

    private static Address address(String text) {
        try {
            return new Address("IPAddress", Ip.parse(text).toString());
        } catch (IllegalArgumentException e) {
            return new Address("Hostname", text);
        }
    }
}
