package dev.weft.config;

import dev.weft.net.Cidr;
import java.net.URI;
import java.util.List;

/**
 * All that a node agent is told. The operator writes it into a ConfigMap named after {@link #revision}; a change makes
 * a new revision and is rolled out like a new image, so the file never changes under a running agent.
 *
 * @param version release of the images, for example {@code 0.1.0}
 * @param revision name of this configuration and image set; also the value of the node label {@code weft.dev/revision}
 * @param apiServers API servers that need neither Services nor DNS, tried in order; never empty
 * @param podCidrs prefixes of the whole pod network, at most one a family
 * @param routing how pods of different nodes reach each other
 * @param vxlan parameters of the VXLAN, used when routing asks for it
 * @param mtu MTU of pod links in bytes, 576 to 65535, or 0 to work it out from the node's uplink
 * @param masquerade what happens to pod traffic that leaves the pod network
 * @param serviceProxy whether and how this node answers for Services
 * @param networkPolicy whether and how this node enforces policies
 */
public record NodeConfig(
        String version,
        String revision,
        List<URI> apiServers,
        List<Cidr> podCidrs,
        Routing routing,
        Vxlan vxlan,
        int mtu,
        Masquerade masquerade,
        ServiceProxy serviceProxy,
        NetworkPolicy networkPolicy) {

    /** One without network policy. */
    public NodeConfig(
            String version,
            String revision,
            List<URI> apiServers,
            List<Cidr> podCidrs,
            Routing routing,
            Vxlan vxlan,
            int mtu,
            Masquerade masquerade,
            ServiceProxy serviceProxy) {
        this(
                version,
                revision,
                apiServers,
                podCidrs,
                routing,
                vxlan,
                mtu,
                masquerade,
                serviceProxy,
                NetworkPolicy.DISABLED);
    }

    public NodeConfig {
        apiServers = List.copyOf(apiServers);
        podCidrs = List.copyOf(podCidrs);
        if (apiServers.isEmpty()) {
            throw new IllegalArgumentException("apiServers is empty: the agent needs an address of the API server");
        }
        if (mtu != 0 && (mtu < 576 || mtu > 65535)) {
            throw new IllegalArgumentException("mtu " + mtu + " is neither 0 nor between 576 and 65535");
        }
    }

    /**
     * @param vni VXLAN network identifier, 1 to 16777215
     * @param port UDP port, 1 to 65535
     * @param directWithinSubnet plain routes to nodes of the same subnet, encapsulation only to the others
     */
    public record Vxlan(int vni, int port, boolean directWithinSubnet) {
        public Vxlan {
            if (vni < 1 || vni > 0xffffff) {
                throw new IllegalArgumentException("vni " + vni + " is not between 1 and 16777215");
            }
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
            }
        }
    }

    /**
     * @param enabled whether packets from pods to addresses outside the pod network take the node's address
     * @param except destinations that see pod addresses all the same
     */
    public record Masquerade(boolean enabled, List<Cidr> except) {
        public Masquerade {
            except = List.copyOf(except);
        }
    }

    /**
     * @param enabled whether the agent is the node's service proxy; if not, it removes what it made as one
     * @param nodePortAddresses addresses of the node that node ports are open on: CIDRs, or {@link #PRIMARY} for the
     *     addresses of its Node object; empty: all but loopback
     * @param serviceCidrs prefixes that Services get their addresses from; an address in one that no Service has is
     *     dropped. Empty while unknown
     */
    public record ServiceProxy(boolean enabled, List<String> nodePortAddresses, List<Cidr> serviceCidrs) {
        /** Stands for the addresses of the Node object, as with kube-proxy's {@code --nodeport-addresses}. */
        public static final String PRIMARY = "primary";

        /** No service proxy: Services are somebody else's, or nobody's. */
        public static final ServiceProxy DISABLED = new ServiceProxy(false, List.of(), List.of());

        public ServiceProxy {
            nodePortAddresses = List.copyOf(nodePortAddresses);
            serviceCidrs = List.copyOf(serviceCidrs);
            for (String addresses : nodePortAddresses) {
                if (!addresses.equals(PRIMARY)) {
                    requireCidr(addresses);
                }
            }
        }

        private static void requireCidr(String text) {
            try {
                Cidr.parse(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "nodePortAddresses: neither primary nor a CIDR: " + e.getMessage(), e);
            }
        }
    }

    /**
     * @param enabled whether the agent enforces NetworkPolicies on this node's pods; if not, it removes what it made to
     *     do so
     * @param startTimeoutSeconds how long a pod's start waits until its policies are in force, 1 to 60
     * @param onStartTimeout what happens then
     * @param logDenied whether samples of denied traffic are in the agent's log
     */
    public record NetworkPolicy(
            boolean enabled, int startTimeoutSeconds, OnStartTimeout onStartTimeout, boolean logDenied) {
        /** No network policy: policies are somebody else's, or nobody's. */
        public static final NetworkPolicy DISABLED = new NetworkPolicy(false, 10, OnStartTimeout.REFUSE, true);

        /** What happens to a pod whose policies are not in force in time. */
        public enum OnStartTimeout {
            /** It does not start, and the runtime tries again. */
            REFUSE,
            /** It starts without any traffic, until its policies are known. */
            ISOLATE,
            /** It starts as if it had no policies, until they are known. */
            ALLOW
        }

        public NetworkPolicy {
            if (startTimeoutSeconds < 1 || startTimeoutSeconds > 60) {
                throw new IllegalArgumentException(
                        "startTimeoutSeconds " + startTimeoutSeconds + " is not between 1 and 60");
            }
        }
    }
}
