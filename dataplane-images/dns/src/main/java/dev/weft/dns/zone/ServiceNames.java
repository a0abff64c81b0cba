package dev.weft.dns.zone;

import dev.weft.dns.cluster.EndpointSlice;
import dev.weft.dns.cluster.Service;
import dev.weft.dns.cluster.Service.Port;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.RecordType;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names of one Service, pure. Kubernetes DNS specification 1.1.0, and where that is silent as CoreDNS: SRV records at
 * the Service's own name for all ports, endpoint names for Services with a cluster IP too, weights that share 100.
 *
 * @param names at and below the Service's name, nobody else's
 * @param reverse what PTR records say of addresses; several Services may speak of one
 */
record ServiceNames(Map<DnsName, List<RecordSet>> names, Map<Ip, DnsName> reverse) {
    static final ServiceNames NONE = new ServiceNames(Map.of(), Map.of());

    /** One address at one port, under a name. */
    private record Item(DnsName name, Ip ip, Port port) {}

    static ServiceNames of(ZoneOptions options, Service service, Collection<EndpointSlice> slices) {
        DnsName base;
        try {
            base = options.service(service.key());
        } catch (IllegalArgumentException e) {
            return NONE; // a namespace and a Service whose names are too long together
        }
        return new Builder(options, service, base).build(slices);
    }

    private static final class Builder {
        private final ZoneOptions options;
        private final Service service;
        private final DnsName base;
        private final Map<DnsName, List<RecordSet>> names = new LinkedHashMap<>();
        private final Map<Ip, DnsName> reverse = new LinkedHashMap<>();

        Builder(ZoneOptions options, Service service, DnsName base) {
            this.options = options;
            this.service = service;
            this.base = base;
        }

        ServiceNames build(Collection<EndpointSlice> slices) {
            if (!service.externalName().isEmpty()) {
                external();
                return new ServiceNames(names, reverse);
            }
            List<Item> endpoints = endpoints(slices);
            List<Item> items = service.headless() ? endpoints : clusterIps();
            if (!items.isEmpty()) {
                names.put(base, sets(base, items));
                ports(items);
            }
            Map<DnsName, List<Item>> byEndpoint = new LinkedHashMap<>();
            endpoints.forEach(item -> byEndpoint
                    .computeIfAbsent(item.name(), name -> new ArrayList<>(2))
                    .add(item));
            byEndpoint.forEach((name, own) -> names.put(name, sets(name, own)));
            endpoints.forEach(item -> reverse.putIfAbsent(item.ip(), item.name()));
            service.clusterIps().forEach(ip -> reverse.put(ip, base));
            return new ServiceNames(names, reverse);
        }

        private void external() {
            target().ifPresent(target -> names.put(
                    base,
                    List.of(RecordSet.of(
                            RecordType.CNAME,
                            List.of(ResourceRecord.name(base, RecordType.CNAME, options.ttl(), target))))));
        }

        /** An address or a name that is none makes no record, and without records there is no name. */
        private Optional<DnsName> target() {
            try {
                DnsName target = DnsName.parse(service.externalName());
                return service.externalName().matches("[0-9.]+|.*:.*") ? Optional.empty() : Optional.of(target);
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        private List<Item> clusterIps() {
            List<Item> items = new ArrayList<>();
            for (Port port : service.ports()) {
                for (Ip ip : service.clusterIps()) {
                    items.add(new Item(base, ip, port));
                }
            }
            return items;
        }

        private List<Item> endpoints(Collection<EndpointSlice> slices) {
            List<Item> items = new ArrayList<>();
            for (EndpointSlice slice : slices) {
                for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
                    if (endpoint.ready() || service.notReadyToo()) {
                        for (Ip ip : endpoint.addresses()) {
                            endpointName(endpoint, ip)
                                    .ifPresent(
                                            name -> slice.ports().forEach(port -> items.add(new Item(name, ip, port))));
                        }
                    }
                }
            }
            return items;
        }

        private Optional<DnsName> endpointName(EndpointSlice.Endpoint endpoint, Ip ip) {
            return child(base, endpoint.hostname().isEmpty() ? Addresses.label(ip) : endpoint.hostname());
        }

        /** Nobody can ask for a name that is too long. */
        private static Optional<DnsName> child(DnsName parent, String label) {
            try {
                return Optional.of(parent.child(label));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        /** {@code _port._protocol} below the Service's name; the protocol alone is an empty non-terminal. */
        private void ports(List<Item> items) {
            Map<DnsName, List<Item>> byPort = new LinkedHashMap<>();
            for (Item item : items) {
                Port port = item.port();
                if (!port.name().isEmpty() && !port.protocol().isEmpty()) {
                    child(base, "_" + port.protocol())
                            .ifPresent(protocol -> child(protocol, "_" + port.name())
                                    .ifPresent(name -> {
                                        byPort.computeIfAbsent(name, n -> new ArrayList<>())
                                                .add(item);
                                        names.put(protocol, List.of());
                                    }));
                }
            }
            byPort.forEach((name, own) -> names.put(name, sets(name, own)));
        }

        private List<RecordSet> sets(DnsName name, List<Item> items) {
            List<RecordSet> sets = new ArrayList<>(3);
            addresses(name, items, Family.IPV4).ifPresent(sets::add);
            addresses(name, items, Family.IPV6).ifPresent(sets::add);
            services(name, items).ifPresent(sets::add);
            return sets;
        }

        private Optional<RecordSet> addresses(DnsName name, List<Item> items, Family family) {
            Set<Ip> ips = new LinkedHashSet<>();
            items.forEach(item -> ips.add(item.ip()));
            ips.removeIf(ip -> ip.family() != family);
            List<ResourceRecord> records = ips.stream()
                    .map(ip -> ResourceRecord.address(name, options.ttl(), ip))
                    .toList();
            return records.isEmpty()
                    ? Optional.empty()
                    : Optional.of(RecordSet.of(records.getFirst().type(), records));
        }

        private Optional<RecordSet> services(DnsName name, List<Item> items) {
            int weight = Math.max(1, 100 / items.size());
            Set<ResourceRecord> records = new LinkedHashSet<>();
            Set<ResourceRecord> glue = new LinkedHashSet<>();
            for (Item item : items) {
                if (item.port().number() >= 0) {
                    records.add(ResourceRecord.srv(
                            name, options.ttl(), weight, item.port().number(), item.name()));
                    glue.add(ResourceRecord.address(item.name(), options.ttl(), item.ip()));
                }
            }
            return records.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new RecordSet(RecordType.SRV, List.copyOf(records), List.copyOf(glue)));
        }
    }
}
