package dev.weft.serviceproxy;

import dev.weft.agent.Log;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Service;
import dev.weft.linux.LinuxException;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.nftables.Nftables;
import dev.weft.nftables.Transaction;
import dev.weft.serviceproxy.TableState.Step;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One family of the proxy: its table, and what the kernel remembers of connections through it. One thread. */
final class FamilyProxy {
    private static final Log LOG = Log.of("service-proxy");

    private final Family family;
    private final ProxyConfig config;
    private final Programmer programmer;
    private final Affinities affinities;
    private final FlowTable flows;
    private TableState state;

    FamilyProxy(Family family, ProxyConfig config, Nftables nftables, FlowTable flows, Site site) {
        this.family = family;
        this.config = config;
        this.programmer = new Programmer(family, nftables);
        this.affinities = new Affinities(programmer.layout(), nftables);
        this.flows = flows;
        this.state = programmer.state(config, site);
    }

    TableState state() {
        return state;
    }

    Family family() {
        return family;
    }

    /** Whether the table is there, as far as a look costs next to nothing: others flush all of nftables at times. */
    boolean isThere() {
        return programmer.isThere();
    }

    /** What follows from changes, beside the table itself. */
    private static final class Aftermath {
        final Map<Frontend, Set<Backend>> udp = new HashMap<>();
        final Set<Frontend> gone = new HashSet<>();
        final Map<Integer, Set<Backend>> affinity = new HashMap<>();
        final Set<Backend> leaving = new HashSet<>();
    }

    /** Commits changes and forgets what they made stale. */
    Transaction commit(Map<ObjectKey, Step> steps, Function<ObjectKey, Optional<ServiceInputs>> current) {
        Transaction done = programmer.commit(state, steps, current);
        Aftermath aftermath = new Aftermath();
        steps.values().forEach(step -> changed(step, aftermath));
        clean(aftermath, List.of());
        if (!aftermath.leaving.isEmpty()) {
            flows.leaving(family, aftermath.leaving);
        }
        return done;
    }

    /** Reads the kernel, puts right what differs, and forgets all that is stale. */
    Transaction takeOver(Collection<ServiceInputs> services, Site site) {
        TableState fresh = programmer.state(config, site);
        state = fresh;
        Transaction done = programmer.takeOver(fresh, services);
        Aftermath aftermath = new Aftermath();
        services.forEach(inputs -> all(inputs, aftermath));
        clean(aftermath, config.serviceCidrs(family));
        return done;
    }

    private void all(ServiceInputs inputs, Aftermath to) {
        for (FrontendPlan plan : state.plans(inputs)) {
            if (plan.frontend().protocol() == UdpFlows.UDP) {
                to.udp.put(plan.frontend(), serving(inputs, plan.port()));
            }
            plan.affinity().ifPresent(affinity -> remembered(plan, affinity, to));
        }
    }

    private void changed(Step step, Aftermath to) {
        Map<Frontend, Set<Backend>> before = new HashMap<>();
        Map<Integer, Set<Backend>> affinityBefore = new HashMap<>();
        Aftermath now = new Aftermath();
        step.after().ifPresent(inputs -> all(inputs, now));
        step.before().ifPresent(inputs -> {
            Aftermath old = new Aftermath();
            all(inputs, old);
            before.putAll(old.udp);
            affinityBefore.putAll(old.affinity);
        });
        now.udp.forEach((frontend, backends) -> {
            Set<Backend> old = before.get(frontend);
            // Only where something went, or where nothing was: flows to what stays are right.
            if (old == null || old.isEmpty() || !backends.containsAll(old)) {
                to.udp.put(frontend, backends);
            }
        });
        before.keySet().stream()
                .filter(frontend -> !now.udp.containsKey(frontend))
                .forEach(to.gone::add);
        affinityBefore.forEach((id, backends) -> {
            Set<Backend> left = now.affinity.getOrDefault(id, Set.of());
            if (!left.containsAll(backends)) {
                to.affinity.put(id, left);
            }
        });
        Set<Backend> leaving = step.after().map(this::draining).orElse(Set.of());
        if (!leaving.isEmpty()) {
            to.leaving.addAll(leaving);
            step.before().map(this::draining).ifPresent(to.leaving::removeAll);
        }
    }

    /** Endpoints of UDP ports that terminate and serve on. */
    private Set<Backend> draining(ServiceInputs inputs) {
        return inputs.service().ports().stream()
                .filter(port -> port.protocol() == UdpFlows.UDP)
                .flatMap(port -> inputs.endpoints(port, family).stream())
                .filter(ServiceInputs.PortEndpoint::isDraining)
                .map(ServiceInputs.PortEndpoint::backend)
                .collect(Collectors.toSet());
    }

    private static void remembered(FrontendPlan plan, FrontendPlan.Affinity affinity, Aftermath to) {
        Set<Backend> backends = to.affinity.computeIfAbsent(affinity.id(), id -> new HashSet<>());
        backends.addAll(plan.cluster());
        backends.addAll(plan.local());
    }

    /** Whatever policy and topology say: a change of those leaves flows as they are, as with TCP. */
    private Set<Backend> serving(ServiceInputs inputs, Service.Port port) {
        Set<Backend> serving = new HashSet<>();
        for (ServiceInputs.PortEndpoint endpoint : inputs.endpoints(port, family)) {
            if (endpoint.endpoint().serving()) {
                serving.add(endpoint.backend());
            }
        }
        return serving;
    }

    private void clean(Aftermath aftermath, List<Cidr> unassigned) {
        affinities.forget(aftermath.affinity);
        if (aftermath.udp.isEmpty() && aftermath.gone.isEmpty() && unassigned.isEmpty()) {
            return;
        }
        try {
            aftermath.gone.removeAll(aftermath.udp.keySet());
            int forgotten = flows.forget(
                    family, nodeAddresses -> new UdpFlows(aftermath.udp, aftermath.gone, unassigned, nodeAddresses));
            if (forgotten > 0) {
                LOG.debug("UDP flows forgotten", "family", family, "flows", forgotten);
            }
        } catch (LinuxException e) {
            // The table is right; flows that lead nowhere are found again at the next resync.
            LOG.warn("conntrack entries cannot be cleaned", e, "family", family);
        }
    }
}
