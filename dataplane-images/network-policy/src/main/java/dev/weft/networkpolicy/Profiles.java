package dev.weft.networkpolicy;

import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.nftables.Element;
import dev.weft.nftables.NftSet;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The profiles that own pods have, and what they refer to: chains, groups of pods, blocks of addresses. They come with
 * the first pod that needs them and go with the last.
 */
final class Profiles {
    private final Mirror mirror;
    private final Map<ObjectKey, PolicyPlan> policies;
    private final Consumer<GroupState> populate;
    private final Consumer<GroupState> forget;

    private final Map<ProfileKey, ProfileState> profiles = new HashMap<>();
    private final Map<PodGroup, GroupState> groups = new HashMap<>();

    /** Who uses a set of address blocks. */
    private final Map<NftSet, Set<ProfileState>> blocks = new HashMap<>();

    private final Map<ObjectKey, Isolation> isolated = new HashMap<>();

    /** Of the own pods that are isolated, the one that an address leads to. */
    private final Map<Ip, ObjectKey> holders = new HashMap<>();

    /** An own pod that something isolates. */
    private record Isolation(List<Ip> ips, Map<Direction, ProfileState> profiles) {}

    /**
     * @param populate gives a group that came into use its pods
     * @param forget is told of groups that are no longer in use
     */
    Profiles(
            Mirror mirror,
            Map<ObjectKey, PolicyPlan> policies,
            Consumer<GroupState> populate,
            Consumer<GroupState> forget) {
        this.mirror = mirror;
        this.policies = policies;
        this.populate = populate;
        this.forget = forget;
    }

    Collection<GroupState> groups() {
        return groups.values();
    }

    Collection<ProfileState> all() {
        return profiles.values();
    }

    /**
     * Gives an own pod the profiles that its policies ask for.
     *
     * @param pod absent if it is gone or never was this node's
     */
    void assign(ObjectKey key, Optional<Pod> pod, Collection<PolicyPlan> selecting, Effect effect) {
        Map<Direction, ProfileState> now = new EnumMap<>(Direction.class);
        pod.ifPresent(own -> {
            for (Direction direction : Direction.values()) {
                ProfileKey.of(direction, own, selecting).ifPresent(profile -> now.put(direction, use(profile)));
            }
        });
        List<Ip> ips = pod.map(Pod::ips).orElse(List.of());
        Isolation before = isolated.getOrDefault(key, new Isolation(List.of(), Map.of()));
        if (before.profiles().equals(now) && before.ips().equals(ips)) {
            return;
        }
        release(key, before);
        if (now.isEmpty()) {
            isolated.remove(key);
            effect.more.addAll(before.ips());
        } else {
            isolated.put(key, new Isolation(ips, now));
            now.values().forEach(profile -> profile.pods.put(key, ips));
            ips.forEach(ip -> lead(ip, key, now));
            effect.less.addAll(ips);
            effect.more.addAll(ips);
        }
    }

    private void release(ObjectKey key, Isolation before) {
        before.profiles().values().forEach(profile -> profile.pods.remove(key));
        for (Ip ip : before.ips()) {
            if (holders.remove(ip, key)) {
                unlead(ip);
            }
        }
    }

    private void unlead(Ip ip) {
        Family family = ip.family();
        for (Direction direction : Direction.values()) {
            NftSet map = Layout.isolated(direction, family);
            mirror.remove(map, map.key(ip));
        }
        NftSet itself = Layout.itself(family);
        mirror.remove(itself, itself.key(ip, ip));
    }

    private void lead(Ip ip, ObjectKey key, Map<Direction, ProfileState> to) {
        if (holders.put(ip, key) != null) {
            unlead(ip);
        }
        Family family = ip.family();
        to.forEach((direction, profile) ->
                mirror.put(Layout.isolated(direction, family), Layout.leads(direction, ip, profile.chain, key)));
        NftSet itself = Layout.itself(family);
        mirror.put(itself, Element.of(itself.key(ip, ip)));
    }

    private ProfileState use(ProfileKey key) {
        ProfileState known = profiles.get(key);
        if (known != null) {
            return known;
        }
        ProfileState made = new ProfileState(key);
        profiles.put(key, made);
        build(made);
        return made;
    }

    /** Builds anew what changed policies are part of. */
    void rebuild(Set<ObjectKey> changed, Effect effect) {
        for (ProfileState state : profiles.values()) {
            if (!state.pods.isEmpty() && state.key.policies().stream().anyMatch(changed::contains)) {
                Profile before = state.profile;
                build(state);
                if (!before.equals(state.profile)) {
                    state.pods.values().forEach(effect.less::addAll);
                    state.pods.values().forEach(effect.more::addAll);
                }
            }
        }
    }

    private void build(ProfileState state) {
        state.profile = Profile.of(
                state.key,
                policy -> Optional.ofNullable(policies.get(policy))
                        .orElseThrow(() -> new IllegalStateException("no policy " + policy)));
        Set<GroupState> groupsBefore = new HashSet<>(state.groups);
        Set<NftSet> blocksBefore = new HashSet<>(state.blocks);
        state.groups.clear();
        state.blocks.clear();
        state.profile.groups().forEach(group -> {
            GroupState used = groups.get(group);
            if (used == null) {
                used = new GroupState(group, mirror);
                groups.put(group, used);
                populate.accept(used);
            }
            used.users.add(state);
            state.groups.add(used);
        });
        for (Match match : state.profile.allowed()) {
            for (Family family : Family.values()) {
                Addresses addresses = match.addresses(family);
                if (!addresses.isEmpty() && !addresses.isAll()) {
                    use(addresses, state);
                }
            }
        }
        groupsBefore.removeAll(state.groups);
        groupsBefore.forEach(group -> group.users.remove(state));
        blocksBefore.removeAll(state.blocks);
        blocksBefore.forEach(set -> users(set).remove(state));
        mirror.putChain(state.chain, Layout.rules(state.profile));
    }

    private void use(Addresses addresses, ProfileState state) {
        NftSet set = Layout.blocks(addresses);
        if (!blocks.containsKey(set)) {
            mirror.addSet(set);
            Layout.elements(set, addresses).forEach(element -> mirror.put(set, element));
        }
        users(set).add(state);
        state.blocks.add(set);
    }

    private Set<ProfileState> users(NftSet set) {
        return blocks.computeIfAbsent(set, s -> new LinkedHashSet<>());
    }

    /** Takes away what nobody uses any more. */
    void sweep() {
        profiles.values().removeIf(state -> {
            if (!state.pods.isEmpty()) {
                return false;
            }
            mirror.removeChain(state.chain);
            state.groups.forEach(group -> group.users.remove(state));
            state.blocks.forEach(set -> users(set).remove(state));
            return true;
        });
        groups.values().removeIf(group -> {
            if (!group.users.isEmpty()) {
                return false;
            }
            forget.accept(group);
            group.close();
            return true;
        });
        blocks.entrySet().removeIf(used -> {
            if (used.getValue().isEmpty()) {
                mirror.removeSet(used.getKey());
                return true;
            }
            return false;
        });
    }

    /** The profile that judges traffic of an address; absent where nothing isolates it. */
    Optional<Profile> profile(Ip own, Direction direction) {
        ObjectKey holder = holders.get(own);
        return holder == null
                ? Optional.empty()
                : Optional.ofNullable(isolated.get(holder))
                        .map(isolation -> isolation.profiles().get(direction))
                        .map(state -> state.profile);
    }

    /** Whether a member is in a group that is in use. */
    boolean has(PodGroup group, Ip ip, int port) {
        GroupState state = groups.get(group);
        return state != null && state.has(ip, port);
    }

    Set<Ip> isolatedAddresses() {
        return Set.copyOf(holders.keySet());
    }

    int isolatedPods() {
        return isolated.size();
    }
}
