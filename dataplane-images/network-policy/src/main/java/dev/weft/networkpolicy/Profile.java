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
 * So the way of a packet is as long for a thousand policies as for one, but for those that deny, each of which is a step of
 * its own that counts for itself.
 */
record Profile(ProfileKey key, List<Step> steps) {
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

    private static List<Step> inOrder(ProfileKey key, Plans plans) {
        List<Step> steps = new ArrayList<>();
        Optional<Outcome> outcome = Optional.empty();
        Matches alike = new Matches(key);
        for (ObjectKey name : key.policies()) {
            ClusterPlan policy = plans.clusterPolicy(name);
            for (ClusterPlan.Rule rule : policy.rules(key.direction())) {
                if (rule.traffic().peers().equals(Peers.NOBODY)) {
                    continue;
                }
                Outcome wanted = outcome(rule.action(), policy, key);
                if (!outcome.equals(Optional.of(wanted))) {
                    add(outcome, alike, steps);
                    outcome = Optional.of(wanted);
                    alike = new Matches(key);
                }
                alike.add(rule.traffic());
            }
        }
        add(outcome, alike, steps);
        return shortened(steps, key.end());
    }

    private static void add(Optional<Outcome> outcome, Matches alike, List<Step> to) {
        List<Match> matches = alike.build();
        if (outcome.isPresent() && !matches.isEmpty()) {
            to.add(new Step(outcome.get(), matches));
        }
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

    Stream<Match> matches() {
        return steps.stream().flatMap(step -> step.matches().stream());
    }

    /** The groups of peers that its rules look into. */
    Stream<PodGroup> groups() {
        return matches().map(Match::pods).flatMap(Optional::stream);
    }

    /** Where it sends what ClusterNetworkPolicies deny. */
    Stream<Denial> denials() {
        return steps.stream()
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
                return step.outcome();
            }
        }
        return key.end();
    }
}
