package dev.weft.operator;

import dev.weft.api.ClusterNetwork;
import dev.weft.api.ClusterNetworkStatus;
import dev.weft.api.RolloutPhase;
import dev.weft.operator.agents.AgentPoller;
import dev.weft.operator.agents.PollLoop;
import dev.weft.operator.agents.ServerPoller;
import dev.weft.operator.apply.Applier;
import dev.weft.operator.apply.Events;
import dev.weft.operator.apply.IngressInCluster;
import dev.weft.operator.apply.KubeDnsService;
import dev.weft.operator.apply.KubeProxyObjects;
import dev.weft.operator.apply.NodePins;
import dev.weft.operator.apply.ServersInCluster;
import dev.weft.operator.dns.DnsObjects;
import dev.weft.operator.handover.Handover;
import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.Caches;
import dev.weft.operator.observe.Discovered;
import dev.weft.operator.observe.Discovery;
import dev.weft.operator.observe.KubeProxy;
import dev.weft.operator.observe.LiveRevision;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.observe.Readers;
import dev.weft.operator.plan.Plan;
import dev.weft.operator.plan.Release;
import dev.weft.operator.revision.Names;
import dev.weft.operator.rollout.Step;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parts that touch the world, put together for the reconciler. */
public final class Engine {
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration ROLLING = Duration.ofSeconds(2);
    private static final Duration UNWELL = Duration.ofSeconds(15);
    private static final Duration QUIET = Duration.ofMinutes(5);
    private static final Duration HAND_BACK_LIMIT = Duration.ofMinutes(2);
    private static final Duration REPAIRS_SHOWN = Duration.ofMinutes(10);

    private final KubernetesClient client;
    private final Release release;
    private final Clock clock;
    private final Discovery discovery;
    private final AgentPoller poller;
    private final ServerPoller dnsPoller;
    private final ServerPoller ingressPoller;
    private final PollLoop loop;
    private final Applier applier;
    private final NodePins pins;
    private final KubeProxyObjects kubeProxy;
    private final KubeDnsService kubeDns;
    private final DnsRemoval dnsRemoval;
    private final IngressRemoval ingressRemoval;
    private final LatestRepairs repairs = new LatestRepairs();
    private String namespaceUid = "";
    private String watched = "";
    private Instant handBackUntil = Instant.MAX;
    private final Events events;
    private final Transitions transitions;
    private final Uninstaller uninstaller;
    private @Nullable Caches caches;
    private volatile Progress progress = Progress.NONE;

    public Engine(
            KubernetesClient client,
            Release release,
            AgentPoller poller,
            ServerPoller dnsPoller,
            ServerPoller ingressPoller,
            PollLoop loop,
            Clock clock) {
        this.client = client;
        this.dnsPoller = dnsPoller;
        this.ingressPoller = ingressPoller;
        this.release = release;
        this.clock = clock;
        this.poller = poller;
        this.loop = loop;
        this.discovery = new Discovery(client, clock, poller::kubeProxyAnswers);
        this.events = new Events(client, clock);
        this.applier = new Applier(client, this::repaired);
        this.pins = new NodePins(client);
        this.kubeProxy = new KubeProxyObjects(client);
        this.kubeDns = new KubeDnsService(client);
        this.dnsRemoval =
                new DnsRemoval(new ServersInCluster(client, DnsObjects.KIND), applier, kubeDns, events, clock);
        this.ingressRemoval = new IngressRemoval(new IngressInCluster(client), applier, clock);
        this.transitions = new Transitions(events);
        this.uninstaller = new Uninstaller(client, applier, pins, events, clock);
    }

    List<EventSource<?, ClusterNetwork>> start(EventSourceContext<ClusterNetwork> context) {
        Caches informers = new Caches(context);
        caches = informers;
        SimpleInboundEventSource<ClusterNetwork> agents = new SimpleInboundEventSource<>("agents");
        loop.start(() -> agents.propagateEvent(new ResourceID(ClusterNetwork.NAME)));
        List<EventSource<?, ClusterNetwork>> sources = new ArrayList<>(informers.eventSources());
        sources.add(agents);
        return sources;
    }

    private Caches caches() {
        return Objects.requireNonNull(caches, "the controller prepares its event sources before it reconciles");
    }

    Observed observe(ClusterNetwork network) {
        Caches known = caches();
        List<NodeInfo> nodes = known.nodes();
        List<LiveRevision> live = Readers.live(known.configMaps(), known.daemonSets());
        Discovered discovered = discovered(nodes, live);
        return new Observed(
                now(),
                namespaceUid(),
                ClusterNetworkReconciler.generation(network),
                network.status(),
                discovered,
                nodes,
                known.pods(),
                live,
                poller.reports(),
                kubeProxyPods(discovered, nodes),
                known.dns().with(dnsPoller.troubles()),
                known.ingress().with(ingressPoller.troubles()),
                repairs.since(now().minus(REPAIRS_SHOWN)));
    }

    /** It lives no shorter than the operator. */
    private String namespaceUid() {
        if (namespaceUid.isEmpty()) {
            namespaceUid = client.namespaces()
                    .withName(Names.NAMESPACE)
                    .require()
                    .getMetadata()
                    .getUid();
        }
        return namespaceUid;
    }

    private Discovered discovered(List<NodeInfo> nodes, List<LiveRevision> live) {
        String version = caches().kubeProxyVersion() + caches().dnsServiceVersion();
        if (!version.equals(watched)) {
            watched = version;
            discovery.forget();
        }
        if (live.isEmpty()) {
            // What is decided before the first agent runs is kept: a kube-proxy that has just gone must not count.
            discovery.forget();
        }
        // Where Weft is the service proxy, it answers in kube-proxy's place.
        boolean serving =
                live.stream().anyMatch(r -> r.revision().config().serviceProxy().enabled());
        return discovery.get(serving ? List.of() : nodes);
    }

    private Map<String, Boolean> kubeProxyPods(Discovered discovered, List<NodeInfo> nodes) {
        List<String> onTheWay = nodes.stream()
                .filter(n -> n.kubeProxy().equals(Names.KUBE_PROXY_LEAVING)
                        || n.kubeProxy().equals(Names.KUBE_PROXY_RETURNING))
                .map(NodeInfo::name)
                .toList();
        return discovered.kubeProxy().orElse(null) instanceof KubeProxy.InDaemonSet daemonSet
                ? kubeProxy.pods(daemonSet, onTheWay)
                : Map.of();
    }

    Plan plan(ClusterNetwork network, Observed observed) {
        Plan plan = Plan.of(network.spec(), observed, release);
        if (plan instanceof Plan.Refuse) {
            discovery.forget();
        }
        return plan;
    }

    /** Returns what a removal still waits for; empty for all other plans. */
    Optional<String> carryOut(Plan plan, Observed observed) {
        return switch (plan) {
            case Plan.Install install -> {
                handBackUntil = Instant.MAX;
                dnsRemoval.reset();
                ingressRemoval.reset();
                installer().carryOut(install, observed);
                yield Optional.empty();
            }
            case Plan.Remove remove -> remove(observed);
            case Plan.Leave leave -> Optional.empty();
            case Plan.Refuse refuse -> Optional.empty();
        };
    }

    /** One step of taking everything away; empty when all is done. */
    Optional<String> remove(Observed observed) {
        Handover handover = Handover.handBack(observed, observed.nodes());
        if (!handover.done() && handBackInTime()) {
            installer().handOver(handover, observed);
            loop.follow(observed.nodes(), true);
            return Optional.of(handover.message());
        }
        // Their pods need their network until they are gone.
        Optional<String> ingress = ingressRemoval.step(observed.nodes());
        if (ingress.isPresent()) {
            return ingress;
        }
        Optional<String> dns = dnsRemoval.step(observed.discovered().dns(), observed.nodes());
        if (dns.isPresent()) {
            discovery.forget();
            return dns;
        }
        loop.follow(List.of(), false);
        return uninstaller.step();
    }

    /** However long kube-proxy takes to come back, a removal ends. */
    private boolean handBackInTime() {
        if (handBackUntil.equals(Instant.MAX)) {
            handBackUntil = now().plus(HAND_BACK_LIMIT);
        }
        return now().isBefore(handBackUntil);
    }

    private Installer installer() {
        return new Installer(caches(), applier, pins, kubeProxy, kubeDns, discovery, events);
    }

    /** Agents are asked where one runs, often while something waits for their answers. */
    void follow(Plan plan, ClusterNetworkStatus status) {
        progress = Progress.of(status);
        if (plan instanceof Plan.Install install) {
            Set<String> running = caches().pods().stream()
                    .filter(p -> p.ready() && !p.revision().isEmpty())
                    .map(AgentPod::node)
                    .collect(Collectors.toSet());
            List<NodeInfo> asked = install.agentNodes().stream()
                    .filter(n -> running.contains(n.name()))
                    .toList();
            loop.followServers(caches().dnsAddresses(), caches().ingressAddresses());
            loop.follow(
                    asked, rolling(status) || install.serviceProxy().handover().busy());
        }
    }

    Duration nextLook(Plan plan, ClusterNetworkStatus status, boolean removing) {
        boolean handingOver = plan instanceof Plan.Install install
                && (install.serviceProxy().handover().busy()
                        || install.dns().back().moving());
        boolean begun = plan instanceof Plan.Install install && install.step() instanceof Step.Begin;
        if (begun) {
            return SOON;
        }
        if (removing || handingOver || rolling(status)) {
            return ROLLING;
        }
        boolean well = status.condition("Ready").filter(c -> c.met()).isPresent() || plan instanceof Plan.Leave;
        boolean messages =
                status.components().stream().anyMatch(c -> !c.message().isEmpty());
        return well && !messages ? QUIET : UNWELL;
    }

    private static boolean rolling(ClusterNetworkStatus status) {
        return status.rollout() != null
                && (status.rollout().phase() == RolloutPhase.INSTALLING
                        || status.rollout().phase() == RolloutPhase.PROGRESSING);
    }

    void tell(ClusterNetworkStatus before, ClusterNetworkStatus after) {
        transitions.tell(before, after);
    }

    Progress rollout() {
        return progress;
    }

    Instant now() {
        return clock.instant();
    }

    private void repaired(Applier.Repair repair) {
        String what = repair.object() + (repair.deleted() ? " was deleted" : " was changed")
                + " by someone else and has been put back";
        repairs.add(now(), what);
        events.warning("Repaired", what);
    }
}
