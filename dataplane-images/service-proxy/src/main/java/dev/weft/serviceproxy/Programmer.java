package dev.weft.serviceproxy;

import dev.weft.kube.ObjectKey;
import dev.weft.net.Family;
import dev.weft.nftables.Diff;
import dev.weft.nftables.Nftables;
import dev.weft.nftables.NftablesException;
import dev.weft.nftables.Operation;
import dev.weft.nftables.Ruleset;
import dev.weft.nftables.Transaction;
import dev.weft.serviceproxy.TableState.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Keeps one family's table what its {@link TableState} says: the one place that writes it. Changes are committed as
 * deltas; {@link #takeOver} reads the kernel and puts right what differs. One thread.
 */
final class Programmer {
    /** Elements of a transaction at a cold start: packets of all namespaces wait while the kernel commits. */
    private static final int BATCH = 4000;

    private final Layout layout;
    private final Nftables nftables;

    Programmer(Family family, Nftables nftables) {
        this.layout = new Layout(family);
        this.nftables = nftables;
    }

    Layout layout() {
        return layout;
    }

    TableState state(ProxyConfig config, Site site) {
        return new TableState(layout, config, site);
    }

    /**
     * Commits what these changes change.
     *
     * @throws NftablesException if the kernel refuses; the state is then ahead of it, so take over anew
     */
    Transaction commit(
            TableState state, Map<ObjectKey, Step> steps, Function<ObjectKey, Optional<ServiceInputs>> current) {
        Transaction delta = state.update(steps, current);
        nftables.commit(delta);
        return delta;
    }

    /**
     * Begins a state with these Services and makes the table what it says. A table that is there is changed in one transaction, which packets see as a
     * whole; a new one is filled in steps, and the rules that lead into it come last.
     *
     * @param state one that has no Services yet
     * @return what was changed
     * @throws NftablesException if the kernel refuses
     */
    Transaction takeOver(TableState state, Collection<ServiceInputs> services) {
        Ruleset desired = state.load(services);
        Optional<Ruleset> actual = nftables.read(layout.table());
        Transaction difference = Diff.between(actual, desired);
        if (actual.isPresent()) {
            nftables.commit(difference);
        } else {
            inSteps(difference.operations()).forEach(nftables::commit);
        }
        return difference;
    }

    private List<Transaction> inSteps(List<Operation> operations) {
        List<Transaction> steps = new ArrayList<>();
        List<Operation> gathered = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation instanceof Operation.AddElements(var set, var elements) && elements.size() > BATCH) {
                steps.add(new Transaction(layout.table(), gathered));
                gathered = new ArrayList<>();
                for (int from = 0; from < elements.size(); from += BATCH) {
                    steps.add(Transaction.of(
                            layout.table(),
                            new Operation.AddElements(
                                    set, elements.subList(from, Math.min(from + BATCH, elements.size())))));
                }
            } else {
                gathered.add(operation);
            }
        }
        steps.add(new Transaction(layout.table(), gathered));
        return steps;
    }

    /** Whether the table is there, by one map that always has the same few elements. */
    boolean isThere() {
        try {
            return nftables.elements(layout.table(), layout.sets.refusals).size() == Layout.REFUSALS;
        } catch (NftablesException e) {
            if (e.reason() == NftablesException.Reason.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /** Removes the table; whether it was there. */
    static boolean remove(Nftables nftables, Family family) {
        boolean present = nftables.read(Layout.table(family)).isPresent();
        if (present) {
            nftables.commit(Transaction.delete(Layout.table(family)));
        }
        return present;
    }
}
