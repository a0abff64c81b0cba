package dev.weft.nftables;

import java.util.List;

/** One step of a {@link Transaction}; strict, so that a state other than the expected one is an error, not a surprise. */
public sealed interface Operation {
    /** Makes the table; no error if it is there. */
    record AddTable() implements Operation {}

    /** Deletes the table with all that is in it. */
    record DeleteTable() implements Operation {}

    /** Makes a chain that is not there yet. */
    record AddChain(Chain chain) implements Operation {}

    /** Changes a base chain's policy. */
    record SetPolicy(Chain chain) implements Operation {
        public SetPolicy {
            if (!chain.isBase()) {
                throw new IllegalArgumentException("chain " + chain.name() + " has no hook, so no policy");
            }
        }
    }

    /** Deletes a chain that nothing jumps to, with its rules. */
    record DeleteChain(String name) implements Operation {}

    /** Appends a rule. */
    record AddRule(String chain, Rule rule) implements Operation {}

    /** Deletes all rules of a chain. */
    record FlushChain(String name) implements Operation {}

    /** Deletes one rule, by the handle that the kernel gave it. */
    record DeleteRule(String chain, long handle) implements Operation {}

    /** Makes a set or map that is not there yet. */
    record AddSet(NftSet set) implements Operation {}

    /** Deletes a set or map that no rule uses, with its elements. */
    record DeleteSet(String name) implements Operation {}

    /** Adds elements whose keys are not there yet. */
    record AddElements(NftSet set, List<Element> elements) implements Operation {
        public AddElements {
            elements = checked(elements);
        }
    }

    /** Deletes elements that are there, by key. */
    record DeleteElements(NftSet set, List<Element> elements) implements Operation {
        public DeleteElements {
            elements = checked(elements);
        }
    }

    /** Deletes all elements of a set or map. */
    record FlushSet(String name) implements Operation {}

    private static List<Element> checked(List<Element> elements) {
        if (elements.isEmpty()) {
            // The kernel takes a deletion of no element for a flush.
            throw new IllegalArgumentException("no elements");
        }
        return List.copyOf(elements);
    }

    /** In few words, for messages. */
    default String describe() {
        return switch (this) {
            case AddTable() -> "add table";
            case DeleteTable() -> "delete table";
            case AddChain(Chain chain) -> "add chain " + chain.name();
            case SetPolicy(Chain chain) -> "set policy of chain " + chain.name();
            case DeleteChain(String name) -> "delete chain " + name;
            case AddRule(String chain, Rule rule) ->
                "add rule to chain " + chain + (rule.comment().isEmpty() ? "" : " \"" + rule.comment() + '"');
            case FlushChain(String name) -> "flush chain " + name;
            case DeleteRule(String chain, long handle) -> "delete rule " + handle + " of chain " + chain;
            case AddSet(NftSet set) -> "add " + set;
            case DeleteSet(String name) -> "delete set " + name;
            case AddElements(NftSet set, List<Element> elements) -> "add " + elements.size() + " elements to " + set;
            case DeleteElements(NftSet set, List<Element> elements) ->
                "delete " + elements.size() + " elements of " + set;
            case FlushSet(String name) -> "flush set " + name;
        };
    }
}
