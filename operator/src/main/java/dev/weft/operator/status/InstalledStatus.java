package dev.weft.operator.status;

import dev.weft.api.ClusterNetworkStatus;
import dev.weft.api.ComponentStatus;
import dev.weft.api.Condition;
import dev.weft.api.ConnectivityStatus;
import dev.weft.api.ManagementState;
import dev.weft.api.RolloutPhase;
import dev.weft.api.RolloutStatus;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.plan.Plan;
import dev.weft.operator.rollout.Gate;
import dev.weft.operator.rollout.GateResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status of an installation, with what several parts of it need worked out once. */
final class InstalledStatus {
    private static final String COMPONENT = "podNetwork";
    private static final int TOP = 3;

    private final Observed observed;
    private final Plan.Install plan;
    private final Health health;
    private final ServerStatus dns;
    private final ServerStatus ingress;
    private final ConnectivityStatus connectivity;
    private final int onTarget;
    private final int ready;
    private final @Nullable String version;
    private final RolloutStatus rollout;

    InstalledStatus(Observed observed, Plan.Install plan) {
        this.observed = observed;
        this.plan = plan;
        this.health = Health.of(observed, plan.agentNodes());
        this.dns = DnsStatus.of(observed, plan.dns());
        this.ingress = IngressStatus.of(observed, plan.ingress());
        this.connectivity = Connectivity.of(
                observed, Optional.ofNullable(observed.previous().connectivity()));
        this.onTarget = (int) plan.agentNodes().stream()
                .filter(n -> observed.pod(n.name(), plan.target().name()).isPresent())
                .count();
        this.ready = (int) plan.agentNodes().stream().filter(this::podReady).count();
        boolean installed = observed.previous().version() != null || proven();
        this.rollout = new RolloutReport(observed, plan, installed).status();
        this.version = installed && rollout.phase() == RolloutPhase.COMPLETE
                ? plan.target().config().version()
                : observed.previous().version();
    }

    private boolean podReady(NodeInfo node) {
        return observed.pods().stream()
                .anyMatch(p -> p.node().equals(node.name())
                        && p.ready()
                        && !p.revision().isEmpty());
    }

    /** The first installation is done when every node that is there has proved itself. */
    private boolean proven() {
        Gate gate = new Gate(observed, plan.target().name());
        List<NodeInfo> judged =
                plan.agentNodes().stream().filter(n -> !n.unreachable()).toList();
        return !judged.isEmpty() && judged.stream().allMatch(n -> gate.judge(n) instanceof GateResult.Passed);
    }

    ClusterNetworkStatus status() {
        return new ClusterNetworkStatus(
                observed.generation(), version, conditions(), components(), plan.effective(), rollout, connectivity);
    }

    private List<Condition> conditions() {
        List<String> wrong = wrong();
        boolean rolling = rollout.phase() == RolloutPhase.INSTALLING || rollout.phase() == RolloutPhase.PROGRESSING;
        boolean progressing = rolling || dns.progressing() || ingress.progressing();
        boolean stopped = rollout.phase() == RolloutPhase.STOPPED;
        boolean degraded = !wrong.isEmpty();
        boolean available = version != null && ready * 2 >= plan.agentNodes().size() && ready > 0;
        boolean isReady = available && !progressing && !degraded;
        String trouble = top(wrong);
        String doing = rolling ? rollout.message() : dns.progressing() ? dns.progress() : ingress.progress();
        String reason = stopped ? "RolloutStopped" : degraded ? failing() : progressing ? name() : "AsExpected";
        String message = degraded ? trouble : progressing ? doing : allWell();
        return new Conditions(observed)
                .add("Ready", isReady, reason, message)
                .add(
                        "Available",
                        available,
                        available ? "AsExpected" : reason,
                        available ? "agents are ready on " + ready + " nodes" : message)
                .add("Progressing", progressing, progressing ? name() : reason, progressing ? doing : "")
                .add("Degraded", degraded, degraded ? reason : "AsExpected", trouble)
                .add("Upgradeable", isReady, reason, isReady ? "" : message)
                .add("Reconciling", progressing, progressing ? name() : reason, progressing ? doing : "")
                .add("Stalled", stopped, stopped ? reason : "AsExpected", stopped ? rollout.message() : "")
                .list();
    }

    private String failing() {
        boolean agents = !health.problems().isEmpty()
                || !health.serviceProxy().isEmpty()
                || !health.networkPolicy().isEmpty()
                || !connectivity.failing().isEmpty();
        return agents ? "AgentsFailing" : dns.problems().isEmpty() ? "IngressFailing" : "DnsFailing";
    }

    private String name() {
        if (rollout.phase() != RolloutPhase.INSTALLING && rollout.phase() != RolloutPhase.PROGRESSING) {
            return dns.progressing() ? "DnsRollingOut" : "IngressRollingOut";
        }
        return rollout.phase() == RolloutPhase.INSTALLING ? "Installing" : "RollingOut";
    }

    private String allWell() {
        List<String> apart = Stream.concat(
                        rollout.skipped().isEmpty()
                                ? Stream.empty()
                                : Stream.of("not moved because not ready: " + String.join(", ", rollout.skipped())),
                        health.notReadyNodes().isEmpty()
                                ? Stream.empty()
                                : Stream.of("nodes not ready: " + firstFew(health.notReadyNodes())))
                .toList();
        return apart.isEmpty() ? "the pod network is up" : "the pod network is up; " + String.join("; ", apart);
    }

    private List<String> wrong() {
        List<String> wrong = new ArrayList<>();
        if (rollout.phase() == RolloutPhase.STOPPED) {
            wrong.add("the rollout to " + rollout.toVersion() + " stopped at node " + rollout.node() + ": "
                    + rollout.message());
        }
        Stream.of(health.problems(), health.serviceProxy(), health.networkPolicy())
                .flatMap(List::stream)
                .filter(p -> !rollout.message().contains(p))
                .forEach(wrong::add);
        if (!connectivity.failing().isEmpty() && rollout.phase() != RolloutPhase.INSTALLING) {
            ConnectivityStatus.FailingPair first = connectivity.failing().getFirst();
            wrong.add((connectivity.pairs() - connectivity.pairsOk()) + " of " + connectivity.pairs()
                    + " probed pairs do not answer, for example " + first.from() + " to " + first.to() + " by "
                    + first.family() + " " + first.path()
                    + (first.message().isEmpty() ? "" : ": " + first.message()));
        }
        wrong.addAll(dns.problems());
        wrong.addAll(ingress.problems());
        return wrong;
    }

    private List<ComponentStatus> components() {
        List<ComponentStatus> components = new ArrayList<>();
        components.add(podNetwork());
        new ServiceProxyStatus(observed, plan, health).component().ifPresent(components::add);
        new NetworkPolicyStatus(observed, plan, health).component().ifPresent(components::add);
        dns.component().ifPresent(components::add);
        ingress.component().ifPresent(components::add);
        return components;
    }

    private ComponentStatus podNetwork() {
        String message = Stream.of(health.problems(), health.starting(), health.repairs())
                .flatMap(list -> list.stream().limit(TOP))
                .collect(Collectors.joining("; "));
        return new ComponentStatus(
                COMPONENT,
                ManagementState.MANAGED,
                plan.target().config().version(),
                plan.agentNodes().size(),
                onTarget,
                ready,
                message);
    }

    private static String top(List<String> wrong) {
        String more = wrong.size() > TOP ? "; and " + (wrong.size() - TOP) + " more" : "";
        return wrong.stream().limit(TOP).collect(Collectors.joining("; ")) + more;
    }

    private static String firstFew(List<String> names) {
        String more = names.size() > TOP ? " and " + (names.size() - TOP) + " more" : "";
        return names.stream().limit(TOP).collect(Collectors.joining(", ")) + more;
    }
}
