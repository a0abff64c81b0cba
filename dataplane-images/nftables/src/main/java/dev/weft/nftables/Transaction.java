package dev.weft.nftables;

import java.util.List;
import java.util.stream.Collectors;

/** Operations on one table that take effect together or not at all, in order. */
public record Transaction(Table table, List<Operation> operations) {
    public Transaction {
        operations = List.copyOf(operations);
    }

    public static Transaction of(Table table, Operation... operations) {
        return new Transaction(table, List.of(operations));
    }

    /** Deletes a table that is there. */
    public static Transaction delete(Table table) {
        return of(table, new Operation.DeleteTable());
    }

    public boolean isEmpty() {
        return operations.isEmpty();
    }

    @Override
    public String toString() {
        return "table " + table + ": "
                + operations.stream().map(Operation::describe).collect(Collectors.joining(", "));
    }
}
