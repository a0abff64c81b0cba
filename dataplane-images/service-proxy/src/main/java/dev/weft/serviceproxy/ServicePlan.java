package dev.weft.serviceproxy;

import dev.weft.kube.Service;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.serviceproxy.Action.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Service of one family as it should be served at a site. Pure. */
final class ServicePlan {
    private final ServiceInputs inputs;
    private final Family family;
    private final Site site;
    private final List<FrontendPlan> plans = new ArrayList<>();

    private ServicePlan(ServiceInputs inputs, Family family, Site site) {
        this.inputs = inputs;
        this.family = family;
        this.site = site;
    }

    /** All frontends; none for Services that are not proxied in this family. */
    static List<FrontendPlan> of(ServiceInputs inputs, Family family, Site site) {
        Service service = inputs.service();
        Optional<Ip> clusterIp = service.clusterIp(family);
        if (clusterIp.isEmpty() || !service.isProxied()) {
            return List.of();
        }
        ServicePlan plan = new ServicePlan(inputs, family, site);
        for (Service.Port port : service.ports()) {
            if (port.protocol() != 0) {
                plan.port(port, clusterIp.get());
            }
        }
        return plan.plans;
    }

    private void port(Service.Port port, Ip clusterIp) {
        Service service = inputs.service();
        Choice choice = Choice.of(inputs.endpoints(port, family), site);
        Optional<FrontendPlan.Affinity> affinity = service.affinitySeconds() == 0
                ? Optional.empty()
                : Optional.of(new FrontendPlan.Affinity(affinityId(port, ""), service.affinitySeconds()));
        // Where only local endpoints will do, what was remembered of other ways in would lead elsewhere.
        internal(
                port,
                clusterIp,
                choice,
                service.internalLocal()
                        ? affinity.map(a -> new FrontendPlan.Affinity(affinityId(port, "/internal"), a.seconds()))
                        : affinity);
        Service.External external = service.external();
        for (Ip ip : of(family, external.loadBalancerIps())) {
            external(
                    port,
                    new Frontend(ip, port.protocol(), port.port()),
                    FrontendPlan.Kind.LOAD_BALANCER,
                    choice,
                    affinity);
        }
        for (Ip ip : of(family, external.ips())) {
            external(
                    port,
                    new Frontend(ip, port.protocol(), port.port()),
                    FrontendPlan.Kind.EXTERNAL_IP,
                    choice,
                    affinity);
        }
        if (port.nodePort() != 0) {
            external(
                    port,
                    Frontend.nodePort(family, port.protocol(), port.nodePort()),
                    FrontendPlan.Kind.NODE_PORT,
                    choice,
                    affinity);
        }
    }

    private void internal(Service.Port port, Ip clusterIp, Choice choice, Optional<FrontendPlan.Affinity> affinity) {
        List<Backend> backends = inputs.service().internalLocal() ? choice.local() : choice.cluster();
        boolean served = !backends.isEmpty();
        plans.add(new FrontendPlan(
                new Frontend(clusterIp, port.protocol(), port.port()),
                FrontendPlan.Kind.CLUSTER_IP,
                port,
                served ? balance(Kind.LB, backends, affinity) : choice.none() ? Action.REJECT : Action.DROP,
                Optional.empty(),
                Optional.empty(),
                backends,
                List.of(),
                List.of(),
                served ? affinity : Optional.empty(),
                choice));
    }

    private void external(
            Service.Port port,
            Frontend frontend,
            FrontendPlan.Kind kind,
            Choice choice,
            Optional<FrontendPlan.Affinity> affinity) {
        boolean nodePort = kind == FrontendPlan.Kind.NODE_PORT;
        boolean local = inputs.service().external().local();
        Optional<Action> inside = Optional.empty();
        Optional<Action> outside = Optional.empty();
        Action action;
        if (choice.none()) {
            action = Action.REJECT;
        } else if (!local) {
            action = choice.cluster().isEmpty()
                    ? Action.DROP
                    : balance(nodePort ? Kind.NODEPORT : Kind.EXT, choice.cluster(), affinity);
        } else {
            action = nodePort ? Action.NODEPORT_BY_SOURCE : Action.BY_SOURCE;
            inside = optional(nodePort ? Kind.NODEPORT_INSIDE : Kind.INSIDE, choice.cluster(), affinity);
            outside = optional(nodePort ? Kind.NODEPORT_OUTSIDE : Kind.OUTSIDE, choice.local(), affinity);
        }
        boolean served = action.balances() || inside.isPresent() || outside.isPresent();
        plans.add(new FrontendPlan(
                frontend,
                kind,
                port,
                action,
                inside,
                outside,
                choice.cluster(),
                local ? choice.local() : List.of(),
                kind == FrontendPlan.Kind.LOAD_BALANCER ? sourceRanges(frontend.address()) : List.of(),
                served ? affinity : Optional.empty(),
                choice));
    }

    private static Optional<Action> optional(
            Kind kind, List<Backend> backends, Optional<FrontendPlan.Affinity> affinity) {
        return backends.isEmpty() ? Optional.empty() : Optional.of(balance(kind, backends, affinity));
    }

    private static Action balance(Kind kind, List<Backend> backends, Optional<FrontendPlan.Affinity> affinity) {
        return new Action(kind, backends.size(), affinity.isPresent());
    }

    /**
     * The ranges that may use a load balancer's address. A node in range may use the address as its source too: where
     * the address is its own, a connection to it comes from it.
     */
    private List<Cidr> sourceRanges(Ip address) {
        List<Cidr> all = inputs.service().external().sourceRanges();
        if (all.isEmpty()) {
            return List.of();
        }
        List<Cidr> ranges = new ArrayList<>();
        for (Cidr range : all) {
            if (range.family() == family) {
                ranges.add(range);
            }
        }
        boolean nodeInRange =
                site.addresses().stream().anyMatch(ip -> ranges.stream().anyMatch(range -> range.contains(ip)));
        if (nodeInRange) {
            ranges.add(Cidr.host(address));
        }
        List<Cidr> merged = ranges.stream()
                .distinct()
                .filter(range -> ranges.stream().noneMatch(other -> !other.equals(range) && other.contains(range)))
                .sorted()
                .toList();
        // Ranges of the other family alone let nobody in; an unspecified host stands for nobody.
        return merged.isEmpty() ? List.of(Cidr.host(Frontend.any(family))) : merged;
    }

    /** In the upper half of all numbers, so that it is never taken for an {@link Action}; with claims, nobody shares it. */
    private int affinityId(Service.Port port, String scope) {
        String name = inputs.service().key() + ":" + port.name() + "/" + port.protocol() + "/" + port.port() + scope;
        int hash = 0x811c9dc5;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x01000193;
        }
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        return (hash ^ (hash >>> 13)) | 0x8000_0000;
    }

    private static List<Ip> of(Family family, List<Ip> ips) {
        return ips.isEmpty()
                ? ips
                : ips.stream().filter(ip -> ip.family() == family).distinct().toList();
    }
}
