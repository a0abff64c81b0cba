package dev.weft.operator;

import dev.weft.api.ClusterNetwork;
import dev.weft.api.ClusterNetworkStatus;
import dev.weft.api.RolloutPhase;
import dev.weft.operator.agents.AgentPoller;
import dev.weft.operator.agents.PollLoop;
import dev.weft.operator.apply.Applier;
import dev.weft.operator.apply.Events;
import dev.weft.operator.apply.NodePins;
import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.Caches;
import dev.weft.operator.observe.Discovery;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.observe.Readers;
import dev.weft.operator.plan.Plan;
import dev.weft.operator.plan.Release;
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

    private final Release release;
    private final Clock clock;
    private final Discovery discovery;
    private final AgentPoller poller;
    private final PollLoop loop;
    private final Applier applier;
    private final NodePins pins;
    private final Events events;
    private final Transitions transitions;
    private final Uninstaller uninstaller;
    private @Nullable Caches caches;
    private volatile Progress progress = new Progress(0, 0, false, 0);

    /** Figures for metrics, of the latest look. */
    record Progress(int nodesDone, int nodesTotal, boolean stopped, int failingPairs) {
        static Progress of(ClusterNetworkStatus status) {
            int failing = status.connectivity() == null
                    ? 0
                    : status.connectivity().pairs() - status.connectivity().pairsOk();
            return status.rollout() == null
                    ? new Progress(0, 0, false, failing)
                    : new Progress(
                            status.rollout().nodesDone(),
                            status.rollout().nodesTotal(),
                            status.rollout().phase() == RolloutPhase.STOPPED,
                            failing);
        }
    }

    public Engine(KubernetesClient client, Release release, AgentPoller poller, PollLoop loop, Clock clock) {
        this.release = release;
        this.clock = clock;
        this.poller = poller;
        this.loop = loop;
        this.discovery = new Discovery(client, clock);
        this.events = new Events(client, clock);
        this.applier = new Applier(client, this::repaired);
        this.pins = new NodePins(client);
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
        return new Observed(
                now(),
                ClusterNetworkReconciler.generation(network),
                network.status(),
                discovery.get(),
                known.nodes(),
                known.pods(),
                Readers.live(known.configMaps(), known.daemonSets()),
                poller.reports());
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
                new Installer(caches(), applier, pins, events).carryOut(install, observed);
                yield Optional.empty();
            }
            case Plan.Remove remove -> remove();
            case Plan.Leave leave -> Optional.empty();
            case Plan.Refuse refuse -> Optional.empty();
        };
    }

    /** One step of taking everything away; empty when all is done. */
    Optional<String> remove() {
        loop.follow(List.of(), false);
        return uninstaller.step();
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
            loop.follow(asked, rolling(status));
        }
    }

    Duration nextLook(Plan plan, ClusterNetworkStatus status, boolean removing) {
        boolean begun = plan instanceof Plan.Install install && install.step() instanceof Step.Begin;
        if (begun) {
            return SOON;
        }
        if (removing || rolling(status)) {
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
        events.warning(
                "Repaired",
                repair.object() + (repair.deleted() ? " was deleted" : " was changed")
                        + " by someone else and has been put back");
    }
}
