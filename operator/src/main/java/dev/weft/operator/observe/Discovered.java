package dev.weft.operator.observe;

import dev.weft.net.Cidr;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What the cluster says of itself beyond its nodes.
 *
 * @param podCidrs prefixes of the pod network as some component was told, empty when none says so
 * @param podCidrsFrom which component, for people
 * @param serviceCidrs prefixes of Services, empty when unknown
 * @param serviceCidrsFrom where from, for people
 * @param apiServers addresses that need neither Services nor DNS
 * @param kubeProxy the kube-proxy that runs, if one was found
 * @param dns who answers DNS queries, and what is known of domain and address
 * @param ingress classes of Ingresses, and whether there is the Gateway API
 * @param foreign components of other makers that route, proxy or enforce, for people
 */
public record Discovered(
        List<Cidr> podCidrs,
        String podCidrsFrom,
        List<Cidr> serviceCidrs,
        String serviceCidrsFrom,
        List<URI> apiServers,
        Optional<KubeProxy> kubeProxy,
        ClusterDns dns,
        ClusterIngress ingress,
        List<String> foreign) {

    /** What a foreign component that enforces NetworkPolicies is called, perhaps among other things. */
    static final String POLICY = "network policy";

    public Discovered {
        podCidrs = List.copyOf(podCidrs);
        serviceCidrs = List.copyOf(serviceCidrs);
        apiServers = List.copyOf(apiServers);
        foreign = List.copyOf(foreign);
    }

    /** The first component of another maker that enforces NetworkPolicies, for people. */
    public Optional<String> policyEngine() {
        return foreign.stream().filter(component -> component.contains(POLICY)).findFirst();
    }
}
