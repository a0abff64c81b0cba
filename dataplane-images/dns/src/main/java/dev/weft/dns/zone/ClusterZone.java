package dev.weft.dns.zone;

import dev.weft.dns.cluster.EndpointSlice;
import dev.weft.dns.cluster.PodAddresses;
import dev.weft.dns.cluster.Service;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.RecordType;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The cluster's names, kept up with its objects. One thread changes it; what it changes is visible to readers of
 * {@link #table} name by name, at once. A change of an object touches the names of its Service and no others.
 */
public final class ClusterZone {
    private static final String VERSION = "1.1.0";
    /** As CoreDNS. */
    private static final int VERSION_TTL = 28800;

    private final ZoneOptions options;
    private final InstantSource clock;
    private final NameTable table = new NameTable();
    private final Map<ObjectKey, Service> services = new HashMap<>();
    private final Map<ObjectKey, List<EndpointSlice>> slices = new HashMap<>();
    private final Map<ObjectKey, EndpointSlice> allSlices = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Map<ObjectKey, PodAddresses> pods = new HashMap<>();
    /** Why a namespace's names exist: the Namespace itself, and each Service. */
    private final Map<String, Integer> namespaces = new HashMap<>();

    private final Map<DnsName, Integer> podNames = new HashMap<>();
    private volatile Soa soa;
    private volatile boolean complete;
    private long serial;

    public ClusterZone(ZoneOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
        this.serial = clock.instant().getEpochSecond();
        this.soa = new Soa(options.domain(), options.ttl(), serial);
        DnsName domain = options.domain();
        put(options.services(), List.of());
        put(options.pods(), List.of());
        put(domain.child("dns"), List.of());
        DnsName version = domain.child("dns-version");
        put(version, List.of(RecordSet.of(RecordType.TXT, List.of(ResourceRecord.txt(version, VERSION_TTL, VERSION)))));
        nameServer();
    }

    public ZoneOptions options() {
        return options;
    }

    public NameTable table() {
        return table;
    }

    public Soa soa() {
        return soa;
    }

    /** Whether it ever held all of the cluster's objects: before that, nothing can be said not to exist. */
    public boolean isComplete() {
        return complete;
    }

    public void complete() {
        complete = true;
    }

    /** @param now empty if it was deleted */
    public void service(ObjectKey key, Optional<Service> now) {
        Optional<Service> before = Optional.ofNullable(services.get(key));
        change(key, () -> now.ifPresentOrElse(service -> services.put(key, service), () -> services.remove(key)));
        if (before.isEmpty() && now.isPresent()) {
            namespace(key.namespace(), 1);
        } else if (before.isPresent() && now.isEmpty()) {
            namespace(key.namespace(), -1);
        }
        if (key.equals(options.dnsService())) {
            nameServer();
        }
    }

    /** @param now empty if it was deleted */
    public void slice(ObjectKey key, Optional<EndpointSlice> now) {
        EndpointSlice before = now.isPresent() ? allSlices.put(key, now.get()) : allSlices.remove(key);
        if (before != null && !now.map(EndpointSlice::service).equals(Optional.of(before.service()))) {
            List<EndpointSlice> rest = without(before.service(), key);
            change(before.service(), () -> keep(before.service(), rest));
        }
        now.ifPresent(slice -> {
            List<EndpointSlice> all = new ArrayList<>(without(slice.service(), key));
            all.add(slice);
            change(slice.service(), () -> keep(slice.service(), List.copyOf(all)));
        });
    }

    private List<EndpointSlice> without(ObjectKey service, ObjectKey slice) {
        return slices.getOrDefault(service, List.of()).stream()
                .filter(other -> !other.key().equals(slice))
                .toList();
    }

    private void keep(ObjectKey service, List<EndpointSlice> now) {
        if (now.isEmpty()) {
            slices.remove(service);
        } else {
            slices.put(service, now);
        }
    }

    /** A Namespace was created or deleted. */
    public void namespace(String name, boolean exists) {
        if (exists ? known.add(name) : known.remove(name)) {
            namespace(name, exists ? 1 : -1);
        }
    }

    /** Acts only in mode {@link PodsMode#VERIFIED}. */
    public void pod(ObjectKey key, Optional<PodAddresses> now) {
        if (options.podsMode() != PodsMode.VERIFIED) {
            return;
        }
        PodAddresses before = now.isPresent() ? pods.put(key, now.get()) : pods.remove(key);
        now.ifPresent(pod -> pod.ips().forEach(ip -> podName(key.namespace(), ip, 1)));
        if (before != null) {
            before.ips().forEach(ip -> podName(key.namespace(), ip, -1));
        }
        touch();
    }

    /** Whether there is a Service of this name without addresses of its own. */
    public boolean isHeadless(ObjectKey service) {
        Service known = services.get(service);
        return known != null && known.headless();
    }

    /** Objects held, for comparing with what the API server told. */
    public int objects() {
        return services.size() + allSlices.size() + known.size() + pods.size();
    }

    private void podName(String namespace, Ip ip, int difference) {
        DnsName name = options.pods().child(namespace).child(Addresses.dashed(ip));
        int count = podNames.merge(name, difference, Integer::sum);
        if (count <= 0) {
            podNames.remove(name);
            table.remove(name);
        } else if (difference > 0 && count == 1) {
            ResourceRecord address = ResourceRecord.address(name, options.ttl(), ip);
            put(name, List.of(RecordSet.of(address.type(), List.of(address))));
        }
    }

    private void namespace(String name, int difference) {
        int count = namespaces.merge(name, difference, Integer::sum);
        boolean withPods = options.podsMode() != PodsMode.DISABLED;
        if (count <= 0) {
            namespaces.remove(name);
            table.remove(options.services().child(name));
            table.remove(options.pods().child(name));
        } else if (count == 1 && difference > 0) {
            put(options.services().child(name), List.of());
            if (withPods) {
                put(options.pods().child(name), List.of());
            }
        }
        touch();
    }

    private void change(ObjectKey service, Runnable change) {
        ServiceNames before = names(service);
        change.run();
        ServiceNames now = names(service);
        // What is new first: a name that moves from one answer to another is never gone in between.
        now.names().forEach((name, sets) -> {
            if (!sets.equals(before.names().get(name))) {
                put(name, sets);
            }
        });
        before.names().keySet().forEach(name -> {
            if (!now.names().containsKey(name)) {
                table.remove(name);
            }
        });
        now.reverse().forEach((ip, name) -> {
            Optional<DnsName> old = Optional.ofNullable(before.reverse().get(ip));
            if (!old.equals(Optional.of(name))) {
                pointer(ip, old, Optional.of(name));
            }
        });
        before.reverse().forEach((ip, name) -> {
            if (!now.reverse().containsKey(ip)) {
                pointer(ip, Optional.of(name), Optional.empty());
            }
        });
        touch();
    }

    private ServiceNames names(ObjectKey key) {
        Service service = services.get(key);
        return service == null
                ? ServiceNames.NONE
                : ServiceNames.of(options, service, slices.getOrDefault(key, List.of()));
    }

    /** Several Services may have an endpoint at one address: all their names are told. */
    private void pointer(Ip ip, Optional<DnsName> before, Optional<DnsName> now) {
        DnsName reverse = Addresses.reverse(ip);
        byte[] entry = table.find(reverse);
        TreeSet<DnsName> targets = new TreeSet<>(entry == null ? List.of() : NameEntry.names(entry, RecordType.PTR));
        before.ifPresent(targets::remove);
        now.ifPresent(targets::add);
        if (targets.isEmpty()) {
            table.remove(reverse);
        } else {
            List<ResourceRecord> records = targets.stream()
                    .map(target -> ResourceRecord.name(reverse, RecordType.PTR, options.ttl(), target))
                    .toList();
            put(reverse, List.of(RecordSet.of(RecordType.PTR, records)));
        }
    }

    /** NS of the zone and the addresses of {@code ns.dns.<domain>}, which the SOA record names. */
    private void nameServer() {
        DnsName domain = options.domain();
        DnsName inSoa = domain.child("dns").child("ns");
        Service service = services.get(options.dnsService());
        List<Ip> ips = service == null ? List.of() : service.clusterIps();
        DnsName server = ips.isEmpty() ? inSoa : options.service(options.dnsService());
        put(
                domain,
                List.of(new RecordSet(
                        RecordType.NS,
                        List.of(ResourceRecord.name(domain, RecordType.NS, options.ttl(), server)),
                        ips.stream()
                                .map(ip -> ResourceRecord.address(server, options.ttl(), ip))
                                .toList())));
        Map<Integer, List<ResourceRecord>> addresses = new HashMap<>();
        for (Ip ip : ips) {
            addresses
                    .computeIfAbsent(ResourceRecord.addressType(ip), type -> new ArrayList<>(1))
                    .add(ResourceRecord.address(inSoa, options.ttl(), ip));
        }
        put(
                inSoa,
                addresses.entrySet().stream()
                        .map(e -> RecordSet.of(e.getKey(), e.getValue()))
                        .toList());
    }

    private void put(DnsName name, List<RecordSet> sets) {
        table.put(NameEntry.of(name, sets));
    }

    private void touch() {
        long now = clock.instant().getEpochSecond();
        if (now != serial) {
            serial = now;
            soa = new Soa(options.domain(), options.ttl(), now);
        }
    }
}
