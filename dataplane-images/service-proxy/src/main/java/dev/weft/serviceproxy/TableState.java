package dev.weft.serviceproxy;

import dev.weft.kube.ObjectKey;
import dev.weft.kube.Service;
import dev.weft.nftables.Chain;
import dev.weft.nftables.Data;
import dev.weft.nftables.Element;
import dev.weft.nftables.NftSet;
import dev.weft.nftables.Operation;
import dev.weft.nftables.Rule;
import dev.weft.nftables.RuleText;
import dev.weft.nftables.Ruleset;
import dev.weft.nftables.Transaction;
import dev.weft.serviceproxy.Claims.Bid;
import dev.weft.serviceproxy.Emission.Claim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one family's table holds, without its elements: those of a Service are made again from what it was, since the
 * same inputs give the same elements. So a change costs its own Service's elements only, in memory as in the kernel.
 * One thread.
 */
final class TableState {
    private final Layout layout;
    private final ProxyConfig config;
    private final Site site;
    private final Emission emission;
    private final Claims claims = new Claims();
    private final Map<Action, Integer> chains = new HashMap<>();
    private final TreeMap<Integer, Integer> timeouts = new TreeMap<>();
    private final Map<Key, Integer> shared = new HashMap<>();

    /** By the set's name: to hash a whole declaration for each element would cost more than all else. */
    private record Key(String set, Data key) {}

    /** A Service before and after. */
    record Step(Optional<ServiceInputs> before, Optional<ServiceInputs> after) {}

    TableState(Layout layout, ProxyConfig config, Site site) {
        this.layout = layout;
        this.config = config;
        this.site = site;
        this.emission = new Emission(layout, site);
    }

    ProxyConfig config() {
        return config;
    }

    Claims claims() {
        return claims;
    }

    List<FrontendPlan> plans(ServiceInputs inputs) {
        return ServicePlan.of(inputs, layout.family(), site);
    }

    /**
     * Takes changes of Services and says what they change in the table.
     *
     * @param current the other Services, which may get or lose what these let go or claim
     */
    Transaction update(Map<ObjectKey, Step> steps, Function<ObjectKey, Optional<ServiceInputs>> current) {
        Map<Frontend, Optional<Bid>> winnersBefore = new HashMap<>();
        Map<ObjectKey, Step> affected = new LinkedHashMap<>(steps);
        steps.forEach((key, step) -> {
            Set<Claim> old = new LinkedHashSet<>(claims(step.before()));
            Set<Claim> now = new LinkedHashSet<>(claims(step.after()));
            for (Claim claim : old) {
                if (!now.contains(claim)) {
                    remember(winnersBefore, claim);
                    claims.remove(claim, key);
                }
            }
            for (Claim claim : now) {
                if (!old.contains(claim)) {
                    remember(winnersBefore, claim);
                    claims.add(claim, key);
                }
            }
        });
        winnersBefore.forEach((frontend, before) -> {
            Optional<Bid> after = claims.winner(frontend);
            if (!before.equals(after)) {
                before.ifPresent(bid -> affect(affected, bid.service(), current));
                after.ifPresent(bid -> affect(affected, bid.service(), current));
            }
        });
        Elements before = new Elements();
        Elements after = new Elements();
        affected.forEach((key, step) -> {
            step.before().ifPresent(inputs -> emit(inputs, claim -> had(winnersBefore, key, claim), before));
            step.after().ifPresent(inputs -> emit(inputs, claim -> claims.has(key, claim), after));
        });
        return new Transaction(layout.table(), new Delta(before, after).operations());
    }

    /** Begins with these Services, in a state that has none yet, and says what the whole table should be. */
    Ruleset load(Collection<ServiceInputs> services) {
        List<List<FrontendPlan>> plans = new ArrayList<>(services.size());
        for (ServiceInputs inputs : services) {
            List<FrontendPlan> own = plans(inputs);
            plans.add(own);
            emission.claims(own, inputs.service())
                    .forEach(claim -> claims.add(claim, inputs.service().key()));
        }
        Elements all = new Elements();
        int at = 0;
        for (ServiceInputs inputs : services) {
            Service service = inputs.service();
            emission.emit(plans.get(at), service, claim -> claims.has(service.key(), claim), all);
            // Not needed twice: the largest part of what a start takes in memory.
            plans.set(at++, List.of());
        }
        chains.putAll(all.chains);
        timeouts.putAll(all.timeouts);
        shared.putAll(all.shared);
        return table(all);
    }

    /** The whole table as it should be with these Services, which are the ones that were taken. */
    Ruleset desired(Collection<ServiceInputs> services) {
        return table(all(services));
    }

    private Elements all(Collection<ServiceInputs> services) {
        Elements all = new Elements();
        for (ServiceInputs inputs : services) {
            ObjectKey key = inputs.service().key();
            emit(inputs, claim -> claims.has(key, claim), all);
        }
        return all;
    }

    private Ruleset table(Elements all) {
        Ruleset.Builder table = layout.begin(config, site);
        layout.sets.filled().forEach(table::set);
        timeouts.keySet().forEach(seconds -> table.set(Sets.remembered(seconds)));
        Map<NftSet, List<Element>> dispatch = new HashMap<>();
        dispatch.put(layout.sets.actions, new ArrayList<>());
        dispatch.put(layout.sets.balance, new ArrayList<>());
        Set<Action> actions = new HashSet<>(chains.keySet());
        actions.add(Action.BY_SOURCE);
        actions.add(Action.NODEPORT_BY_SOURCE);
        for (Action action : actions) {
            dispatch.computeIfAbsent(layout.dispatch(action), set -> new ArrayList<>())
                    .add(layout.dispatchElement(action));
        }
        dispatch.forEach(table::set);
        chains.keySet().forEach(action -> table.chain(Chain.of(Layout.label(action)), layout.balancing(action)));
        Ruleset frame = table.chain(Chain.of(Layout.REMEMBER), layout.remembering(timeouts.keySet()))
                .build();
        // The frame is checked; to check hundreds of thousands of elements, which fit by their making, takes seconds.
        Map<String, Ruleset.SetBody> sets = new HashMap<>(frame.sets());
        all.elements.forEach((name, elements) ->
                sets.computeIfPresent(name, (n, body) -> new Ruleset.SetBody(body.set(), elements)));
        return new Ruleset(frame.table(), frame.chains(), sets);
    }

    private List<Claim> claims(Optional<ServiceInputs> inputs) {
        return inputs.map(in -> emission.claims(plans(in), in.service())).orElse(List.of());
    }

    private void remember(Map<Frontend, Optional<Bid>> winnersBefore, Claim claim) {
        winnersBefore.computeIfAbsent(claim.frontend(), claims::winner);
    }

    private static void affect(
            Map<ObjectKey, Step> affected, ObjectKey service, Function<ObjectKey, Optional<ServiceInputs>> current) {
        affected.computeIfAbsent(service, key -> {
            Optional<ServiceInputs> same = current.apply(key);
            return new Step(same, same);
        });
    }

    private boolean had(Map<Frontend, Optional<Bid>> winnersBefore, ObjectKey service, Claim claim) {
        Optional<Bid> changed = winnersBefore.get(claim.frontend());
        return changed != null
                ? changed.filter(bid -> bid.service().equals(service)).isPresent()
                : claims.has(service, claim);
    }

    private void emit(ServiceInputs inputs, Predicate<Claim> has, Elements to) {
        emission.emit(plans(inputs), inputs.service(), has, to);
    }

    /** What some Services contribute together. */
    private static final class Elements implements Emission.Sink {
        final Map<String, NftSet> sets = new LinkedHashMap<>();
        final Map<String, Map<Data, Element>> elements = new HashMap<>();
        final Map<Key, Integer> shared = new HashMap<>();
        final Map<Action, Integer> chains = new HashMap<>();
        final Map<Integer, Integer> timeouts = new HashMap<>();

        @Override
        public void own(NftSet set, Element element) {
            sets.putIfAbsent(set.name(), set);
            elements.computeIfAbsent(set.name(), name -> new HashMap<>()).put(element.key(), element);
        }

        @Override
        public void shared(NftSet set, Element element) {
            own(set, element);
            shared.merge(new Key(set.name(), element.key()), 1, Integer::sum);
        }

        @Override
        public void uses(Action action) {
            chains.merge(action, 1, Integer::sum);
        }

        @Override
        public void remembers(int seconds) {
            timeouts.merge(seconds, 1, Integer::sum);
        }
    }

    /** Turns a before and an after into operations, and counts what is shared. */
    private final class Delta {
        private final Elements before;
        private final Elements after;
        private final List<Operation> operations = new ArrayList<>();

        Delta(Elements before, Elements after) {
            this.before = before;
            this.after = after;
        }

        List<Operation> operations() {
            Set<Action> oldChains = new HashSet<>(chains.keySet());
            Set<Integer> oldTimeouts = new TreeSet<>(timeouts.keySet());
            count(chains, before.chains, after.chains);
            count(timeouts, before.timeouts, after.timeouts);
            Set<Key> oldShared = held(before.shared, after.shared);
            count(shared, before.shared, after.shared);

            List<Action> newChains = minus(chains.keySet(), oldChains);
            List<Action> goneChains = minus(oldChains, chains.keySet());
            List<Integer> newTimeouts = minus(timeouts.keySet(), oldTimeouts);
            List<Integer> goneTimeouts = minus(oldTimeouts, timeouts.keySet());
            newTimeouts.forEach(seconds -> operations.add(new Operation.AddSet(Sets.remembered(seconds))));
            boolean remembering = !newTimeouts.isEmpty() || !goneTimeouts.isEmpty();
            if (remembering && !oldTimeouts.isEmpty()) {
                operations.add(new Operation.FlushChain(Layout.REMEMBER));
            }
            if (remembering) {
                rules(Layout.REMEMBER, layout.remembering(timeouts.keySet()));
            }
            newChains.forEach(action -> {
                String name = Layout.label(action);
                operations.add(new Operation.AddChain(Chain.of(name)));
                rules(name, layout.balancing(action));
            });
            dispatch(newChains, true);
            elements(oldShared, goneTimeouts);
            dispatch(goneChains, false);
            goneChains.forEach(action -> operations.add(new Operation.FlushChain(Layout.label(action))));
            goneChains.forEach(action -> operations.add(new Operation.DeleteChain(Layout.label(action))));
            goneTimeouts.forEach(seconds -> operations.add(
                    new Operation.DeleteSet(Sets.remembered(seconds).name())));
            return operations;
        }

        /** Own elements by value, shared ones where the last user goes or the first comes. */
        private void elements(Set<Key> oldShared, List<Integer> goneTimeouts) {
            Set<NftSet> gone = new HashSet<>();
            goneTimeouts.forEach(seconds -> gone.add(Sets.remembered(seconds)));
            Map<String, NftSet> sets = new LinkedHashMap<>(before.sets);
            sets.putAll(after.sets);
            List<Operation> additions = new ArrayList<>();
            for (NftSet set : sets.values()) {
                if (gone.contains(set)) {
                    continue;
                }
                Map<Data, Element> old = before.elements.getOrDefault(set.name(), Map.of());
                Map<Data, Element> now = after.elements.getOrDefault(set.name(), Map.of());
                List<Element> fewer = old.values().stream()
                        .filter(element -> goes(set, element, now.get(element.key())))
                        .toList();
                List<Element> more = now.values().stream()
                        .filter(element -> comes(set, element, old.get(element.key()), oldShared))
                        .toList();
                if (!fewer.isEmpty()) {
                    operations.add(new Operation.DeleteElements(set, fewer));
                }
                if (!more.isEmpty()) {
                    additions.add(new Operation.AddElements(set, more));
                }
            }
            operations.addAll(additions);
        }

        private boolean goes(NftSet set, Element element, @Nullable Element now) {
            Key key = new Key(set.name(), element.key());
            return before.shared.containsKey(key) ? !shared.containsKey(key) : !element.equals(now);
        }

        private boolean comes(NftSet set, Element element, @Nullable Element old, Set<Key> oldShared) {
            Key key = new Key(set.name(), element.key());
            return after.shared.containsKey(key) ? !oldShared.contains(key) : !element.equals(old);
        }

        private Set<Key> held(Map<Key, Integer> a, Map<Key, Integer> b) {
            Set<Key> held = new HashSet<>();
            a.keySet().stream().filter(shared::containsKey).forEach(held::add);
            b.keySet().stream().filter(shared::containsKey).forEach(held::add);
            return held;
        }

        private void dispatch(List<Action> actions, boolean add) {
            Map<NftSet, List<Element>> bySet = new LinkedHashMap<>();
            for (Action action : actions) {
                bySet.computeIfAbsent(layout.dispatch(action), set -> new ArrayList<>())
                        .add(layout.dispatchElement(action));
            }
            bySet.forEach((set, elements) -> operations.add(
                    add ? new Operation.AddElements(set, elements) : new Operation.DeleteElements(set, elements)));
        }

        private void rules(String chain, List<RuleText> texts) {
            for (RuleText text : texts) {
                Rule rule = text.compile(layout.tableFamily());
                operations.add(new Operation.AddRule(chain, rule));
            }
        }
    }

    private static <K> void count(Map<K, Integer> counts, Map<K, Integer> less, Map<K, Integer> more) {
        more.forEach((key, n) -> counts.merge(key, n, Integer::sum));
        less.forEach((key, n) -> counts.computeIfPresent(key, (k, old) -> old > n ? Integer.valueOf(old - n) : null));
    }

    private static <K> List<K> minus(Collection<K> from, Collection<K> without) {
        return from.stream().filter(key -> !without.contains(key)).toList();
    }
}
