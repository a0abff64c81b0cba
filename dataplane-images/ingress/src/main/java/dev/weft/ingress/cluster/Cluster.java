package dev.weft.ingress.cluster;

import dev.weft.kube.EndpointSlice;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
                Map.copyOf(changed),
                kind.equals(Kinds.ENDPOINT_SLICES) ? byService(of, all(Kinds.ENDPOINT_SLICES), slices) : slices,
                addresses);
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

    /** Whether nothing of these kinds is other than in another cluster. */
    @SuppressWarnings("ReferenceEquality") // a kind that did not change is the same instance
    public boolean hasSame(Collection<Kind<?>> kinds, Cluster other) {
        for (Kind<?> kind : kinds) {
            if (all(kind) != other.all(kind)) {
                return false;
            }
        }
        return true;
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

    /** Whether DNS has told of a host, be it that there is none. */
    public boolean knowsAddresses(String host) {
        return addresses.containsKey(host);
    }

    /** Of a host by its name, as DNS told them; none while they are not known. */
    public List<Ip> addresses(String host) {
        return addresses.getOrDefault(host, List.of());
    }

    /** A change costs what it changes, and a pass over references of the rest. */
    @SuppressWarnings("ReferenceEquality") // what was made of an instance can be kept
    private static Map<ObjectKey, List<EndpointSlice>> byService(
            Map<ObjectKey, ?> now, Map<ObjectKey, EndpointSlice> before, Map<ObjectKey, List<EndpointSlice>> known) {
        Map<ObjectKey, List<EndpointSlice>> changed = new HashMap<>();
        int stayed = 0;
        for (Map.Entry<ObjectKey, ?> entry : now.entrySet()) {
            EndpointSlice old = before.get(entry.getKey());
            stayed += old == null ? 0 : 1;
            if (entry.getValue() != old && entry.getValue() instanceof EndpointSlice slice) {
                remove(changed, known, entry.getKey(), old);
                of(changed, known, entry.getKey(), slice).add(slice);
            }
        }
        if (stayed < before.size()) {
            before.forEach((key, old) -> {
                if (!now.containsKey(key)) {
                    remove(changed, known, key, old);
                }
            });
        }
        Map<ObjectKey, List<EndpointSlice>> all = new HashMap<>(known);
        changed.forEach((service, list) -> {
            if (list.isEmpty()) {
                all.remove(service);
            } else {
                all.put(service, List.copyOf(list));
            }
        });
        return all;
    }

    @SuppressWarnings("ReferenceEquality") // another one may be equal
    private static void remove(
            Map<ObjectKey, List<EndpointSlice>> changed,
            Map<ObjectKey, List<EndpointSlice>> known,
            ObjectKey key,
            @Nullable EndpointSlice slice) {
        if (slice != null) {
            of(changed, known, key, slice).removeIf(each -> each == slice);
        }
    }

    /** The list of a slice's Service, to be changed; one that counts for nothing if it belongs to none. */
    private static List<EndpointSlice> of(
            Map<ObjectKey, List<EndpointSlice>> changed,
            Map<ObjectKey, List<EndpointSlice>> known,
            ObjectKey key,
            EndpointSlice slice) {
        if (slice.service().isEmpty()) {
            return new ArrayList<>();
        }
        return changed.computeIfAbsent(
                new ObjectKey(key.namespace(), slice.service()),
                service -> new ArrayList<>(known.getOrDefault(service, List.of())));
    }
}
