package dev.weft.ingress.control;

import dev.weft.ingress.gateway.GatewayService;
import dev.weft.ingress.gateway.ServicePlan;
import dev.weft.kube.ObjectKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which port the proxies listen on for each port of each Gateway. Gateways have ports in common, such as 80, and hosts too;
 * so that the proxies know which one a connection is for, each has ports of its own behind its Service. What was given stays:
 * it stands in the Service, where every proxy finds it.
 */
final class PortAllocation {
    static final int FIRST = 10_000;
    static final int LAST = 19_999;

    private PortAllocation() {}

    /**
     * @param services that are there, also those whose Gateways are gone: their ports are not given anew before they are
     * @param reserved never given
     * @return by Service and port; without those for which none is left
     */
    static Map<ObjectKey, Map<ServicePlan.Port, Integer>> of(
            Collection<ServicePlan> plans, Map<ObjectKey, GatewayService> services, Set<Integer> reserved) {
        Set<Integer> taken = new HashSet<>(reserved);
        Map<ObjectKey, ServicePlan> sorted = new TreeMap<>();
        plans.forEach(plan -> sorted.put(plan.key(), plan));
        Map<ObjectKey, Map<ServicePlan.Port, Integer>> given = new HashMap<>();
        for (ServicePlan plan : sorted.values()) {
            Map<ServicePlan.Port, Integer> ports = given.computeIfAbsent(plan.key(), key -> new TreeMap<>());
            GatewayService service = services.get(plan.key());
            for (ServicePlan.Port port : plan.ports()) {
                Optional.ofNullable(service)
                        .flatMap(found -> found.target(port.protocol(), port.port()))
                        .filter(target -> target >= FIRST && target <= LAST && taken.add(target))
                        .ifPresent(target -> ports.put(port, target));
            }
        }
        services.values().forEach(service -> service.ports().forEach(port -> taken.add(port.target())));
        for (ServicePlan plan : sorted.values()) {
            Map<ServicePlan.Port, Integer> ports = given.computeIfAbsent(plan.key(), key -> new TreeMap<>());
            for (ServicePlan.Port port : plan.ports()) {
                if (!ports.containsKey(port)) {
                    free(plan.key(), port, taken).ifPresent(target -> ports.put(port, target));
                }
            }
        }
        return given;
    }

    /** Begins at a place of its own for each, so that a Gateway that is made again mostly has its ports again. */
    private static Optional<Integer> free(ObjectKey key, ServicePlan.Port port, Set<Integer> taken) {
        int count = LAST - FIRST + 1;
        int start = Math.floorMod(31 * key.hashCode() + port.hashCode(), count);
        for (int i = 0; i < count; i++) {
            int target = FIRST + (start + i) % count;
            if (taken.add(target)) {
                return Optional.of(target);
            }
        }
        return Optional.empty();
    }
}
