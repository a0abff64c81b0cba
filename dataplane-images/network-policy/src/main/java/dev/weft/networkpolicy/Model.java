package dev.weft.networkpolicy;

import dev.weft.kube.Namespace;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.net.Ip;
import dev.weft.nftables.NftSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Pods, namespaces and policies, and what follows from them for the table, kept up to date: a change costs what it touches.
 * Selectors are asked once for all pods with the same labels ({@link PodClass}); own pods with the same policies have one
 * {@link ProfileState}. What comes of changes equals what comes of a fresh start. One thread.
 */
final class Model {
    private final String node;
    private final boolean isolatesUnknown;
    private final Mirror mirror;
    private final Profiles profiles;

    private final Map<ObjectKey, Pod> pods = new HashMap<>();
    private final Map<String, Map<String, String>> namespaces = new HashMap<>();
    private final Policies policies = new Policies();
    private final NodePeers nodes = new NodePeers();
    private Map<ObjectKey, List<Ip>> leases = Map.of();
    private final Map<Ip, ObjectKey> lessees = new HashMap<>();

    /** Pods that the API server has forgotten before the runtime let go of them: isolated as they were. */
    private final Map<ObjectKey, Pod> forgotten = new HashMap<>();

    /** What counts of each pod now: with addresses in the pod network. */
    private final Map<ObjectKey, Pod> members = new HashMap<>();

    private final Map<PodClass.Key, PodClass> classes = new HashMap<>();
    private final Map<String, Set<PodClass>> classesOf = new HashMap<>();

    /** Own addresses of pods that the API server has not told of, which have no traffic until it does. */
    private final Map<ObjectKey, List<Ip>> quarantined = new HashMap<>();

    /**
     * @param node name of the own one
     * @param isolatesUnknown whether own pods that the API server has not told of are isolated
     */
    Model(String node, boolean isolatesUnknown) {
        this.node = node;
        this.isolatesUnknown = isolatesUnknown;
        this.mirror = new Mirror(Layout.base());
        this.profiles = new Profiles(mirror, policies, this::populate, this::forget);
    }

    Mirror mirror() {
        return mirror;
    }

    Profiles profiles() {
        return profiles;
    }

    /** Takes changes in; the mirror has then what they change in the table. */
    Effect apply(Batch batch) {
        Effect effect = new Effect();
        Set<ObjectKey> dirty = new HashSet<>();
        batch.namespaces().forEach((key, namespace) -> namespace(key.name(), namespace, dirty, effect));
        batch.nodes().forEach((key, peer) -> nodes.change(key, peer, profiles.groups(), effect));
        Set<ObjectKey> changedPolicies = changePolicies(batch, dirty);
        batch.pods().forEach((key, pod) -> {
            Pod before = pod.isPresent() ? pods.put(key, pod.get()) : pods.remove(key);
            if (pod.isEmpty() && before != null && isOwn(before) && before.isNetworked()) {
                forgotten.put(key, before);
            } else {
                forgotten.remove(key);
            }
        });
        Set<ObjectKey> changedPods = new HashSet<>(batch.pods().keySet());
        batch.leases().ifPresent(now -> leases(now, changedPods));
        forgotten.keySet().removeIf(key -> !leases.containsKey(key));
        // A pod that has just come has no connections to be judged again.
        Set<ObjectKey> came = new HashSet<>();
        changedPods.stream().filter(key -> !members.containsKey(key)).forEach(came::add);
        changedPods.forEach(key -> pod(key, dirty, effect));
        changedPods.forEach(this::release);
        dirty.forEach(key -> profiles.assign(
                key, own(key), own(key).map(this::podClass), came.contains(key) ? new Effect() : effect));
        changedPods.forEach(this::quarantine);
        profiles.rebuild(changedPolicies, effect);
        profiles.sweep();
        return effect;
    }

    private Set<ObjectKey> changePolicies(Batch batch, Set<ObjectKey> dirty) {
        Set<ObjectKey> changed = new HashSet<>();
        batch.policies().forEach((key, policy) -> {
            if (policies.change(
                    key,
                    policy,
                    classesOf.getOrDefault(key.namespace(), Set.of()),
                    podClass -> dirty(podClass, dirty))) {
                changed.add(key);
            }
        });
        batch.clusterPolicies().forEach((key, policy) -> {
            if (policies.changeClusterPolicy(
                    key, policy, classes.values(), this::labels, podClass -> dirty(podClass, dirty))) {
                changed.add(key);
            }
        });
        return changed;
    }

    /** Its own pods are to be given profiles again. */
    private void dirty(PodClass podClass, Set<ObjectKey> dirty) {
        podClass.members.values().stream().filter(this::isOwn).map(Pod::key).forEach(dirty::add);
    }

    private void namespace(String name, Optional<Namespace> namespace, Set<ObjectKey> dirty, Effect effect) {
        Map<String, String> before = labels(name);
        namespace.ifPresentOrElse(now -> namespaces.put(name, now.labels()), () -> namespaces.remove(name));
        Map<String, String> now = labels(name);
        if (now.equals(before)) {
            return;
        }
        for (PodClass podClass : classesOf.getOrDefault(name, Set.of())) {
            if (podClass.own > 0 && policies.reselect(podClass, this::labels)) {
                dirty(podClass, dirty);
            }
            for (GroupState group : profiles.groups()) {
                boolean was = podClass.groups.contains(group);
                boolean is = group.group.matches(name, now, podClass.key.labels());
                if (is && !was) {
                    podClass.groups.add(group);
                    podClass.members.values().forEach(group::add);
                    group.changed(effect);
                } else if (was && !is) {
                    podClass.groups.remove(group);
                    podClass.members.values().forEach(group::remove);
                    group.changed(effect);
                }
            }
        }
    }

    private Map<String, String> labels(String namespace) {
        return namespaces.getOrDefault(namespace, Map.of());
    }

    private void leases(Map<ObjectKey, List<Ip>> now, Set<ObjectKey> changed) {
        Map<ObjectKey, List<Ip>> before = leases;
        leases = now;
        before.forEach((key, ips) -> {
            if (!ips.equals(now.get(key))) {
                changed.add(key);
            }
        });
        now.keySet().stream().filter(key -> !before.containsKey(key)).forEach(changed::add);
        lessees.clear();
        now.forEach((key, ips) -> ips.forEach(ip -> lessees.put(ip, key)));
        // Without a lease of its own, a pod has what its status says unless that is another's by now.
        members.values().stream()
                .filter(pod -> isOwn(pod) && !now.containsKey(pod.key()))
                .map(Pod::key)
                .forEach(changed::add);
    }

    private void release(ObjectKey key) {
        List<Ip> ips = quarantined.get(key);
        if (ips != null && !ips.equals(unknown(key))) {
            quarantined.remove(key);
            for (Ip ip : ips) {
                for (Direction direction : Direction.values()) {
                    NftSet map = Layout.isolated(direction, ip.family());
                    mirror.remove(map, map.key(ip));
                }
            }
        }
    }

    private void quarantine(ObjectKey key) {
        List<Ip> ips = unknown(key);
        if (!ips.isEmpty() && quarantined.put(key, ips) == null) {
            for (Ip ip : ips) {
                for (Direction direction : Direction.values()) {
                    mirror.put(
                            Layout.isolated(direction, ip.family()), Layout.leads(direction, ip, Layout.UNKNOWN, key));
                }
            }
        }
    }

    /** The addresses of an own pod of which nothing else is known. */
    private List<Ip> unknown(ObjectKey key) {
        return isolatesUnknown && !pods.containsKey(key) && !forgotten.containsKey(key)
                ? leases.getOrDefault(key, List.of())
                : List.of();
    }

    private boolean isOwn(Pod pod) {
        return pod.node().equals(node);
    }

    /** A pod as it counts: own ones have the addresses that CNI gave them, before the API server hears of them. */
    private Optional<Pod> effective(ObjectKey key) {
        Pod pod = pods.getOrDefault(key, forgotten.get(key));
        if (pod == null || !pod.isNetworked()) {
            return Optional.empty();
        }
        if (!isOwn(pod)) {
            return Optional.of(pod);
        }
        List<Ip> leased = leases.get(key);
        List<Ip> ips = leased != null
                ? leased
                : pod.ips().stream().filter(ip -> !lessees.containsKey(ip)).toList();
        return Optional.of(ips.equals(pod.ips()) ? pod : pod.withIps(ips));
    }

    private void pod(ObjectKey key, Set<ObjectKey> dirty, Effect effect) {
        Optional<Pod> now = effective(key);
        Pod before = members.get(key);
        if (Optional.ofNullable(before).equals(now)) {
            return;
        }
        dirty.add(key);
        Set<GroupState> left = before == null ? Set.of() : leave(before);
        Set<GroupState> joined = now.map(this::join).orElse(Set.of());
        now.ifPresentOrElse(pod -> members.put(key, pod), () -> members.remove(key));
        // Connections of a pod that is gone are gone as well.
        if (before != null && now.isPresent()) {
            left.stream().filter(group -> !joined.contains(group)).forEach(group -> group.changed(effect));
            joined.stream().filter(group -> !left.contains(group)).forEach(group -> group.changed(effect));
        }
    }

    private Set<GroupState> leave(Pod pod) {
        PodClass podClass = podClass(pod);
        podClass.members.remove(pod.key());
        podClass.groups.forEach(group -> group.remove(pod));
        if (isOwn(pod) && --podClass.own == 0) {
            podClass.selecting.clear();
            podClass.clusterPolicies.clear();
        }
        if (podClass.members.isEmpty()) {
            classes.remove(podClass.key);
            Set<PodClass> neighbours = classesOf.getOrDefault(podClass.key.namespace(), Set.of());
            neighbours.remove(podClass);
            if (neighbours.isEmpty()) {
                classesOf.remove(podClass.key.namespace());
            }
        }
        return podClass.groups;
    }

    private Set<GroupState> join(Pod pod) {
        PodClass podClass = podClass(pod);
        podClass.members.put(pod.key(), pod);
        podClass.groups.forEach(group -> group.add(pod));
        if (isOwn(pod) && podClass.own++ == 0) {
            policies.select(podClass, this::labels);
        }
        return podClass.groups;
    }

    private PodClass podClass(Pod pod) {
        return classes.computeIfAbsent(PodClass.Key.of(pod), key -> {
            PodClass made = new PodClass(key);
            classesOf
                    .computeIfAbsent(key.namespace(), namespace -> new HashSet<>())
                    .add(made);
            for (GroupState group : profiles.groups()) {
                if (group.group.matches(key.namespace(), labels(key.namespace()), key.labels())) {
                    made.groups.add(group);
                }
            }
            return made;
        });
    }

    /** A group that came into use gets its members. */
    private void populate(GroupState group) {
        for (PodClass podClass : classes.values()) {
            String namespace = podClass.key.namespace();
            if (group.group.matches(namespace, labels(namespace), podClass.key.labels())) {
                podClass.groups.add(group);
                podClass.members.values().forEach(group::add);
            }
        }
        nodes.populate(group);
    }

    private void forget(GroupState group) {
        classes.values().forEach(podClass -> podClass.groups.remove(group));
    }

    private Optional<Pod> own(ObjectKey key) {
        return Optional.ofNullable(members.get(key)).filter(this::isOwn);
    }

    /**
     * Whether a connection passes this node's rules, as the kernel would judge its first packet.
     *
     * @param source as the first packet had it
     * @param destination behind a Service's translation
     * @param port of the destination; 0 for protocols without ports
     */
    boolean allows(Ip source, Ip destination, int protocol, int port) {
        return source.equals(destination)
                || (allows(source, Direction.EGRESS, destination, protocol, port)
                        && allows(destination, Direction.INGRESS, source, protocol, port));
    }

    private boolean allows(Ip own, Direction direction, Ip peer, int protocol, int port) {
        for (Profile profile : profiles.profiles(own, direction)) {
            switch (profile.judge(peer, protocol, port, profiles::has)) {
                case Outcome.Allowed() -> {
                    return true;
                }
                case Outcome.Denied(Denial by) -> {
                    return false;
                }
                case Outcome.Sorted(String chain, List<Step> denying) -> {
                    return false;
                }
                case Outcome.Next(String chain) -> {}
            }
        }
        return true;
    }

    /** What the watches told of a pod, for those that wait for it. */
    Optional<Pod> told(ObjectKey key) {
        return Optional.ofNullable(pods.get(key));
    }

    /** The addresses that CNI had told of when the latest changes were taken in. */
    List<Ip> leased(ObjectKey key) {
        return leases.getOrDefault(key, List.of());
    }

    /** The pods that have an address; several for a moment when it goes from one to the next. */
    List<Pod> at(Ip ip) {
        List<Pod> there = new ArrayList<>();
        members.values().stream().filter(pod -> pod.ips().contains(ip)).forEach(there::add);
        return there;
    }

    boolean hasNamespace(String namespace) {
        return namespaces.containsKey(namespace);
    }

    Map<String, String> namespaceLabels(String namespace) {
        return labels(namespace);
    }

    Policies policies() {
        return policies;
    }

    NodePeers nodes() {
        return nodes;
    }

    int pods() {
        return members.size();
    }
}
