package dev.weft.serviceproxy;

import dev.weft.kube.Change;
import dev.weft.kube.EndpointSlice;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Service;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Services and EndpointSlices that come, change and go, from small pools, so that they get into each other's way. */
final class RandomCluster {
    static final Site SITE = new Site(
            "node-0",
            "zone-0",
            List.of(Ip.parse("192.0.2.7"), Ip.parse("2001:db8::7")),
            List.of(Cidr.parse("10.244.0.0/24"), Cidr.parse("fd00:244::/64")));
    static final ProxyConfig CONFIG = new ProxyConfig(
            List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/48")),
            List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd00:96::/112")),
            List.of());

    private static final int NAMES = 8;

    private final RandomGenerator random;
    private final Map<ObjectKey, Service> services = new TreeMap<>();
    private final Map<ObjectKey, EndpointSlice> slices = new TreeMap<>();

    RandomCluster(RandomGenerator random) {
        this.random = random;
    }

    /** One to four changes, told as watches tell them. */
    void step(Pending pending) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            if (random.nextInt(3) == 0) {
                service(pending);
            } else {
                slice(pending);
            }
        }
    }

    private void service(Pending pending) {
        int n = random.nextInt(NAMES);
        ObjectKey key = new ObjectKey("ns", "svc-" + n);
        Optional<Service> before = Optional.ofNullable(services.get(key));
        Optional<Service> after = random.nextInt(4) == 0 ? Optional.empty() : Optional.of(service(key, n));
        after.ifPresentOrElse(now -> services.put(key, now), () -> services.remove(key));
        pending.service(new Change<>(key, before, after));
    }

    private Service service(ObjectKey key, int n) {
        List<Ip> ips = new ArrayList<>();
        // Now and then the address of another one, as if that had gone and this had come.
        int address = 1 + (random.nextInt(6) == 0 ? random.nextInt(NAMES) : n);
        if (random.nextInt(10) > 0) {
            ips.add(Ip.parse("10.96.0." + address));
            if (random.nextBoolean()) {
                ips.add(Ip.parse("fd00:96::" + address));
            }
        }
        List<Service.Port> ports = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int protocol = List.of(6, 17, 132).get(random.nextInt(3));
            int port = 80 + random.nextInt(2);
            if (ports.stream().noneMatch(other -> other.protocol() == protocol && other.port() == port)) {
                ports.add(new Service.Port(
                        "p" + i, protocol, port, random.nextBoolean() ? 0 : 30_000 + random.nextInt(6)));
            }
        }
        return new Service(
                key,
                random.nextInt(20) == 0 ? "ExternalName" : "LoadBalancer",
                ips,
                ports,
                external(),
                random.nextInt(4) == 0,
                random.nextInt(3) == 0 ? List.of(10, 60).get(random.nextInt(2)) : 0);
    }

    private Service.External external() {
        return switch (random.nextInt(3)) {
            case 0 -> Service.External.NONE;
            default ->
                new Service.External(
                        some("203.0.113.", "2001:db8:1::", "10.96.0."),
                        some("198.51.100.", "2001:db8:2::", "203.0.113."),
                        random.nextInt(3) > 0
                                ? List.of()
                                : List.of(
                                        Cidr.parse("192.0.2.0/24"),
                                        Cidr.parse("192.0.2.0/28"),
                                        Cidr.parse("10.0.0.0/8")),
                        random.nextBoolean(),
                        0);
        };
    }

    private List<Ip> some(String... prefixes) {
        List<Ip> ips = new ArrayList<>();
        for (String prefix : prefixes) {
            if (random.nextInt(3) == 0) {
                ips.add(Ip.parse(prefix + (1 + random.nextInt(3))));
            }
        }
        return ips;
    }

    private void slice(Pending pending) {
        int n = random.nextInt(NAMES);
        boolean v6 = random.nextInt(3) == 0;
        ObjectKey key = new ObjectKey("ns", "svc-" + n + (v6 ? "-6" : "-" + random.nextInt(2)));
        Optional<EndpointSlice> before = Optional.ofNullable(slices.get(key));
        Optional<EndpointSlice> after = random.nextInt(4) == 0 ? Optional.empty() : Optional.of(slice("svc-" + n, v6));
        after.ifPresentOrElse(now -> slices.put(key, now), () -> slices.remove(key));
        pending.slice(new Change<>(key, before, after));
    }

    private EndpointSlice slice(String service, boolean v6) {
        List<EndpointSlice.Port> ports = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            for (int protocol : List.of(6, 17, 132)) {
                ports.add(new EndpointSlice.Port("p" + i, protocol, 8080 + i));
            }
        }
        List<EndpointSlice.Endpoint> endpoints = new ArrayList<>();
        boolean hints = random.nextInt(3) == 0;
        for (int i = random.nextInt(5); i > 0; i--) {
            int node = random.nextInt(3);
            boolean ready = random.nextInt(4) > 0;
            boolean terminating = !ready && random.nextBoolean();
            endpoints.add(new EndpointSlice.Endpoint(
                    Ip.parse((v6 ? "fd00:244:0:" + node + "::" : "10.244." + node + ".") + (2 + random.nextInt(4))),
                    "node-" + node,
                    ready,
                    ready || random.nextBoolean(),
                    terminating,
                    !hints || random.nextInt(6) == 0
                            ? EndpointSlice.Hints.NONE
                            : new EndpointSlice.Hints(Set.of("zone-" + random.nextInt(2)), Set.of())));
        }
        return new EndpointSlice(service, ports, endpoints, 0);
    }
}
