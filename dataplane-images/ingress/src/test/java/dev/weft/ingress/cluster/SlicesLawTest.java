package dev.weft.ingress.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kube.EndpointSlice;
import dev.weft.kube.ObjectKey;
import dev.weft.testkit.Seeded;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a cluster says of a Service's EndpointSlices is what one that never was another one says. */
class SlicesLawTest {
    private static final List<ObjectKey> SERVICES = List.of(
            new ObjectKey("a", "s0"), new ObjectKey("a", "s1"), new ObjectKey("b", "s0"), new ObjectKey("b", "s1"));

    @Test
    void slices_are_found_by_their_service_after_any_changes() {
        Seeded.loop(300, random -> {
            Cluster cluster = Cluster.EMPTY;
            Map<ObjectKey, EndpointSlice> slices = new HashMap<>();
            for (int step = 0; step < 20; step++) {
                Map<ObjectKey, List<EndpointSlice>> before = found(cluster);
                Map<ObjectKey, EndpointSlice> known = Map.copyOf(slices);
                for (int i = random.nextInt(4); i >= 0; i--) {
                    change(slices, random);
                }
                cluster = cluster.with(Kinds.ENDPOINT_SLICES, Map.copyOf(slices));
                Map<ObjectKey, List<EndpointSlice>> fresh =
                        found(Cluster.EMPTY.with(Kinds.ENDPOINT_SLICES, Map.copyOf(slices)));
                Map<ObjectKey, List<EndpointSlice>> now = found(cluster);
                for (ObjectKey service : SERVICES) {
                    assertThat(now.get(service)).containsExactlyInAnyOrderElementsOf(fresh.get(service));
                    if (areSame(of(known, service), of(slices, service))) {
                        assertThat(now.get(service)).as("kept").isSameAs(before.get(service));
                    }
                }
            }
        });
    }

    private static Map<ObjectKey, List<EndpointSlice>> found(Cluster cluster) {
        Map<ObjectKey, List<EndpointSlice>> found = new HashMap<>();
        SERVICES.forEach(service -> found.put(service, cluster.endpointSlices(service)));
        return found;
    }

    private static Map<ObjectKey, EndpointSlice> of(Map<ObjectKey, EndpointSlice> slices, ObjectKey service) {
        Map<ObjectKey, EndpointSlice> of = new HashMap<>();
        slices.forEach((key, slice) -> {
            if (key.namespace().equals(service.namespace()) && slice.service().equals(service.name())) {
                of.put(key, slice);
            }
        });
        return of;
    }

    @SuppressWarnings("ReferenceEquality") // the store keeps the instance of what did not change
    private static boolean areSame(Map<ObjectKey, EndpointSlice> one, Map<ObjectKey, EndpointSlice> other) {
        return one.keySet().equals(other.keySet())
                && one.entrySet().stream().allMatch(entry -> other.get(entry.getKey()) == entry.getValue());
    }

    private static void change(Map<ObjectKey, EndpointSlice> slices, Random random) {
        ObjectKey key = new ObjectKey(random.nextBoolean() ? "a" : "b", "x" + random.nextInt(4));
        if (random.nextInt(3) == 0) {
            slices.remove(key);
            return;
        }
        String service = List.of("s0", "s1", "").get(random.nextInt(3));
        EndpointSlice slice = new EndpointSlice(
                service, List.of(new EndpointSlice.Port("p", 6, 1 + random.nextInt(3))), List.of(), 0);
        if (!slice.equals(slices.get(key))) {
            slices.put(key, slice);
        }
    }
}
