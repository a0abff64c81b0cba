package dev.weft.nftables;

import dev.weft.linux.Errno;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * nftables in memory, for tests: transactions are atomic, and what is missing, there already, still in use or circular
 * is refused with the kernel's errors. It does not know which statements the kernel allows at which hook, and time does
 * not pass in it: elements with a timeout stay.
 */
public final class FakeNftables implements Nftables {
    private final Map<Table, Ruleset> tables = new HashMap<>();
    private final Map<Table, Integer> commits = new HashMap<>();

    public FakeNftables() {}

    /** One that starts with a table. */
    public FakeNftables(Ruleset table) {
        tables.put(table.table(), table);
    }

    @Override
    public Optional<Ruleset> read(Table table) {
        return Optional.ofNullable(tables.get(table)).map(FakeTable::withoutDynamicElements);
    }

    @Override
    public Map<Data, Element> elements(Table table, NftSet set) {
        Ruleset.SetBody body = Optional.ofNullable(tables.get(table))
                .map(found -> found.sets().get(set.name()))
                .orElseThrow(() -> new NftablesException(Errno.ENOENT, table, Optional.empty(), set.toString()));
        return body.elements();
    }

    @Override
    public void commit(Transaction transaction) {
        if (transaction.isEmpty()) {
            return;
        }
        Table table = transaction.table();
        Optional<FakeTable> state = Optional.ofNullable(tables.get(table)).map(FakeTable::new);
        for (Operation operation : transaction.operations()) {
            state = step(table, state, operation);
        }
        state.ifPresentOrElse(after -> tables.put(table, after.ruleset()), () -> tables.remove(table));
        commits.merge(table, 1, Integer::sum);
    }

    /** How many transactions that were not empty changed the table, for tests that nothing happens when nothing has to. */
    public int commits(Table table) {
        return commits.getOrDefault(table, 0);
    }

    private static Optional<FakeTable> step(Table table, Optional<FakeTable> state, Operation operation) {
        if (operation instanceof Operation.AddTable) {
            return Optional.of(state.orElseGet(() -> new FakeTable(Ruleset.empty(table))));
        }
        FakeTable present = state.orElseThrow(
                () -> new NftablesException(Errno.ENOENT, table, Optional.of(operation), "no such table"));
        if (operation instanceof Operation.DeleteTable) {
            return Optional.empty();
        }
        present.run(operation);
        return state;
    }
}
