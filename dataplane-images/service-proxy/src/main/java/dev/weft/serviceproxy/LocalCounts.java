package dev.weft.serviceproxy;

import dev.weft.kube.ObjectKey;
import dev.weft.kube.Service;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts over all Services, kept up change by change. One thread. */
final class LocalCounts {
    private final Map<ObjectKey, Count> counts = new HashMap<>();
    private Count total = Count.ZERO;

    /**
     * @param endpoints of all ports
     * @param internal ports of internalTrafficPolicy Local that have endpoints, but none on this node
     * @param external likewise of externalTrafficPolicy Local
     */
    private record Count(int endpoints, int internal, int external) {
        static final Count ZERO = new Count(0, 0, 0);

        Count plus(Count other, int sign) {
            return new Count(
                    endpoints + sign * other.endpoints,
                    internal + sign * other.internal,
                    external + sign * other.external);
        }
    }

    void put(ObjectKey key, Optional<ServiceInputs> now, Site site) {
        Count old = counts.remove(key);
        if (old != null) {
            total = total.plus(old, -1);
        }
        now.map(inputs -> count(inputs, site))
                .filter(count -> !count.equals(Count.ZERO))
                .ifPresent(count -> {
                    counts.put(key, count);
                    total = total.plus(count, 1);
                });
    }

    void clear() {
        counts.clear();
        total = Count.ZERO;
    }

    private static Count count(ServiceInputs inputs, Site site) {
        Service service = inputs.service();
        Count count = Count.ZERO;
        for (var ip : service.clusterIps()) {
            for (Service.Port port : service.ports()) {
                var endpoints = inputs.endpoints(port, ip.family());
                boolean missing = !endpoints.isEmpty()
                        && (service.internalLocal() || service.external().local())
                        && Choice.of(endpoints, site).local().isEmpty();
                count = count.plus(
                        new Count(
                                endpoints.size(),
                                missing && service.internalLocal() ? 1 : 0,
                                missing && service.external().local() ? 1 : 0),
                        1);
            }
        }
        return count;
    }

    int endpoints() {
        return total.endpoints();
    }

    int internal() {
        return total.internal();
    }

    int external() {
        return total.external();
    }
}
