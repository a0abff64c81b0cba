package dev.weft.nftables;

import dev.weft.nftables.Ruleset.ChainBody;
import dev.weft.nftables.Ruleset.SetBody;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What turns one state of a table into another. Pure.
 *
 * <p>Order: rules go first, then elements, sets and chains, since that is how they refer to each other; what comes is
 * made the other way round. Elements and policies change one by one. A chain whose rules differ is flushed and filled
 * again, or only appended to where that is enough; a set or base chain declared differently is made anew, along with
 * the rules that use it.
 */
public final class Diff {
    private final Ruleset actual;
    private final Ruleset desired;
    private final List<Operation> operations = new ArrayList<>();
    private final Set<String> goneSets = new HashSet<>();
    private final Set<String> goneChains = new HashSet<>();

    private Diff(Ruleset actual, Ruleset desired) {
        this.actual = actual;
        this.desired = desired;
    }

    /**
     * The transaction from {@code actual}, empty if the table does not exist, to {@code desired}. Elements of sets that
     * packets fill ({@link NftSet.Flag#DYNAMIC}) are left alone.
     *
     * @throws IllegalArgumentException if the two are different tables
     */
    public static Transaction between(Optional<Ruleset> actual, Ruleset desired) {
        if (actual.isEmpty()) {
            List<Operation> operations = new ArrayList<>(List.of(new Operation.AddTable()));
            operations.addAll(between(Ruleset.empty(desired.table()), desired).operations());
            return new Transaction(desired.table(), operations);
        }
        return between(actual.get(), desired);
    }

    /** The transaction from one state of a table to another. */
    public static Transaction between(Ruleset actual, Ruleset desired) {
        if (!actual.table().equals(desired.table())) {
            throw new IllegalArgumentException("table " + actual.table() + " is not " + desired.table());
        }
        Diff diff = new Diff(actual, desired);
        diff.remove();
        diff.add();
        return new Transaction(desired.table(), diff.operations);
    }

    private void remove() {
        actual.sets().forEach((name, body) -> {
            SetBody wanted = desired.sets().get(name);
            if (wanted == null || !wanted.set().equals(body.set())) {
                goneSets.add(name);
            }
        });
        actual.chains().forEach((name, body) -> {
            ChainBody wanted = desired.chains().get(name);
            if (wanted == null || !sameButPolicy(body.chain(), wanted.chain())) {
                goneChains.add(name);
            }
        });
        sorted(actual.chains()).forEach((name, body) -> {
            if (!body.rules().isEmpty() && kept(body).isEmpty()) {
                operations.add(new Operation.FlushChain(name));
            }
        });
        sorted(actual.sets()).forEach((name, body) -> {
            SetBody wanted = desired.sets().get(name);
            if (wanted != null && !goneSets.contains(name)) {
                List<Element> elements = missing(body, wanted);
                if (!elements.isEmpty()) {
                    operations.add(new Operation.DeleteElements(body.set(), elements));
                }
            }
        });
        goneSets.stream().sorted().map(Operation.DeleteSet::new).forEach(operations::add);
        goneChains.stream().sorted().map(Operation.DeleteChain::new).forEach(operations::add);
    }

    private void add() {
        sorted(desired.chains()).forEach((name, body) -> {
            ChainBody old = actual.chains().get(name);
            if (old == null || goneChains.contains(name)) {
                operations.add(new Operation.AddChain(body.chain()));
            } else if (!old.chain().equals(body.chain())) {
                operations.add(new Operation.SetPolicy(body.chain()));
            }
        });
        sorted(desired.sets()).forEach((name, body) -> {
            if (!actual.sets().containsKey(name) || goneSets.contains(name)) {
                operations.add(new Operation.AddSet(body.set()));
            }
        });
        sorted(desired.sets()).forEach((name, body) -> {
            SetBody old = actual.sets().get(name);
            List<Element> elements =
                    missing(body, old == null || goneSets.contains(name) ? new SetBody(body.set(), Map.of()) : old);
            if (!elements.isEmpty()) {
                operations.add(new Operation.AddElements(body.set(), elements));
            }
        });
        sorted(desired.chains()).forEach((name, body) -> {
            ChainBody old = actual.chains().get(name);
            List<Rule> kept = old == null ? List.of() : kept(old);
            for (Rule rule : body.rules().subList(kept.size(), body.rules().size())) {
                operations.add(new Operation.AddRule(name, rule));
            }
        });
    }

    /** The rules of an actual chain that stay: all of them, or none. */
    private List<Rule> kept(ChainBody old) {
        String name = old.chain().name();
        ChainBody wanted = desired.chains().get(name);
        if (wanted == null || goneChains.contains(name)) {
            return List.of();
        }
        int length = old.rules().size();
        boolean prefix = length <= wanted.rules().size()
                && old.rules().equals(wanted.rules().subList(0, length));
        return prefix && !References.usesSetOf(goneSets, old.rules()) ? old.rules() : List.of();
    }

    private static boolean sameButPolicy(Chain a, Chain b) {
        return a.equals(b)
                || (a.isBase() && b.isBase() && a.policy(Hook.Policy.ACCEPT).equals(b.policy(Hook.Policy.ACCEPT)));
    }

    /** The elements of one that the other lacks or has differently, in the order of their keys. */
    @SuppressWarnings("ReferenceEquality") // the same map was handed in again: the usual case, and cheap
    private static List<Element> missing(SetBody from, SetBody in) {
        if (from.elements() == in.elements() || from.set().isDynamic()) {
            return List.of();
        }
        return from.elements().values().stream()
                .filter(element -> !element.equals(in.elements().get(element.key())))
                .sorted(Comparator.comparing(Element::key))
                .toList();
    }

    private static <T> Map<String, T> sorted(Map<String, T> byName) {
        return new TreeMap<>(byName);
    }
}
