package dev.weft.cni.routes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The operations that lead from one state to another, in an order in which no packet meets half of the way: what a
 * route needs stands before the route, and goes after it.
 */
public final class StateDiff {
    private StateDiff() {}

    /**
     * Operations after which {@code actual} is {@code desired}. Sysctls that {@code desired} does not name stay as they
     * are.
     */
    public static List<NetOp> between(NodeState actual, NodeState desired) {
        List<NetOp> ops = new ArrayList<>();
        desired.sysctls().forEach((path, value) -> {
            if (!isOfTunnel(path)) {
                putSysctl(actual, path, value, ops);
            }
        });
        boolean replaced = isReplaced(actual, desired);
        NodeState left = replaced ? withoutTunnel(actual) : actual;
        if (replaced) {
            actual.vxlan().map(NetOp.DeleteVxlan::new).ifPresent(ops::add);
        }
        desired.vxlan()
                .ifPresent(wanted -> left.vxlan()
                        .ifPresentOrElse(
                                found -> {
                                    if (!found.equals(wanted)) {
                                        ops.add(new NetOp.ChangeVxlan(found, wanted));
                                    }
                                },
                                () -> ops.add(new NetOp.CreateVxlan(wanted))));
        desired.sysctls().forEach((path, value) -> {
            if (isOfTunnel(path)) {
                putSysctl(left, path, value, ops);
            }
        });
        missing(left.addresses(), desired.addresses()).forEach(a -> ops.add(new NetOp.PutAddress(a)));
        Set<FdbEntry> oldFdb = put(left.fdb(), desired.fdb(), FdbEntry::mac, NetOp.PutFdb::new, ops);
        Set<Neighbour> oldNeighbours =
                put(left.neighbours(), desired.neighbours(), Neighbour::address, NetOp.PutNeighbour::new, ops);
        Set<Route> oldRoutes = put(left.routes(), desired.routes(), Route::key, NetOp.PutRoute::new, ops);

        oldRoutes.forEach(route -> ops.add(new NetOp.DeleteRoute(route)));
        oldNeighbours.forEach(neighbour -> ops.add(new NetOp.DeleteNeighbour(neighbour)));
        oldFdb.forEach(entry -> ops.add(new NetOp.DeleteFdb(entry)));
        missing(desired.addresses(), left.addresses()).forEach(a -> ops.add(new NetOp.DeleteAddress(a)));
        if (desired.vxlan().isEmpty()) {
            left.vxlan().map(NetOp.DeleteVxlan::new).ifPresent(ops::add);
        }
        return List.copyOf(ops);
    }

    /**
     * What somebody else changed since {@code applied} was reached, each with what was wrong. Objects that have to
     * change for {@code desired} anyway are no repairs: the node as it was is compared, not as it shall be.
     */
    public static List<String> repairs(NodeState actual, NodeState applied, NodeState desired) {
        Set<NetOp> needed = Set.copyOf(between(actual, desired));
        return between(actual, applied).stream()
                .filter(needed::contains)
                .map(NetOp::repairs)
                .toList();
    }

    private static boolean isReplaced(NodeState actual, NodeState desired) {
        return actual.vxlan().isPresent()
                && desired.vxlan().isPresent()
                && !actual.vxlan().get().canBecome(desired.vxlan().get());
    }

    /** What the kernel keeps when the device goes: all that stands on it goes with it. */
    private static NodeState withoutTunnel(NodeState state) {
        Set<Route> routes = new LinkedHashSet<>(state.routes());
        routes.removeIf(r -> r.device().filter(VxlanDevice.NAME::equals).isPresent());
        Map<String, String> sysctls = new HashMap<>(state.sysctls());
        sysctls.keySet().removeIf(StateDiff::isOfTunnel);
        return new NodeState(Optional.empty(), Set.of(), Set.of(), Set.of(), routes, sysctls);
    }

    private static boolean isOfTunnel(String sysctl) {
        return sysctl.contains("/" + VxlanDevice.NAME + "/");
    }

    private static void putSysctl(NodeState actual, String path, String value, List<NetOp> ops) {
        Optional<String> found = Optional.ofNullable(actual.sysctls().get(path));
        if (found.filter(value::equals).isEmpty()) {
            ops.add(new NetOp.PutSysctl(path, value, found));
        }
    }

    private static <T> List<T> missing(Set<T> there, Set<T> wanted) {
        return wanted.stream().filter(item -> !there.contains(item)).toList();
    }

    /** Adds the operations that put what is wanted; returns what they leave over. */
    private static <T, K> Set<T> put(
            Set<T> there, Set<T> wanted, Function<T, K> key, BiFunction<T, Optional<T>, NetOp> op, List<NetOp> ops) {
        Map<K, T> stale = new HashMap<>();
        Set<T> left = new LinkedHashSet<>();
        for (T item : there) {
            if (!wanted.contains(item)) {
                left.add(item);
                stale.put(key.apply(item), item);
            }
        }
        for (T item : wanted) {
            if (!there.contains(item)) {
                Optional<T> previous = Optional.ofNullable(stale.get(key.apply(item)));
                ops.add(op.apply(item, previous));
                previous.ifPresent(left::remove);
            }
        }
        return left;
    }
}
