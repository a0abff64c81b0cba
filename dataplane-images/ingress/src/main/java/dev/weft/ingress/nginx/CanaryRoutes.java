package dev.weft.ingress.nginx;

import dev.weft.ingress.match.HttpMatch;
import dev.weft.ingress.match.HttpRoute;
import dev.weft.ingress.match.PathMatch;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Target;
import dev.weft.ingress.route.Target.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The routes of a path that has canaries. Each is looked at in turn: its header decides, then its cookie, then its share; who
 * is refused by {@code never} has no part in the shares.
 */
final class CanaryRoutes {
    /** Beyond this many routes, {@code never} is no longer heeded: each canary with one doubles them. */
    private static final int MOST = 200;

    /** Another backend of a path. */
    record Canary(CanaryOptions options, Answer answer) {}

    private final PathMatch path;
    private final HttpRule rule;
    private final Answer primary;
    private final List<Canary> canaries;
    private final List<HttpRoute> routes = new ArrayList<>();

    private CanaryRoutes(PathMatch path, HttpRule rule, Answer primary, List<Canary> canaries) {
        this.path = path;
        this.rule = rule;
        this.primary = primary;
        this.canaries = canaries;
    }

    /**
     * In their order, the last one for all that is left.
     *
     * @param rule of the primary
     */
    static List<HttpRoute> of(PathMatch path, HttpRule rule, Answer primary, List<Canary> canaries) {
        CanaryRoutes made = new CanaryRoutes(path, rule, primary, canaries);
        made.from(0, List.of(), List.of());
        return made.routes;
    }

    private void from(int index, List<HttpMatch.Field> known, List<Canary> sharing) {
        if (index == canaries.size()) {
            add(known, shares(sharing));
            return;
        }
        Canary canary = canaries.get(index);
        Target all = canary.answer().target();
        canary.options().chosenByHeader().ifPresent(field -> add(with(known, field), all));
        refused(canary.options().refusedByHeader(), index, known, sharing);
        canary.options().chosenByCookie().ifPresent(field -> add(with(known, field), all));
        refused(canary.options().refusedByCookie(), index, known, sharing);
        List<Canary> more = new ArrayList<>(sharing);
        more.add(canary);
        from(index + 1, known, more);
    }

    private void refused(
            Optional<HttpMatch.Field> field, int index, List<HttpMatch.Field> known, List<Canary> sharing) {
        if (field.isPresent() && routes.size() < MOST) {
            from(index + 1, with(known, field.get()), sharing);
        }
    }

    private static List<HttpMatch.Field> with(List<HttpMatch.Field> known, HttpMatch.Field field) {
        List<HttpMatch.Field> more = new ArrayList<>(known);
        more.add(field);
        return more;
    }

    private void add(List<HttpMatch.Field> headers, Target target) {
        routes.add(new HttpRoute(
                new HttpMatch(path, Optional.empty(), headers, List.of()), Rules.withTarget(rule, target)));
    }

    /** Each its share of its total; the primary what is left. */
    private Target shares(List<Canary> sharing) {
        long total = 1;
        for (Canary canary : sharing) {
            total = total % canary.options().total() == 0
                    ? total
                    : total * canary.options().total();
            total = Math.min(total, 1_000_000);
        }
        List<Backend> backends = new ArrayList<>();
        long left = total;
        // Also who has no share has those whose cookie says so.
        boolean kept = rule.affinity().isPresent();
        for (Canary canary : sharing) {
            long share = Math.round((double) total
                    * canary.options().weight()
                    / canary.options().total());
            if (share > 0 || kept) {
                backends.add(canary.answer().weighing((int) share));
                left -= share;
            }
        }
        if (left > 0 || kept) {
            backends.addFirst(primary.weighing((int) left));
        }
        return new Target(backends);
    }
}
