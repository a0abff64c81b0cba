package dev.weft.nftables;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The state of one table: as wanted, or as read. Two are equal if nothing has to change from one to the other.
 *
 * @param chains by name
 * @param sets by name, maps among them
 */
public record Ruleset(Table table, Map<String, ChainBody> chains, Map<String, SetBody> sets) {
    public Ruleset {
        chains = Map.copyOf(chains);
        sets = Map.copyOf(sets);
    }

    /** A chain and its rules in order. */
    public record ChainBody(Chain chain, List<Rule> rules) {
        public ChainBody {
            rules = List.copyOf(rules);
        }
    }

    /**
     * A set and its elements by key. Hand the same map in again where nothing changed: it is not copied, and
     * {@link Diff} sees at once that it is the same.
     */
    public record SetBody(NftSet set, Map<Data, Element> elements) {
        public SetBody {
            elements = Map.copyOf(elements);
        }
    }

    public static Builder of(Table table) {
        return new Builder(table);
    }

    /** The table with nothing in it. */
    public static Ruleset empty(Table table) {
        return new Ruleset(table, Map.of(), Map.of());
    }

    /** Elements by key, as {@link SetBody} takes them. */
    public static Map<Data, Element> index(Collection<Element> elements) {
        return elements.stream().collect(Collectors.toUnmodifiableMap(Element::key, Function.identity()));
    }

    /** Puts a table together and checks that it holds. */
    public static final class Builder {
        private final Table table;
        private final Map<String, ChainBody> chains = new LinkedHashMap<>();
        private final Map<String, SetBody> sets = new LinkedHashMap<>();

        private Builder(Table table) {
            this.table = table;
        }

        /**
         * A chain and its rules.
         *
         * @throws IllegalArgumentException if there is one of that name already
         */
        public Builder chain(Chain chain, List<RuleText> rules) {
            List<Rule> compiled =
                    rules.stream().map(rule -> rule.compile(table.family())).toList();
            if (chains.putIfAbsent(chain.name(), new ChainBody(chain, compiled)) != null) {
                throw new IllegalArgumentException("two chains " + chain.name());
            }
            return this;
        }

        public Builder chain(Chain chain, RuleText... rules) {
            return chain(chain, List.of(rules));
        }

        public Builder set(NftSet set, Element... elements) {
            return set(set, List.of(elements));
        }

        public Builder set(NftSet set, Collection<Element> elements) {
            return set(set, index(elements));
        }

        /**
         * A set or map and its elements; an immutable map is not copied.
         *
         * @throws IllegalArgumentException if there is one of that name already
         */
        public Builder set(NftSet set, Map<Data, Element> elements) {
            if (sets.putIfAbsent(set.name(), new SetBody(set, elements)) != null) {
                throw new IllegalArgumentException("two sets " + set.name());
            }
            return this;
        }

        /**
         * The ruleset.
         *
         * @throws IllegalArgumentException if something refers to a set or chain that is not in it, an element does
         *     not fit its set, or jumps go in a circle
         */
        public Ruleset build() {
            Ruleset ruleset = new Ruleset(table, chains, sets);
            RulesetCheck.check(ruleset);
            return ruleset;
        }
    }
}
