package dev.weft.kube;

import dev.weft.net.Cidr;
import java.util.List;
import java.util.Optional;

/**
 * A NetworkPolicy (networking.k8s.io/v1).
 *
 * @param pods of its namespace that it selects
 * @param isolatesIngress whether {@code policyTypes}, given or by default, holds {@code Ingress}
 * @param isolatesEgress likewise
 * @param ingress what selected pods may be sent; empty when not isolated
 * @param egress what selected pods may send; empty when not isolated
 */
public record NetworkPolicy(
        ObjectKey key,
        LabelSelector pods,
        boolean isolatesIngress,
        boolean isolatesEgress,
        List<Rule> ingress,
        List<Rule> egress) {

    public NetworkPolicy {
        ingress = List.copyOf(ingress);
        egress = List.copyOf(egress);
    }

    /**
     * Traffic that is allowed: any of the peers at any of the ports.
     *
     * @param ports empty for traffic of every kind, protocols without ports included
     * @param peers empty for everybody, whether pod or not
     */
    public record Rule(List<Port> ports, List<Peer> peers) {
        public Rule {
            ports = List.copyOf(ports);
            peers = List.copyOf(peers);
        }
    }

    /** Ports of one transport protocol; its IP protocol number is 0 for one that this release does not know. */
    public sealed interface Port {
        int protocol();

        /** From 0 (all) or 1 to 65535, both inclusive. */
        record Numbers(int protocol, int from, int to) implements Port {}

        /** The port of that name of the pod that is connected to. */
        record Named(int protocol, String name) implements Port {}
    }

    /** The other side. */
    public sealed interface Peer {
        /** Addresses of pods or of anything else. */
        record Block(Cidr cidr, List<Cidr> except) implements Peer {
            public Block {
                except = List.copyOf(except);
            }
        }

        /**
         * @param namespaces of which pods are meant; absent for the policy's own
         * @param pods which of them
         */
        record Pods(Optional<LabelSelector> namespaces, LabelSelector pods) implements Peer {}

        /** Said in a way that this release cannot read: nobody. */
        record Nobody() implements Peer {}
    }
}
