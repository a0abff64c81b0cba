package dev.weft.networkpolicy;

import dev.weft.kube.ClusterNetworkPolicy.Action;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a chain says that pods share: the first step that matches decides, else {@link ProfileKey#end}. NetworkPolicies only ever
 * allow, so all of them are one step, as are rules of ClusterNetworkPolicies that follow each other with the same outcome.
 * So the way of a packet that passes is as long for a thousand policies as for one.
 */
record Profile(ProfileKey key, List<Step> steps) {
    /**
     * As many matches at most lead to a chain that tells who denies: the kernel validates that chain once for each rule that
     * leads there.
     */
    private static final int SORTED_MATCHES = 4;

    Profile {
        steps = List.copyOf(steps);
    }

    /** Membership in a group, as the kernel's sets have it. */
    interface Members {
        /**
         * @param port where the connection goes to, for groups with a named port
         */
        boolean has(PodGroup group, Ip ip, int port);
    }

    /** Has each policy of a key. */
    interface Plans {
        PolicyPlan policy(ObjectKey key);

        ClusterPlan clusterPolicy(ObjectKey key);
    }

    static Profile of(ProfileKey key, Plans plans) {
        return new Profile(
                key,
                switch (key.tier()) {
                    case NETWORK_POLICY -> allowing(key, plans);
                    case ADMIN, BASELINE -> inOrder(key, plans);
                });
    }

    private static List<Step> allowing(ProfileKey key, Plans plans) {
        Matches allowed = new Matches(key);
        for (ObjectKey policy : key.policies()) {
            plans.policy(policy).rules(key.direction()).forEach(allowed::add);
        }
        List<Match> matches = allowed.build();
        return matches.isEmpty() ? List.of() : List.of(new Step(Outcome.ALLOWED, matches));
    }

    /** Rules that follow each other with one outcome. */
    private record Run(Outcome outcome, List<PolicyPlan.Rule> rules) {
        Step step(ProfileKey key) {
            Matches alike = new Matches(key);
            rules.forEach(alike::add);
            return new Step(outcome, alike.build());
        }
    }

    private static List<Step> inOrder(ProfileKey key, Plans plans) {
        List<Run> runs = new ArrayList<>();
        for (ObjectKey name : key.policies()) {
            ClusterPlan policy = plans.clusterPolicy(name);
            for (ClusterPlan.Rule rule : policy.rules(key.direction())) {
                Outcome wanted = outcome(rule.action(), policy, key);
                if (rule.traffic().peers().equals(Peers.NOBODY)) {
                    continue;
                }
                if (runs.isEmpty() || !runs.getLast().outcome().equals(wanted)) {
                    runs.add(new Run(wanted, new ArrayList<>()));
                }
                runs.getLast().rules().add(rule.traffic());
            }
        }
        return shortened(together(runs, key), key.end());
    }

    /** Each run as a step, or several that deny as one. */
    private static List<Step> together(List<Run> runs, ProfileKey key) {
        List<Step> steps = new ArrayList<>();
        int from = 0;
        while (from < runs.size()) {
            int to = from + 1;
            while (to < runs.size() && isDenied(runs.get(from)) && isDenied(runs.get(to))) {
                to++;
            }
            List<Run> denying = runs.subList(from, to);
            steps.addAll(
                    denying.size() > 1
                            ? denied(denying, key, steps.size())
                            : List.of(runs.get(from).step(key)));
            from = to;
        }
        steps.removeIf(step -> step.matches().isEmpty());
        return steps;
    }

    private static boolean isDenied(Run run) {
        return run.outcome() instanceof Outcome.Denied;
    }

    /** What several policies deny: by one look for whether any of them does, if that is shorter for those who pass. */
    private static List<Step> denied(List<Run> denying, ProfileKey key, int position) {
        List<Step> single = denying.stream()
                .map(run -> run.step(key))
                .filter(step -> !step.matches().isEmpty())
                .toList();
        Outcome sorted = new Outcome.Sorted(key.chain() + "-by-" + position, single);
        Step all = new Run(
                        sorted,
                        denying.stream().flatMap(run -> run.rules().stream()).toList())
                .step(key);
        return single.size() > 1 && all.matches().size() <= SORTED_MATCHES ? List.of(all) : single;
    }

    private static Outcome outcome(Action action, ClusterPlan policy, ProfileKey key) {
        return switch (action) {
            case ACCEPT -> Outcome.ALLOWED;
            case DENY -> new Outcome.Denied(Denial.by(policy, key.direction()));
            case PASS -> key.end();
        };
    }

    /** Without what nothing gets to, and without what would happen anyway. */
    private static List<Step> shortened(List<Step> steps, Outcome end) {
        List<Step> kept = new ArrayList<>();
        for (Step step : steps) {
            kept.add(step);
            if (step.isLast()) {
                break;
            }
        }
        while (!kept.isEmpty() && kept.getLast().outcome().equals(end)) {
            kept.removeLast();
        }
        return kept;
    }

    /** All that it looks into, in whichever of its chains. */
    Stream<Match> matches() {
        return allSteps().flatMap(step -> step.matches().stream());
    }

    private Stream<Step> allSteps() {
        return Stream.concat(steps.stream(), sorted().flatMap(sorted -> sorted.steps().stream()));
    }

    /** Its other chains. */
    Stream<Outcome.Sorted> sorted() {
        return steps.stream()
                .map(Step::outcome)
                .filter(Outcome.Sorted.class::isInstance)
                .map(Outcome.Sorted.class::cast);
    }

    /** The groups of peers that its rules look into. */
    Stream<PodGroup> groups() {
        return matches().map(Match::pods).flatMap(Optional::stream);
    }

    /** Where it sends what ClusterNetworkPolicies deny. */
    Stream<Denial> denials() {
        return allSteps()
                .map(Step::outcome)
                .filter(Outcome.Denied.class::isInstance)
                .map(Outcome.Denied.class::cast)
                .map(Outcome.Denied::by);
    }

    /**
     * What becomes of a connection, as the chain would judge it.
     *
     * @param port where it goes to; 0 for protocols without ports
     */
    Outcome judge(Ip peer, int protocol, int port, Members members) {
        for (Step step : steps) {
            if (step.matches(peer, protocol, port, members)) {
                return step.outcome() instanceof Outcome.Sorted(String chain, List<Step> denying)
                        ? new Profile(key, denying).judge(peer, protocol, port, members)
                        : step.outcome();
            }
        }
        return key.end();
    }
}
