package dev.weft.cni.nat;

import dev.weft.nftables.Diff;
import dev.weft.nftables.Nftables;
import dev.weft.nftables.NftablesException;
import dev.weft.nftables.Operation;
import dev.weft.nftables.Ruleset;
import dev.weft.nftables.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps the kernel's table what {@link CniRuleset} says: the one place that writes it. Two parties have a say, the
 * configuration and the pods; either may change at any time, on any thread.
 */
public final class CniNat {
    private final Nftables nftables;
    private NatPolicy policy = NatPolicy.NONE;
    private List<HostPort> hostPorts = List.of();
    /** What the table holds after the last commit; absent while that is not known. */
    private Optional<Ruleset> last = Optional.empty();

    public CniNat(Nftables nftables) {
        this.nftables = nftables;
    }

    /**
     * Sets what is masqueraded.
     *
     * @throws NftablesException if the kernel refuses; call again later
     */
    public synchronized void setPolicy(NatPolicy newPolicy) {
        if (!newPolicy.equals(policy) || last.isEmpty()) {
            policy = newPolicy;
            update();
        }
    }

    /**
     * Sets the host ports of all pods. They are asked for once it is this call's turn, so that of two calls at once the
     * later one does not set what the earlier one saw.
     *
     * @throws NftablesException if the kernel refuses; call again later
     */
    public synchronized void setHostPorts(Supplier<List<HostPort>> current) {
        List<HostPort> newHostPorts = current.get();
        if (!newHostPorts.equals(hostPorts) || last.isEmpty()) {
            hostPorts = List.copyOf(newHostPorts);
            update();
        }
    }

    /**
     * Compares the kernel's table with what should be and puts right what differs.
     *
     * @return what was put right, for people; empty when nothing differed
     * @throws NftablesException if the kernel refuses
     */
    public synchronized List<String> repair() {
        return changes(applyWhole());
    }

    /**
     * What differs in the kernel's table from what should be, for people; empty when nothing does.
     *
     * @throws NftablesException if it cannot be read
     */
    public synchronized List<String> check() {
        return changes(Diff.between(nftables.read(CniRuleset.TABLE), CniRuleset.of(policy, hostPorts)));
    }

    /**
     * Removes the table.
     *
     * @throws NftablesException if the kernel refuses
     */
    public synchronized void remove() {
        last = Optional.empty();
        if (nftables.read(CniRuleset.TABLE).isPresent()) {
            nftables.commit(Transaction.delete(CniRuleset.TABLE));
        }
    }

    private void update() {
        if (last.isEmpty()) {
            applyWhole();
            return;
        }
        Ruleset desired = CniRuleset.of(policy, hostPorts);
        Transaction difference = Diff.between(last, desired);
        last = Optional.empty();
        try {
            nftables.commit(difference);
        } catch (NftablesException e) {
            // Somebody changed the table under us: read it and take the difference anew. What else it is throws again.
            nftables.apply(desired);
        }
        last = Optional.of(desired);
    }

    private Transaction applyWhole() {
        Ruleset desired = CniRuleset.of(policy, hostPorts);
        last = Optional.empty();
        Transaction done = nftables.apply(desired);
        last = Optional.of(desired);
        return done;
    }

    private static List<String> changes(Transaction transaction) {
        return transaction.operations().stream()
                .map(Operation::describe)
                .map(step -> "table " + CniRuleset.TABLE + ": " + step)
                .toList();
    }
}
