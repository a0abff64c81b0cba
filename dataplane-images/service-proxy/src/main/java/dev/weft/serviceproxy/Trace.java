package dev.weft.serviceproxy;

import dev.weft.kube.ObjectKey;
import dev.weft.kube.Service;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says for people where a connection goes and why. Pure; asks the same plan that the kernel's table was made from. */
final class Trace {
    private final TableState state;
    private final Function<ObjectKey, Optional<ServiceInputs>> services;
    private final Site site;
    private final ProxyConfig config;

    Trace(TableState state, Function<ObjectKey, Optional<ServiceInputs>> services, Site site) {
        this.state = state;
        this.services = services;
        this.site = site;
        this.config = state.config();
    }

    String of(Ip source, Frontend asked) {
        List<String> lines = new ArrayList<>();
        Optional<Claims.Bid> owner = state.claims().winner(asked);
        Frontend frontend = asked;
        if (owner.isEmpty() && site.addresses().contains(asked.address())) {
            frontend = Frontend.nodePort(asked.address().family(), asked.protocol(), asked.port());
            owner = state.claims().winner(frontend);
        }
        Frontend found = frontend;
        Optional<ServiceInputs> inputs = owner.flatMap(bid -> services.apply(bid.service()));
        Optional<FrontendPlan> plan = inputs.flatMap(in -> state.plans(in).stream()
                .filter(one -> one.frontend().equals(found))
                .findFirst());
        if (inputs.isEmpty() || plan.isEmpty()) {
            return unknown(asked);
        }
        Service service = inputs.get().service();
        lines.add("Service " + service.key() + port(plan.get().port()) + " by its "
                + plan.get().kind().label() + " (" + found + ")");
        decide(source, plan.get(), service, lines);
        return String.join("\n", lines);
    }

    private static String port(Service.Port port) {
        return port.name().isEmpty() ? "" : ", port " + port.name();
    }

    private String unknown(Frontend asked) {
        if (state.claims().winner(Emission.address(asked.address())).isPresent()) {
            return "rejected: the Service of " + asked.address() + " has no port " + asked.port()
                    + " (chain refuse-cluster-ips)";
        }
        boolean serviceCidr =
                config.serviceCidrs(asked.address().family()).stream().anyMatch(cidr -> cidr.contains(asked.address()));
        return serviceCidr
                ? "dropped: no Service has " + asked.address() + " (chain refuse-cluster-ips)"
                : "no Service has " + asked + ": the packet goes on as it is";
    }

    private void decide(Ip source, FrontendPlan plan, Service service, List<String> lines) {
        if (!plan.sourceRanges().isEmpty() && plan.sourceRanges().stream().noneMatch(range -> range.contains(source))) {
            lines.add("dropped: " + source + " is in none of loadBalancerSourceRanges " + plan.sourceRanges()
                    + " (set allowed-sources)");
            return;
        }
        boolean pod = in(config.podCidrs(source.family()), source);
        boolean host = site.addresses().contains(source);
        String from = pod ? "a pod" : host ? "this node" : "outside";
        switch (plan.action().kind()) {
            case REJECT -> lines.add("rejected: no endpoint anywhere (chain reject)");
            case DROP -> lines.add("dropped: policy Local, and no endpoint on node " + site.node());
            case BY_SOURCE, NODEPORT_BY_SOURCE -> {
                lines.add("externalTrafficPolicy Local, and " + source + " is " + from + " (chain "
                        + plan.action().chain().orElse("") + ")");
                if (pod || host) {
                    plan.inside().ifPresent(action -> to(action, plan, plan.cluster(), source, host, lines));
                } else if (plan.outside().isPresent()) {
                    to(plan.outside().get(), plan, plan.local(), source, false, lines);
                } else {
                    lines.add("dropped: no endpoint on node " + site.node());
                }
            }
            case LB -> to(plan.action(), plan, plan.cluster(), source, !pod, lines);
            case EXT, NODEPORT -> to(plan.action(), plan, plan.cluster(), source, true, lines);
            case INSIDE, NODEPORT_INSIDE, OUTSIDE, NODEPORT_OUTSIDE ->
                lines.add("inner action of service " + service.key());
        }
    }

    private static void to(
            Action action,
            FrontendPlan plan,
            List<Backend> backends,
            Ip source,
            boolean masquerade,
            List<String> lines) {
        lines.add("to one of " + backends.size() + " (chain " + action.chain().orElse("") + ", "
                + plan.choice().why() + "): "
                + backends.stream().map(Backend::toString).collect(Collectors.joining(", ")));
        plan.affinity()
                .ifPresent(affinity -> lines.add("a client stays with its endpoint for " + affinity.seconds()
                        + " s after its latest connection (map affinity)"));
        boolean hairpin =
                backends.stream().anyMatch(backend -> backend.address().equals(source));
        lines.add(
                masquerade
                        ? "the source becomes the node's address"
                        : hairpin
                                ? "the source stays, but becomes the node's address where " + source + " reaches itself"
                                : "the source stays " + source);
    }

    private static boolean in(List<Cidr> cidrs, Ip ip) {
        return cidrs.stream().anyMatch(cidr -> cidr.contains(ip));
    }
}
