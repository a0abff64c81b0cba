package dev.weft.serviceproxy;

import dev.weft.kube.ObjectKey;
import dev.weft.kube.Service;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.nftables.Data;
import dev.weft.nftables.Element;
import dev.weft.nftables.NftSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a Service puts into the maps of a family. Elements whose key names a frontend belong to one Service alone, the one
 * that has the frontend; others are shared and counted. Pure.
 */
final class Emission {
    private static final int MAX_COMMENT = 120;

    private final Layout layout;
    private final Site site;

    Emission(Layout layout, Site site) {
        this.layout = layout;
        this.site = site;
    }

    /** Takes what a Service contributes. */
    interface Sink {
        void own(NftSet set, Element element);

        void shared(NftSet set, Element element);

        /** A chain that is needed. */
        void uses(Action action);

        /** Clients of a time-out that are to be remembered. */
        void remembers(int seconds);
    }

    /** A claim to a frontend, an address or an affinity number; the best one has it. */
    record Claim(Frontend frontend, FrontendPlan.Kind kind) {}

    static Frontend address(Ip ip) {
        return new Frontend(ip, 0, 0);
    }

    static Frontend affinityNumber(Family family, int id) {
        return new Frontend(Frontend.any(family), -1, id);
    }

    /** All that a Service lays claim to, each once. */
    List<Claim> claims(List<FrontendPlan> plans, Service service) {
        Set<Frontend> seen = new HashSet<>();
        List<Claim> claims = new ArrayList<>(plans.size() + 2);
        Family family = layout.family();
        if (service.isProxied()) {
            service.clusterIp(family).ifPresent(ip -> claims.add(new Claim(address(ip), FrontendPlan.Kind.CLUSTER_IP)));
        }
        for (FrontendPlan plan : plans) {
            if (seen.add(plan.frontend())) {
                claims.add(new Claim(plan.frontend(), plan.kind()));
            }
            plan.affinity().ifPresent(affinity -> {
                Frontend number = affinityNumber(family, affinity.id());
                if (seen.add(number)) {
                    claims.add(new Claim(number, FrontendPlan.Kind.CLUSTER_IP));
                }
            });
        }
        return claims;
    }

    /** The elements, of frontends that the Service has. */
    void emit(List<FrontendPlan> plans, Service service, Predicate<Claim> has, Sink sink) {
        Family family = layout.family();
        if (service.isProxied()) {
            service.clusterIp(family)
                    .filter(ip -> has.test(new Claim(address(ip), FrontendPlan.Kind.CLUSTER_IP)))
                    .ifPresent(ip -> sink.own(
                            layout.sets.clusterIps,
                            Element.of(layout.sets.clusterIps.key(ip))
                                    .comment(comment(service.key().toString()))));
        }
        Set<Frontend> seen = new HashSet<>();
        Set<Ip> hairpins = new HashSet<>(2);
        for (FrontendPlan plan : plans) {
            if (seen.add(plan.frontend()) && has.test(new Claim(plan.frontend(), plan.kind()))) {
                boolean remembered = plan.affinity()
                        .filter(affinity -> has.test(
                                new Claim(affinityNumber(family, affinity.id()), FrontendPlan.Kind.CLUSTER_IP)))
                        .isPresent();
                frontend(plan, service.key(), remembered, sink);
                local(plan.cluster(), hairpins);
                local(plan.local(), hairpins);
            }
        }
        hairpins(hairpins, sink);
    }

    private void frontend(FrontendPlan plan, ObjectKey service, boolean remembered, Sink sink) {
        Sets sets = layout.sets;
        Frontend frontend = plan.frontend();
        Data key = sets.services.key(frontend.address(), frontend.protocol(), frontend.port());
        String name = plan.port().name().isEmpty()
                ? service.toString()
                : service + ":" + plan.port().name();
        action(sets.services, key, plan.action(), remembered, comment(name), sink);
        plan.inside().ifPresent(action -> action(sets.inside, key, action, remembered, "", sink));
        plan.outside().ifPresent(action -> action(sets.outside, key, action, remembered, "", sink));
        if (plan.action().balances() || plan.inside().isPresent()) {
            slots(frontend, plan.cluster(), 0, sink);
        }
        if (plan.outside().isPresent()) {
            slots(frontend, plan.local(), Layout.OUTSIDE_SLOTS, sink);
        }
        for (Cidr range : plan.sourceRanges()) {
            sink.own(sets.allowedSources, allowed(frontend, range));
        }
        if (!plan.sourceRanges().isEmpty()) {
            sink.own(sets.sourceRanged, Element.of(key));
        }
        if (remembered) {
            plan.affinity().ifPresent(affinity -> {
                sink.own(sets.affinityIds, Element.of(key, sets.affinityIds.value(affinity.id())));
                NftSet ids = Sets.remembered(affinity.seconds());
                sink.remembers(affinity.seconds());
                sink.shared(ids, Element.of(ids.key(affinity.id())));
            });
        }
    }

    private static void action(NftSet set, Data key, Action wanted, boolean remembered, String comment, Sink sink) {
        // Two Service ports with one number share no memory: the second goes without.
        Action action = new Action(wanted.kind(), wanted.backends(), wanted.sticky() && remembered);
        sink.own(set, Element.of(key, set.value(action.number())).comment(comment));
        if (action.balances()) {
            sink.uses(action);
        }
    }

    private void slots(Frontend frontend, List<Backend> backends, int first, Sink sink) {
        NftSet set = layout.sets.endpoints;
        int slot = first;
        for (Backend backend : backends) {
            sink.own(
                    set,
                    Element.of(
                            set.key(frontend.address(), frontend.protocol(), frontend.port(), slot++),
                            set.value(backend.address(), backend.port())));
        }
    }

    private Element allowed(Frontend frontend, Cidr range) {
        NftSet set = layout.sets.allowedSources;
        return Element.range(
                set.key(range.network(), frontend.address(), frontend.protocol(), frontend.port()),
                set.key(range.last(), frontend.address(), frontend.protocol(), frontend.port()));
    }

    private void hairpins(Set<Ip> backends, Sink sink) {
        NftSet set = layout.sets.hairpin;
        for (Ip ip : backends) {
            sink.shared(set, Element.of(set.key(ip, ip)));
        }
    }

    /** Only an endpoint on this node can meet its own packets here. */
    private void local(List<Backend> backends, Set<Ip> to) {
        for (Backend backend : backends) {
            Ip ip = backend.address();
            for (Cidr cidr : site.podCidrs()) {
                if (cidr.contains(ip)) {
                    to.add(ip);
                }
            }
            if (site.addresses().contains(ip)) {
                to.add(ip);
            }
        }
    }

    private static String comment(String name) {
        return name.length() > MAX_COMMENT ? name.substring(0, MAX_COMMENT) : name;
    }
}
