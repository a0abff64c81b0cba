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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The profiles that own pods have, and what they refer to: chains, groups of peers, blocks of addresses. They come with
 * the first pod that needs them and go with the last.
 */
final class Profiles {
    private final Mirror mirror;
    private final Profile.Plans plans;
    private final Consumer<GroupState> populate;
    private final Consumer<GroupState> forget;

    private final Map<ProfileKey, ProfileState> profiles = new HashMap<>();
    private final Map<PodGroup, GroupState> groups = new HashMap<>();
    private final Shared<NftSet> blocks;
    private final Shared<Denial> denials;

    private final Map<ObjectKey, Isolation> isolated = new HashMap<>();

    /** Of the own pods that are isolated, the one that an address leads to. */
    private final Map<Ip, ObjectKey> holders = new HashMap<>();

    /**
     * An own pod that policies apply to.
     *
     * @param profiles those of a direction in the order in which they are asked; at least one where there is the key
     */
    private record Isolation(List<Ip> ips, Map<Direction, List<ProfileState>> profiles) {
        Stream<ProfileState> all() {
            return profiles.values().stream().flatMap(List::stream);
        }
    }

    /**
     * @param populate gives a group that came into use its members
     * @param forget is told of groups that are no longer in use
     */
    Profiles(Mirror mirror, Profile.Plans plans, Consumer<GroupState> populate, Consumer<GroupState> forget) {
        this.mirror = mirror;
        this.plans = plans;
        this.populate = populate;
        this.forget = forget;
        this.blocks = new Shared<>(mirror::addSet, mirror::removeSet);
        this.denials = new Shared<>(
                denial -> mirror.putChain(denial.chain(), Layout.rules(denial)),
                denial -> mirror.removeChain(denial.chain()));
    }

    Collection<GroupState> groups() {
        return groups.values();
    }

    Collection<ProfileState> all() {
        return profiles.values();
    }

    /** Where packets are denied. */
    Stream<Denial> denials() {
        return Stream.concat(
                denials.all().stream(),
                profiles.keySet().stream()
                        .map(ProfileKey::end)
                        .filter(Outcome.Denied.class::isInstance)
                        .map(Outcome.Denied.class::cast)
                        .map(Outcome.Denied::by));
    }

    /**
     * Gives an own pod the profiles that its policies ask for.
     *
     * @param pod absent if it is gone or never was this node's
     * @param selecting what selects it
     */
    void assign(ObjectKey key, Optional<Pod> pod, Optional<PodClass> selecting, Effect effect) {
        Map<Direction, List<ProfileState>> now = new EnumMap<>(Direction.class);
        pod.ifPresent(own -> selecting.ifPresent(by -> {
            for (Direction direction : Direction.values()) {
                List<ProfileKey> keys =
                        ProfileKey.of(direction, own, by.selecting.values(), by.clusterPolicies.values());
                if (!keys.isEmpty()) {
                    now.put(direction, keys.stream().map(this::use).toList());
                }
            }
        }));
        List<Ip> ips = pod.map(Pod::ips).orElse(List.of());
        Isolation before = isolated.getOrDefault(key, new Isolation(List.of(), Map.of()));
        if (before.profiles().equals(now) && before.ips().equals(ips)) {
            return;
        }
        release(key, before);
        effect.pods.addAll(before.ips());
        if (now.isEmpty()) {
            isolated.remove(key);
        } else {
            Isolation after = new Isolation(ips, now);
            isolated.put(key, after);
            after.all().forEach(profile -> profile.pods.put(key, ips));
            ips.forEach(ip -> lead(ip, key, now));
            effect.pods.addAll(ips);
        }
    }

    private void release(ObjectKey key, Isolation before) {
        before.all().forEach(profile -> profile.pods.remove(key));
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

    private void lead(Ip ip, ObjectKey key, Map<Direction, List<ProfileState>> to) {
        if (holders.put(ip, key) != null) {
            unlead(ip);
        }
        Family family = ip.family();
        to.forEach((direction, profiles) -> mirror.put(
                Layout.isolated(direction, family), Layout.leads(direction, ip, profiles.getFirst().chain, key)));
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

    /**
     * Builds anew what changed policies are part of.
     *
     * @param changed names of either kind: those of a ClusterNetworkPolicy have no namespace
     */
    void rebuild(Set<ObjectKey> changed, Effect effect) {
        if (changed.isEmpty()) {
            return;
        }
        for (ProfileState state : profiles.values()) {
            if (!state.pods.isEmpty() && state.key.policies().stream().anyMatch(changed::contains)) {
                Profile before = state.profile;
                build(state);
                if (!before.equals(state.profile)) {
                    state.changed(effect);
                }
            }
        }
    }

    private void build(ProfileState state) {
        state.profile = Profile.of(state.key, plans);
        Set<GroupState> groupsBefore = new HashSet<>(state.groups);
        Set<NftSet> blocksBefore = new HashSet<>(state.blocks);
        Set<Denial> denialsBefore = new HashSet<>(state.denials);
        state.groups.clear();
        state.blocks.clear();
        state.denials.clear();
        state.profile.groups().forEach(group -> use(group, state));
        state.profile.matches().forEach(match -> {
            for (Family family : Family.values()) {
                Addresses addresses = match.addresses(family);
                if (!addresses.isEmpty() && !addresses.isAll()) {
                    use(addresses, state);
                }
            }
        });
        state.profile.denials().forEach(denial -> {
            denials.use(denial, state);
            state.denials.add(denial);
        });
        groupsBefore.removeAll(state.groups);
        groupsBefore.forEach(group -> group.users.remove(state));
        blocksBefore.removeAll(state.blocks);
        blocksBefore.forEach(set -> blocks.release(set, state));
        denialsBefore.removeAll(state.denials);
        denialsBefore.forEach(denial -> denials.release(denial, state));
        Set<String> sortedBefore = new HashSet<>(state.sorted);
        state.sorted.clear();
        state.profile.sorted().forEach(sorted -> {
            mirror.putChain(sorted.chain(), Layout.rules(sorted, state.key.direction()));
            state.sorted.add(sorted.chain());
        });
        sortedBefore.removeAll(state.sorted);
        sortedBefore.forEach(mirror::removeChain);
        mirror.putChain(state.chain, Layout.rules(state.profile));
    }

    private void use(PodGroup group, ProfileState state) {
        GroupState used = groups.get(group);
        if (used == null) {
            used = new GroupState(group, mirror);
            groups.put(group, used);
            populate.accept(used);
        }
        used.users.add(state);
        state.groups.add(used);
    }

    private void use(Addresses addresses, ProfileState state) {
        NftSet set = Layout.blocks(addresses);
        if (blocks.use(set, state)) {
            Layout.elements(set, addresses).forEach(element -> mirror.put(set, element));
        }
        state.blocks.add(set);
    }

    /** Takes away what nobody uses any more. */
    void sweep() {
        profiles.values().removeIf(state -> {
            if (!state.pods.isEmpty()) {
                return false;
            }
            mirror.removeChain(state.chain);
            state.sorted.forEach(mirror::removeChain);
            state.groups.forEach(group -> group.users.remove(state));
            state.blocks.forEach(set -> blocks.release(set, state));
            state.denials.forEach(denial -> denials.release(denial, state));
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
        blocks.sweep();
        denials.sweep();
    }

    /** The profiles that judge traffic of an address, in the order in which they are asked; empty where nothing does. */
    List<Profile> profiles(Ip own, Direction direction) {
        ObjectKey holder = holders.get(own);
        return holder == null
                ? List.of()
                : Optional.ofNullable(isolated.get(holder))
                        .map(isolation -> isolation.profiles().get(direction))
                        .map(states ->
                                states.stream().map(state -> state.profile).toList())
                        .orElse(List.of());
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
