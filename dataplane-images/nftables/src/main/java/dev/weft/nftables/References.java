package dev.weft.nftables;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which sets and chains a rule or element refers to, and whether jumps go in a circle. */
final class References {
    private References() {}

    /** The set or map that an expression looks into. */
    static Optional<String> set(Expr expr) {
        return switch (expr) {
            case Expr.Lookup lookup -> Optional.of(lookup.set());
            case Expr.MapLookup lookup -> Optional.of(lookup.map());
            case Expr.VerdictMap lookup -> Optional.of(lookup.map());
            case Expr.Dynset dynset -> Optional.of(dynset.set());
            default -> Optional.empty();
        };
    }

    /** The chain that an expression itself goes to. */
    static Optional<String> chain(Expr expr) {
        return expr instanceof Expr.Go(Verdict verdict) ? verdict.chain() : Optional.empty();
    }

    static Optional<String> chain(Element element) {
        return element.value().flatMap(value -> value instanceof Verdict verdict ? verdict.chain() : Optional.empty());
    }

    static boolean usesSetOf(Collection<String> sets, List<Rule> rules) {
        return rules.stream()
                .flatMap(rule -> rule.exprs().stream())
                .anyMatch(expr -> set(expr).filter(sets::contains).isPresent());
    }

    static boolean jumpsTo(String chain, List<Rule> rules) {
        return rules.stream()
                .flatMap(rule -> rule.exprs().stream())
                .anyMatch(expr -> chain(expr).filter(chain::equals).isPresent());
    }

    /** A chain that can be reached from itself, if there is one. */
    static Optional<String> loop(Map<String, List<Rule>> chains, Map<String, ? extends Collection<Element>> sets) {
        Map<String, Set<String>> next = new HashMap<>();
        chains.forEach((name, rules) -> {
            Set<String> targets = new HashSet<>();
            for (Rule rule : rules) {
                for (Expr expr : rule.exprs()) {
                    chain(expr).ifPresent(targets::add);
                    if (expr instanceof Expr.VerdictMap map && sets.containsKey(map.map())) {
                        for (Element element : sets.get(map.map())) {
                            chain(element).ifPresent(targets::add);
                        }
                    }
                }
            }
            next.put(name, targets);
        });
        Set<String> done = new HashSet<>();
        return chains.keySet().stream()
                .filter(chain -> reachesItself(chain, next, new HashSet<>(), done))
                .findFirst();
    }

    private static boolean reachesItself(
            String chain, Map<String, Set<String>> next, Set<String> path, Set<String> done) {
        if (done.contains(chain)) {
            return false;
        }
        if (!path.add(chain)) {
            return true;
        }
        boolean loop = next.getOrDefault(chain, Set.of()).stream().anyMatch(to -> reachesItself(to, next, path, done));
        path.remove(chain);
        done.add(chain);
        return loop;
    }
}
