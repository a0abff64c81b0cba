package dev.weft.operator.plan;

import dev.weft.api.ClusterNetworkSpec;
import dev.weft.api.EffectiveStatus;
import dev.weft.api.ManagementState;
import dev.weft.api.RolloutPhase;
import dev.weft.api.RolloutStatus;
import dev.weft.config.NodeConfig;
import dev.weft.operator.dns.DnsChoice;
import dev.weft.operator.ingress.IngressChoice;
import dev.weft.operator.observe.AgentReport;
import dev.weft.operator.observe.LiveRevision;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.revision.Revision;
import dev.weft.operator.rollout.Gate;
import dev.weft.operator.rollout.Rollout;
import dev.weft.operator.rollout.RolloutNode;
import dev.weft.operator.rollout.Step;
import dev.weft.operator.rollout.Waves;
import dev.weft.operator.servers.ServerRelease;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What should be done now. Made from values alone; nothing here asks the cluster. */
public sealed interface Plan {

    /** Leave everything alone. */
    record Leave() implements Plan {}

    /** Take everything off the nodes, then out of the cluster. */
    record Remove() implements Plan {}

    /** A person must act first; what runs keeps running. */
    record Refuse(List<Problem> problems, Optional<EffectiveStatus> effective) implements Plan {
        public Refuse {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Install, keep, or roll.
     *
     * @param objects all that should exist; other managed objects of the same kinds are pruned
     * @param target what nodes should run
     * @param stable what nodes without a pin run
     * @param installing whether no node ever ran an agent: nothing to protect, all at once
     * @param startedAt when the rollout to the target began
     * @param agentNodes nodes that run an agent
     * @param serviceProxy who serves Services, and what is to be done about kube-proxy
     * @param networkPolicy who enforces NetworkPolicies
     * @param dns who answers DNS queries; its objects are not among {@code objects}
     * @param ingress whether Weft serves ingress; likewise
     */
    record Install(
            List<HasMetadata> objects,
            Revision target,
            String stable,
            boolean installing,
            Instant startedAt,
            Step step,
            List<NodeInfo> agentNodes,
            ServiceProxyChoice serviceProxy,
            NetworkPolicyChoice networkPolicy,
            DnsChoice dns,
            IngressChoice ingress,
            EffectiveStatus effective)
            implements Plan {
        public Install {
            objects = List.copyOf(objects);
            agentNodes = List.copyOf(agentNodes);
        }
    }

    /** The plan for this spec in this cluster. */
    static Plan of(ClusterNetworkSpec spec, Observed observed, Release release) {
        return switch (managementState(spec)) {
            case UNMANAGED -> new Leave();
            case REMOVED -> new Remove();
            case MANAGED -> managed(spec, observed, release);
        };
    }

    /** The cluster's state counts, and the component's while that is Managed. */
    static ManagementState managementState(ClusterNetworkSpec spec) {
        ManagementState cluster = Optional.ofNullable(spec.managementState()).orElse(ManagementState.MANAGED);
        return cluster == ManagementState.MANAGED
                ? Optional.ofNullable(spec.podNetwork().managementState()).orElse(ManagementState.MANAGED)
                : cluster;
    }

    private static Plan managed(ClusterNetworkSpec spec, Observed observed, Release release) {
        List<NodeInfo> nodes = AgentNodes.of(spec.nodeAgent(), observed.nodes());
        Optional<NodeConfig> running = running(observed).map(r -> r.revision().config());
        SettingsResolver resolver = new SettingsResolver(spec, observed.discovered(), nodes, running, release);
        List<Problem> problems =
                Preflight.check(resolver.podCidrs(), resolver.podCidrsFrom(), observed.discovered(), nodes);
        if (!problems.isEmpty()) {
            return new Refuse(problems, Optional.ofNullable(observed.previous().effective()));
        }
        Settings settings = resolver.resolve(ServiceProxyChoice.of(spec.serviceProxy(), observed, nodes, running));
        Revision target = Revision.of(settings.config(), NodeAgentTemplate.of(spec, settings));
        return install(spec, observed, nodes, target, settings);
    }

    /** What nodes run: the stable revision; while there is none, in the moment of a promotion, the latest target. */
    private static Optional<LiveRevision> running(Observed observed) {
        Optional<LiveRevision> stable =
                observed.live().stream().filter(LiveRevision::stable).findFirst();
        Optional<LiveRevision> target =
                Optional.ofNullable(observed.previous().rollout()).flatMap(r -> observed.live(r.to()));
        return stable.or(() -> target).or(() -> observed.live().stream().findFirst());
    }

    private static Install install(
            ClusterNetworkSpec spec, Observed observed, List<NodeInfo> nodes, Revision target, Settings settings) {
        boolean installing = observed.previous().version() == null
                && observed.pods().stream()
                        .noneMatch(p -> p.ready() && !p.revision().isEmpty());
        String stable = observed.live().stream()
                .filter(r -> r.stable() && r.deployed() && !r.name().equals(target.name()))
                .map(LiveRevision::name)
                .findFirst()
                .orElse(target.name());
        Instant startedAt = startedAt(observed, target);
        Step step = installing ? new Step.Done() : step(observed, nodes, target, stable, startedAt);
        Set<String> kept = new TreeSet<>(Set.of(target.name()));
        if (!(step instanceof Step.Done)) {
            kept.add(stable);
            nodes.forEach(n -> n.revision().ifPresent(kept::add));
        }
        List<Revision> revisions = kept.stream()
                .flatMap(name -> name.equals(target.name())
                        ? Stream.of(target)
                        : observed.live(name).map(LiveRevision::revision).stream())
                .toList();
        boolean enforcing =
                revisions.stream().anyMatch(r -> r.config().networkPolicy().enabled());
        List<HasMetadata> objects = new ArrayList<>(NodeAgentRights.objects(enforcing));
        revisions.forEach(r -> objects.addAll(NodeAgentObjects.of(r, r.name().equals(stable))));
        ServerRelease servers = servers(observed, target, stable, step, settings);
        DnsChoice dns =
                DnsChoice.of(spec, observed, nodes, servers).withObjects(o -> Owned.by(observed.namespaceUid(), o));
        IngressChoice ingress = IngressChoice.of(
                        spec, observed, nodes, servers, dns.effective().domain())
                .withObjects(o -> Owned.by(observed.namespaceUid(), o));
        return new Install(
                objects.stream().map(o -> Owned.by(observed.namespaceUid(), o)).toList(),
                target,
                stable,
                installing,
                startedAt,
                step,
                nodes,
                settings.serviceProxy(),
                settings.networkPolicy(),
                dns,
                ingress,
                effective(settings, observed, dns, ingress));
    }

    /** DNS servers and ingress proxies follow when all nodes have moved: until then they stay what the stable revision is. */
    private static ServerRelease servers(
            Observed observed, Revision target, String stable, Step step, Settings settings) {
        String version = step instanceof Step.Done
                ? target.config().version()
                : observed.live(stable)
                        .map(r -> r.revision().config().version())
                        .orElse(target.config().version());
        return new ServerRelease(settings.registry(), version, settings.config().apiServers());
    }

    private static Step step(
            Observed observed, List<NodeInfo> nodes, Revision target, String stable, Instant startedAt) {
        Gate gate = new Gate(observed, target.name());
        List<RolloutNode> rolling = nodes.stream()
                .map(n -> new RolloutNode(
                        n.name(),
                        state(n, observed),
                        n.revision().orElse(stable),
                        n.revision().isEmpty()
                                || observed.live(n.revision().get()).isPresent(),
                        n.movedAt().filter(at -> !at.isBefore(startedAt)).isPresent(),
                        gate.judge(n)))
                .toList();
        if (previousRollout(observed, target).isEmpty()
                && rolling.stream().anyMatch(n -> !n.revision().equals(target.name()))) {
            return new Step.Begin();
        }
        return Rollout.next(target.name(), rolling, stoppedBefore(observed, target), Waves.ONE_BY_ONE);
    }

    private static RolloutNode.State state(NodeInfo node, Observed observed) {
        if (node.ready()) {
            return RolloutNode.State.READY;
        }
        boolean agent =
                observed.pods().stream().anyMatch(p -> p.node().equals(node.name()) && p.ready() && !p.terminating());
        return agent || node.unreachable() ? RolloutNode.State.AWAY : RolloutNode.State.WITHOUT_AGENT;
    }

    /** A stop holds until the spec changes. */
    private static Optional<Step.Stopped> stoppedBefore(Observed observed, Revision target) {
        return previousRollout(observed, target)
                .filter(r -> r.phase() == RolloutPhase.STOPPED
                        && Long.valueOf(observed.generation())
                                .equals(observed.previous().observedGeneration()))
                .map(r -> new Step.Stopped(r.node(), r.message()));
    }

    private static Instant startedAt(Observed observed, Revision target) {
        return previousRollout(observed, target)
                .filter(r -> !r.startedAt().isEmpty())
                .map(r -> Instant.parse(r.startedAt()))
                .orElse(observed.now());
    }

    private static Optional<RolloutStatus> previousRollout(Observed observed, Revision target) {
        return Optional.ofNullable(observed.previous().rollout()).filter(r -> r.to().equals(target.name()));
    }

    private static EffectiveStatus effective(
            Settings settings, Observed observed, DnsChoice dns, IngressChoice ingress) {
        return settings.effective(
                observed.discovered().serviceCidrs().stream()
                        .map(Object::toString)
                        .toList(),
                observed.discovered().serviceCidrsFrom(),
                observed.discovered().foreign(),
                podMtu(observed),
                dns,
                ingress);
    }

    /** The smallest that a node has; what was known stays while agents have not been asked again. */
    private static int podMtu(Observed observed) {
        return observed.agents().values().stream()
                .flatMapToInt(r -> r instanceof AgentReport.Answered a
                        ? IntStream.of(a.status().podMtu())
                        : IntStream.empty())
                .filter(mtu -> mtu > 0)
                .min()
                .orElseGet(() -> Optional.ofNullable(observed.previous().effective())
                        .map(EffectiveStatus::mtu)
                        .orElse(0));
    }
}
