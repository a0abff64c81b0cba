package dev.weft.kube;

import dev.weft.net.Cidr;
import java.util.List;
import java.util.Optional;

/**
 * A ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2). What of it cannot be read fails closed, as that API asks for:
 * an Accept rule with such a part matches nothing, and a Deny or Pass rule denies everything.
 *
 * @param uid of the object, for Events about it
 * @param priority 0 to 1000; the lower, the earlier it is asked in its tier
 * @param subject the pods that it applies to; absent if that cannot be read, so that it applies to none
 * @param ingress in order: the first that matches decides
 * @param egress likewise
 * @param faults what could not be read, and what follows; a sentence each, for people
 */
public record ClusterNetworkPolicy(
        String name,
        String uid,
        Tier tier,
        int priority,
        Optional<Subject> subject,
        List<Rule> ingress,
        List<Rule> egress,
        List<String> faults) {

    public ClusterNetworkPolicy {
        ingress = List.copyOf(ingress);
        egress = List.copyOf(egress);
        faults = List.copyOf(faults);
    }

    public ObjectKey key() {
        return ObjectKey.of(name);
    }

    /** Admin tiers come before NetworkPolicies, Baseline tiers where no NetworkPolicy isolates the pod. */
    public enum Tier {
        ADMIN("Admin"),
        BASELINE("Baseline");

        private final String text;

        Tier(String text) {
            this.text = text;
        }

        /** As the API writes it. */
        @Override
        public String toString() {
            return text;
        }
    }

    /** What becomes of traffic that a rule matches. */
    public enum Action {
        /** It passes, whatever later rules and tiers say. */
        ACCEPT("Accept"),
        /** It is dropped. */
        DENY("Deny"),
        /** The next tier decides. */
        PASS("Pass");

        private final String text;

        Action(String text) {
            this.text = text;
        }

        /** As the API writes it. */
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * @param namespaces whose pods are meant
     * @param pods which of them
     */
    public record Subject(LabelSelector namespaces, LabelSelector pods) {}

    /**
     * Traffic with any of the peers at any of the ports, and what becomes of it.
     *
     * @param name for people; may be empty
     * @param ports empty for traffic of every kind; a name is there once for each protocol, as the API gives it none
     * @param peers empty for nobody
     */
    public record Rule(String name, Action action, List<NetworkPolicy.Port> ports, List<Peer> peers) {
        public Rule {
            ports = List.copyOf(ports);
            peers = List.copyOf(peers);
        }
    }

    /** The other side. */
    public sealed interface Peer {
        /** Pods of some namespaces. */
        record Pods(LabelSelector namespaces, LabelSelector pods) implements Peer {}

        /** Addresses of nodes. */
        record Nodes(LabelSelector nodes) implements Peer {}

        /** Addresses of anything. */
        record Networks(List<Cidr> cidrs) implements Peer {
            public Networks {
                cidrs = List.copyOf(cidrs);
            }
        }

        /** Everybody, whether pod or not: what a rule denies that fails closed. */
        record Everybody() implements Peer {}
    }
}
