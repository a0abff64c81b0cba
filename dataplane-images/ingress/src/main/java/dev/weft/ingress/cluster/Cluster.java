package dev.weft.ingress.cluster;

import dev.weft.kube.EndpointSlice;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All objects at one moment; never changes. An object that is as it was is the same instance in the next one, and so is the
 * list of a Service's EndpointSlices: what was made of them can be kept.
 */
public final class Cluster {
    public static final Cluster EMPTY = new Cluster(Map.of(), Map.of(), Map.of());

    private final Map<Kind<?>, Map<ObjectKey, ?>> objects;
    private final Map<ObjectKey, List<EndpointSlice>> slices;
    private final Map<String, List<Ip>> addresses;

    private Cluster(
            Map<Kind<?>, Map<ObjectKey, ?>> objects,
            Map<ObjectKey, List<EndpointSlice>> slices,
            Map<String, List<Ip>> addresses) {
        this.objects = objects;
        this.slices = slices;
        this.addresses = addresses;
    }

    /** This one with other objects of a kind. */
    @SuppressWarnings("ReferenceEquality") // a kind that did not change is handed in again: the usual case, and cheap
    public <T> Cluster with(Kind<T> kind, Map<ObjectKey, T> of) {
        if (objects.get(kind) == of) {
            return this;
        }
        Map<Kind<?>, Map<ObjectKey, ?>> changed = new HashMap<>(objects);
        changed.put(kind, Map.copyOf(of));
        return new Cluster(
                Map.copyOf(changed), kind.equals(Kinds.ENDPOINT_SLICES) ? byService(of, slices) : slices, addresses);
    }

    /** This one with other addresses of hosts. */
    public Cluster withAddresses(Map<String, List<Ip>> of) {
        return new Cluster(objects, slices, Map.copyOf(of));
    }

    /** All objects of a kind; none of one that is not watched. */
    @SuppressWarnings("unchecked") // with() puts under a kind what is of its type.
    public <T> Map<ObjectKey, T> all(Kind<T> kind) {
        return (Map<ObjectKey, T>) objects.getOrDefault(kind, Map.of());
    }

    public <T> Optional<T> get(Kind<T> kind, ObjectKey key) {
        return Optional.ofNullable(all(kind).get(key));
    }

    public Optional<Service> service(ObjectKey key) {
        return get(Kinds.SERVICES, key);
    }

    /** Empty also for one that may not be read or was not referred to before. */
    public Optional<Secret> secret(ObjectKey key) {
        return get(Kinds.SECRETS, key);
    }

    /** Likewise. */
    public Optional<ConfigMap> configMap(ObjectKey key) {
        return get(Kinds.CONFIG_MAPS, key);
    }

    /** Of a Service, in no order. */
    public List<EndpointSlice> endpointSlices(ObjectKey service) {
        return slices.getOrDefault(service, List.of());
    }

    /** Of a host by its name, as DNS told them; none while they are not known. */
    public List<Ip> addresses(String host) {
        return addresses.getOrDefault(host, List.of());
    }

    private static Map<ObjectKey, List<EndpointSlice>> byService(
            Map<ObjectKey, ?> slices, Map<ObjectKey, List<EndpointSlice>> before) {
        Map<ObjectKey, List<EndpointSlice>> now = new HashMap<>(before.size());
        slices.forEach((key, value) -> {
            if (value instanceof EndpointSlice slice && !slice.service().isEmpty()) {
                now.merge(new ObjectKey(key.namespace(), slice.service()), List.of(slice), Cluster::joined);
            }
        });
        now.replaceAll((service, list) -> {
            List<EndpointSlice> known = before.getOrDefault(service, List.of());
            return isSame(known, list) ? known : list;
        });
        return now;
    }

    private static List<EndpointSlice> joined(List<EndpointSlice> one, List<EndpointSlice> other) {
        List<EndpointSlice> all = new ArrayList<>(one);
        all.addAll(other);
        return List.copyOf(all);
    }

    @SuppressWarnings("ReferenceEquality") // what was made of an instance can be kept
    private static boolean isSame(List<EndpointSlice> one, List<EndpointSlice> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (EndpointSlice slice : one) {
            if (other.stream().noneMatch(that -> that == slice)) {
                return false;
            }
        }
        return true;
    }
}
