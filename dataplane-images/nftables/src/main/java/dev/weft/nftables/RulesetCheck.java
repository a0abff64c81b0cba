package dev.weft.nftables;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds what the kernel would refuse, and says it better. */
final class RulesetCheck {
    private final Ruleset ruleset;

    private RulesetCheck(Ruleset ruleset) {
        this.ruleset = ruleset;
    }

    static void check(Ruleset ruleset) {
        RulesetCheck check = new RulesetCheck(ruleset);
        ruleset.chains().values().forEach(check::chain);
        ruleset.sets().values().forEach(check::set);
        Map<String, List<Rule>> rules = ruleset.chains().values().stream()
                .collect(Collectors.toMap(body -> body.chain().name(), Ruleset.ChainBody::rules));
        Map<String, Collection<Element>> elements = ruleset.sets().values().stream()
                .collect(Collectors.toMap(
                        body -> body.set().name(), body -> body.elements().values()));
        References.loop(rules, elements).ifPresent(chain -> {
            throw new IllegalArgumentException("chain " + chain + " leads back to itself");
        });
    }

    private void chain(Ruleset.ChainBody body) {
        String where = "chain " + body.chain().name();
        for (Rule rule : body.rules()) {
            for (Expr expr : rule.exprs()) {
                References.chain(expr).ifPresent(target -> target(where, target));
                lookup(where, expr);
            }
        }
    }

    private void lookup(String where, Expr expr) {
        Optional<String> name = References.set(expr);
        if (name.isEmpty()) {
            return;
        }
        Ruleset.SetBody body = ruleset.sets().get(name.get());
        if (body == null) {
            throw new IllegalArgumentException(where + " looks into " + name.get() + ", which is not there");
        }
        boolean verdicts = body.set()
                .values()
                .filter(NftSet.Target.ToVerdict.class::isInstance)
                .isPresent();
        boolean fits = switch (expr) {
            case Expr.VerdictMap map -> verdicts;
            case Expr.MapLookup map -> body.set().isMap() && !verdicts;
            case Expr.Dynset dynset ->
                body.set().isDynamic()
                        && dynset.data().isPresent() == body.set().isMap();
            default -> true;
        };
        if (!fits) {
            throw new IllegalArgumentException(where + " cannot use " + body.set() + " that way: " + expr);
        }
    }

    private void set(Ruleset.SetBody body) {
        NftSet set = body.set();
        if (set.isDynamic() && set.size() == 0) {
            throw new IllegalArgumentException(set + " is filled by packets and has no size");
        }
        for (Element element : body.elements().values()) {
            misfit(set, element).ifPresent(why -> {
                throw new IllegalArgumentException(set + " takes no element " + element.key() + ": " + why);
            });
            References.chain(element).ifPresent(target -> target(set.toString(), target));
        }
        if (set.isInterval() && !set.keys().isConcat()) {
            overlap(body);
        }
    }

    /** Why the kernel would say EINVAL to an element; empty if it fits. */
    static Optional<String> misfit(NftSet set, Element element) {
        if (element.key().length() != set.keys().length()) {
            return Optional.of("its keys have " + set.keys().length() + " bytes");
        }
        if (element.isInterval() && !set.isInterval()) {
            return Optional.of("it is an interval");
        }
        Optional<NftSet.Target> target = set.values();
        boolean fits = switch (element.value().orElse(null)) {
            case null -> target.isEmpty();
            case Verdict verdict ->
                target.filter(NftSet.Target.ToVerdict.class::isInstance).isPresent();
            case Data data ->
                target.filter(to -> to instanceof NftSet.Target.ToData(SetType type) && type.length() == data.length())
                        .isPresent();
        };
        return fits ? Optional.empty() : Optional.of("its value is " + element.value());
    }

    private static void overlap(Ruleset.SetBody body) {
        List<Element> sorted = Intervals.sorted(body.elements().values());
        for (int i = 1; i < sorted.size(); i++) {
            if (Intervals.overlap(sorted.get(i - 1), sorted.get(i))) {
                throw new IllegalArgumentException(body.set() + ": "
                        + sorted.get(i - 1).key() + " and " + sorted.get(i).key() + " overlap");
            }
        }
    }

    private void target(String where, String target) {
        Ruleset.ChainBody body = ruleset.chains().get(target);
        if (body == null) {
            throw new IllegalArgumentException(where + " goes to chain " + target + ", which is not there");
        }
        if (body.chain().isBase()) {
            throw new IllegalArgumentException(where + " goes to chain " + target + ", which has a hook");
        }
    }
}
