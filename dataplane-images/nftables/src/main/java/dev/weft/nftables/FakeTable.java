package dev.weft.nftables;

import dev.weft.linux.Errno;
import dev.weft.nftables.Ruleset.ChainBody;
import dev.weft.nftables.Ruleset.SetBody;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** One table of a {@link FakeNftables} in the middle of a transaction. */
final class FakeTable {
    private static final int ENFILE = 23;

    private final Table table;
    private final Map<String, Chain> chains = new HashMap<>();
    private final Map<String, List<Rule>> rules = new HashMap<>();
    private final Map<String, NftSet> sets = new HashMap<>();
    private final Map<String, NavigableMap<Data, Element>> elements = new HashMap<>();

    FakeTable(Ruleset before) {
        table = before.table();
        before.chains().forEach((name, body) -> {
            chains.put(name, body.chain());
            rules.put(name, new ArrayList<>(body.rules()));
        });
        before.sets().forEach((name, body) -> {
            sets.put(name, body.set());
            elements.put(name, new TreeMap<>(body.elements()));
        });
    }

    Ruleset ruleset() {
        Map<String, ChainBody> chainBodies = new HashMap<>();
        chains.forEach((name, chain) -> chainBodies.put(name, new ChainBody(chain, rulesOf(name))));
        Map<String, SetBody> setBodies = new HashMap<>();
        sets.forEach((name, set) -> setBodies.put(name, new SetBody(set, elementsOf(name))));
        return new Ruleset(table, chainBodies, setBodies);
    }

    static Ruleset withoutDynamicElements(Ruleset ruleset) {
        Map<String, SetBody> sets = new HashMap<>(ruleset.sets());
        sets.replaceAll((name, body) -> body.set().isDynamic() ? new SetBody(body.set(), Map.of()) : body);
        return new Ruleset(ruleset.table(), ruleset.chains(), sets);
    }

    void run(Operation operation) {
        switch (operation) {
            case Operation.AddTable(), Operation.DeleteTable() -> throw new IllegalStateException("done by the caller");
            case Operation.AddChain(Chain chain) -> {
                require(!chains.containsKey(chain.name()), Errno.EEXIST, operation);
                chains.put(chain.name(), chain);
                rules.put(chain.name(), new ArrayList<>());
            }
            case Operation.SetPolicy(Chain chain) -> {
                Chain old = chain(chain.name(), operation);
                require(old.isBase(), Errno.EOPNOTSUPP, operation);
                Hook.Policy policy = chain.hook().map(Hook::policy).orElse(Hook.Policy.ACCEPT);
                chains.put(chain.name(), old.policy(policy));
            }
            case Operation.DeleteChain(String name) -> {
                chain(name, operation);
                rules.remove(name);
                require(!isChainUsed(name), Errno.EBUSY, operation);
                chains.remove(name);
            }
            case Operation.AddRule(String chain, Rule rule) -> addRule(chain, rule, operation);
            case Operation.FlushChain(String name) -> {
                chain(name, operation);
                rulesOf(name).clear();
            }
            // Rules have no handles here, so none has this one.
            case Operation.DeleteRule(String chain, long handle) -> {
                chain(chain, operation);
                throw refused(Errno.ENOENT, operation, "no rule " + handle);
            }
            case Operation.AddSet(NftSet set) -> {
                require(!sets.containsKey(set.name()), Errno.EEXIST, operation);
                sets.put(set.name(), set);
                elements.put(set.name(), new TreeMap<>());
            }
            case Operation.DeleteSet(String name) -> {
                set(name, operation);
                require(!isSetUsed(name), Errno.EBUSY, operation);
                sets.remove(name);
                elements.remove(name);
            }
            case Operation.AddElements(NftSet set, List<Element> more) -> {
                set(set.name(), operation);
                more.forEach(element -> addElement(set.name(), element, operation));
                if (more.stream().anyMatch(element -> References.chain(element).isPresent())) {
                    requireNoLoop(operation);
                }
            }
            case Operation.DeleteElements(NftSet set, List<Element> fewer) -> {
                int keyLength = set(set.name(), operation).keys().length();
                for (Element element : fewer) {
                    require(element.key().length() == keyLength, Errno.EINVAL, operation);
                    Element found = find(set.name(), element)
                            .orElseThrow(() -> refused(Errno.ENOENT, operation, "no element " + element.key()));
                    elementsOf(set.name()).remove(found.key());
                }
            }
            case Operation.FlushSet(String name) -> {
                set(name, operation);
                elementsOf(name).clear();
            }
        }
    }

    private void addRule(String chain, Rule rule, Operation operation) {
        chain(chain, operation);
        for (Expr expr : rule.exprs()) {
            References.set(expr).ifPresent(name -> set(name, operation));
            References.chain(expr).ifPresent(target -> target(target, operation));
        }
        rulesOf(chain).add(rule);
        if (rule.exprs().stream()
                .anyMatch(expr -> expr instanceof Expr.VerdictMap
                        || References.chain(expr).isPresent())) {
            requireNoLoop(operation);
        }
    }

    private void addElement(String name, Element element, Operation operation) {
        NftSet set = set(name, operation);
        require(RulesetCheck.misfit(set, element).isEmpty(), Errno.EINVAL, operation);
        References.chain(element).ifPresent(target -> target(target, operation));
        require(!isTaken(set, element), Errno.EEXIST, operation);
        require(set.size() == 0 || elementsOf(name).size() < set.size(), ENFILE, operation);
        elementsOf(name).put(element.key(), element);
    }

    /** What a deletion hits: in sets of ranges over several fields whatever range the key is in (nft_pipapo_deactivate). */
    private Optional<Element> find(String name, Element wanted) {
        NftSet set = sets.get(name);
        Element exact = elementsOf(name).get(wanted.key());
        if (set != null && set.isInterval() && set.keys().isConcat()) {
            return exact != null ? Optional.of(exact) : containing(set, wanted.key());
        }
        return Optional.ofNullable(exact).filter(found -> found.last().equals(wanted.last()));
    }

    private boolean isTaken(NftSet set, Element element) {
        NavigableMap<Data, Element> present = elementsOf(set.name());
        if (!set.isInterval()) {
            return present.containsKey(element.key());
        }
        if (set.keys().isConcat()) {
            // nft_pipapo_insert looks at both corners only.
            return containing(set, element.key()).isPresent()
                    || containing(set, element.last()).isPresent();
        }
        Map.Entry<Data, Element> below = present.floorEntry(element.last());
        return below != null && Intervals.overlap(below.getValue(), element);
    }

    private Optional<Element> containing(NftSet set, Data key) {
        return elementsOf(set.name()).values().stream()
                .filter(element -> Intervals.contains(set.keys(), element, key))
                .findFirst();
    }

    private void target(String name, Operation operation) {
        require(!chain(name, operation).isBase(), Errno.EOPNOTSUPP, operation);
    }

    private boolean isChainUsed(String name) {
        return rules.values().stream().anyMatch(list -> References.jumpsTo(name, list))
                || elements.values().stream()
                        .flatMap(map -> map.values().stream())
                        .anyMatch(element ->
                                References.chain(element).filter(name::equals).isPresent());
    }

    private boolean isSetUsed(String name) {
        return rules.values().stream().anyMatch(list -> References.usesSetOf(List.of(name), list));
    }

    private void requireNoLoop(Operation operation) {
        Map<String, Collection<Element>> values = new HashMap<>();
        elements.forEach((name, map) -> values.put(name, map.values()));
        require(References.loop(rules, values).isEmpty(), Errno.ELOOP, operation);
    }

    private List<Rule> rulesOf(String chain) {
        return rules.computeIfAbsent(chain, name -> new ArrayList<>());
    }

    private NavigableMap<Data, Element> elementsOf(String set) {
        return elements.computeIfAbsent(set, name -> new TreeMap<>());
    }

    private Chain chain(String name, Operation operation) {
        return Optional.ofNullable(chains.get(name))
                .orElseThrow(() -> refused(Errno.ENOENT, operation, "no chain " + name));
    }

    private NftSet set(String name, Operation operation) {
        return Optional.ofNullable(sets.get(name))
                .orElseThrow(() -> refused(Errno.ENOENT, operation, "no set " + name));
    }

    private void require(boolean condition, int errno, Operation operation) {
        if (!condition) {
            throw refused(errno, operation, "");
        }
    }

    private NftablesException refused(int errno, Operation operation, String detail) {
        return new NftablesException(errno, table, Optional.of(operation), detail);
    }
}
