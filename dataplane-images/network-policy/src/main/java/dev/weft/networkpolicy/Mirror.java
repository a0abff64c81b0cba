package dev.weft.networkpolicy;

import dev.weft.nftables.Chain;
import dev.weft.nftables.Data;
import dev.weft.nftables.Element;
import dev.weft.nftables.NftSet;
import dev.weft.nftables.Operation;
import dev.weft.nftables.Rule;
import dev.weft.nftables.Ruleset;
import dev.weft.nftables.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The table as it should be, and what that changes since it was last told: the cost of a change is that of the elements,
 * sets and chains it touches. One thread.
 */
final class Mirror {
    private final Ruleset base;
    private final Map<String, SetState> sets = new HashMap<>();
    private final Map<String, List<Rule>> chains = new HashMap<>();

    /** As the kernel has it; absent for a chain that it has not. In order, so that transactions can be compared. */
    private final TreeMap<String, Optional<List<Rule>>> touchedChains = new TreeMap<>();

    private final TreeMap<String, SetChange> touchedSets = new TreeMap<>();

    private record SetState(NftSet set, Map<Data, Element> elements) {}

    /**
     * @param before as the kernel has it; absent if it has no such set
     * @param elements as the kernel has them, of those that were touched
     */
    private record SetChange(Optional<NftSet> before, Map<Data, Optional<Element>> elements) {}

    /** Begins with what is always there, as if the kernel had it. */
    Mirror(Ruleset base) {
        this.base = base;
        base.sets().forEach((name, body) -> sets.put(name, new SetState(body.set(), new HashMap<>(body.elements()))));
    }

    void putChain(String name, List<Rule> rules) {
        List<Rule> before = chains.put(name, rules);
        if (!rules.equals(before)) {
            touchedChains.putIfAbsent(name, Optional.ofNullable(before));
        }
    }

    void removeChain(String name) {
        List<Rule> before = chains.remove(name);
        if (before != null) {
            touchedChains.putIfAbsent(name, Optional.of(before));
        }
    }

    /** Makes a set that is not there. */
    void addSet(NftSet set) {
        sets.put(set.name(), new SetState(set, new HashMap<>()));
        touchedSets.putIfAbsent(set.name(), new SetChange(Optional.empty(), new HashMap<>()));
    }

    void removeSet(NftSet set) {
        SetState state = sets.remove(set.name());
        if (state != null) {
            SetChange change = change(state);
            state.elements().forEach((key, element) -> change.elements().putIfAbsent(key, Optional.of(element)));
        }
    }

    boolean has(String set, Data key) {
        SetState state = sets.get(set);
        return state != null && state.elements().containsKey(key);
    }

    /** The keys of a set that is always there, as the kernel has them: without what changed since it was last told. */
    Set<Data> keysInKernel(NftSet set) {
        Set<Data> keys = new HashSet<>(state(set).elements().keySet());
        SetChange change = touchedSets.get(set.name());
        if (change != null) {
            change.elements().forEach((key, before) -> {
                if (before.isPresent()) {
                    keys.add(key);
                } else {
                    keys.remove(key);
                }
            });
        }
        return keys;
    }

    void put(NftSet set, Element element) {
        SetState state = state(set);
        Element before = state.elements().put(element.key(), element);
        if (!element.equals(before)) {
            change(state).elements().putIfAbsent(element.key(), Optional.ofNullable(before));
        }
    }

    void remove(NftSet set, Data key) {
        SetState state = state(set);
        Element before = state.elements().remove(key);
        if (before != null) {
            change(state).elements().putIfAbsent(key, Optional.of(before));
        }
    }

    private SetState state(NftSet set) {
        SetState state = sets.get(set.name());
        if (state == null) {
            throw new IllegalStateException("there is no " + set);
        }
        return state;
    }

    private SetChange change(SetState state) {
        return touchedSets.computeIfAbsent(
                state.set().name(), name -> new SetChange(Optional.of(state.set()), new HashMap<>()));
    }

    /** The whole table. */
    Ruleset ruleset() {
        Map<String, Ruleset.SetBody> setBodies = new HashMap<>();
        sets.forEach((name, state) -> setBodies.put(name, new Ruleset.SetBody(state.set(), state.elements())));
        Map<String, Ruleset.ChainBody> chainBodies = new HashMap<>(base.chains());
        chains.forEach((name, rules) -> chainBodies.put(name, new Ruleset.ChainBody(Chain.of(name), rules)));
        return new Ruleset(base.table(), chainBodies, setBodies);
    }

    /** What was changed since the last call, in the order that the kernel asks for: nothing goes that is still used. */
    Transaction drain() {
        Operations operations = new Operations();
        touchedChains.forEach((name, before) -> chain(name, before, operations));
        touchedSets.forEach((name, change) -> set(name, change, operations));
        touchedChains.clear();
        touchedSets.clear();
        return new Transaction(base.table(), operations.inOrder());
    }

    private static final class Operations {
        final List<Operation> flushes = new ArrayList<>();
        final List<Operation> lessElements = new ArrayList<>();
        final List<Operation> lessSets = new ArrayList<>();
        final List<Operation> lessChains = new ArrayList<>();
        final List<Operation> moreChains = new ArrayList<>();
        final List<Operation> moreSets = new ArrayList<>();
        final List<Operation> moreElements = new ArrayList<>();
        final List<Operation> rules = new ArrayList<>();

        List<Operation> inOrder() {
            List<Operation> all = new ArrayList<>(flushes);
            List.of(lessElements, lessSets, lessChains, moreChains, moreSets, moreElements, rules)
                    .forEach(all::addAll);
            return all;
        }
    }

    private void chain(String name, Optional<List<Rule>> before, Operations to) {
        Optional<List<Rule>> now = Optional.ofNullable(chains.get(name));
        if (now.equals(before)) {
            return;
        }
        before.filter(rules -> !rules.isEmpty()).ifPresent(rules -> to.flushes.add(new Operation.FlushChain(name)));
        if (now.isEmpty()) {
            to.lessChains.add(new Operation.DeleteChain(name));
            return;
        }
        if (before.isEmpty()) {
            to.moreChains.add(new Operation.AddChain(Chain.of(name)));
        }
        now.get().forEach(rule -> to.rules.add(new Operation.AddRule(name, rule)));
    }

    private void set(String name, SetChange change, Operations to) {
        Optional<SetState> now = Optional.ofNullable(sets.get(name));
        if (now.isEmpty()) {
            change.before().ifPresent(set -> to.lessSets.add(new Operation.DeleteSet(name)));
            return;
        }
        NftSet set = now.get().set();
        if (change.before().isEmpty()) {
            to.moreSets.add(new Operation.AddSet(set));
        }
        List<Element> less = new ArrayList<>();
        List<Element> more = new ArrayList<>();
        change.elements().forEach((key, before) -> {
            Optional<Element> after = Optional.ofNullable(now.get().elements().get(key));
            if (!after.equals(before)) {
                before.ifPresent(less::add);
                after.ifPresent(more::add);
            }
        });
        if (!less.isEmpty()) {
            less.sort(Comparator.comparing(Element::key));
            to.lessElements.add(new Operation.DeleteElements(set, less));
        }
        if (!more.isEmpty()) {
            more.sort(Comparator.comparing(Element::key));
            to.moreElements.add(new Operation.AddElements(set, more));
        }
    }
}
