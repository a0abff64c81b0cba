package dev.weft.nftables;

import java.util.Map;
import java.util.Optional;

/** The nftables of one network namespace: the kernel's, or a {@link FakeNftables}. One thread at a time. */
public interface Nftables {
    /**
     * A table as it is, or nothing if it does not exist.
     *
     * <p>Sets that packets fill ({@link NftSet.Flag#DYNAMIC}) come without elements; ask {@link #elements} for those.
     *
     * @throws NftablesException with {@link NftablesException.Reason#RACE} if others kept changing it while it was read
     */
    Optional<Ruleset> read(Table table);

    /**
     * The elements of one set, those that packets added included.
     *
     * @throws NftablesException with {@link NftablesException.Reason#NOT_FOUND} if there is no such table or set
     */
    Map<Data, Element> elements(Table table, NftSet set);

    /**
     * Does all of it at once, or nothing. An empty transaction asks the kernel nothing.
     *
     * @throws NftablesException naming the first operation that the kernel refused; nothing was changed. Read again
     *     and take the difference anew.
     */
    void commit(Transaction transaction);

    /** Makes the table what {@code desired} says, by the smallest transaction that does; returns what was done. */
    default Transaction apply(Ruleset desired) {
        Transaction difference = Diff.between(read(desired.table()), desired);
        commit(difference);
        return difference;
    }
}
