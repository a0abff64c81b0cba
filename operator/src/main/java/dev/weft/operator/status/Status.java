package dev.weft.operator.status;

import dev.weft.api.ClusterNetworkStatus;
import dev.weft.api.ComponentStatus;
import dev.weft.api.Condition;
import dev.weft.api.ManagementState;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.plan.Plan;
import dev.weft.operator.plan.Problem;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** What the user reads, from the plan and what was observed. The same input gives the same status. */
public final class Status {
    private static final int MESSAGE_LIMIT = 500;

    private Status() {}

    public static ClusterNetworkStatus of(Observed observed, Plan plan) {
        return switch (plan) {
            case Plan.Install install -> new InstalledStatus(observed, install).status();
            case Plan.Refuse refuse -> refused(observed, refuse);
            case Plan.Leave leave -> left(observed);
            case Plan.Remove remove -> removed(observed, "", false);
        };
    }

    /** While everything is taken off the nodes, and after. */
    public static ClusterNetworkStatus removed(Observed observed, String progress, boolean done) {
        String message = done ? "removed, as managementState asks" : "removing: " + progress;
        String reason = done ? "Removed" : "Removing";
        List<Condition> conditions = new Conditions(observed)
                .add("Ready", false, reason, message)
                .add("Available", false, reason, message)
                .add("Progressing", !done, reason, message)
                .add("Degraded", false, reason, "")
                .add("Upgradeable", true, reason, "")
                .add("Reconciling", !done, reason, message)
                .add("Stalled", false, reason, "")
                .list();
        return new ClusterNetworkStatus(observed.generation(), null, conditions, List.of(), null, null, null);
    }

    /** When the operator itself could not do its work, for example because it lacks a right. */
    public static ClusterNetworkStatus failed(
            ClusterNetworkStatus previous, Instant now, long generation, Exception e) {
        String reason = "ReconcileFailed";
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String message = "the operator could not do its work and tries again: "
                + (why.length() <= MESSAGE_LIMIT ? why : why.substring(0, MESSAGE_LIMIT) + "…");
        boolean available = previous.condition("Available").map(Condition::met).orElse(false);
        List<Condition> conditions = new Conditions(previous, generation, now)
                .add("Ready", false, reason, message)
                .add("Available", available, reason, available ? "what was installed keeps running" : message)
                .add("Progressing", true, reason, message)
                .add("Degraded", true, reason, message)
                .add("Upgradeable", false, reason, message)
                .add("Reconciling", true, reason, message)
                .add("Stalled", false, reason, "")
                .list();
        return new ClusterNetworkStatus(
                previous.observedGeneration(),
                previous.version(),
                conditions,
                previous.components(),
                previous.effective(),
                previous.rollout(),
                previous.connectivity());
    }

    private static ClusterNetworkStatus refused(Observed observed, Plan.Refuse refuse) {
        Problem first = refuse.problems().getFirst();
        String message = refuse.problems().stream().map(Problem::message).collect(Collectors.joining("; "));
        ClusterNetworkStatus previous = observed.previous();
        boolean available = previous.version() != null
                && previous.condition("Available").map(Condition::met).orElse(false);
        List<Condition> conditions = new Conditions(observed)
                .add("Ready", false, first.reason(), message)
                .add("Available", available, first.reason(), available ? "what was installed keeps running" : message)
                .add("Progressing", false, first.reason(), "waits for a person")
                .add("Degraded", true, first.reason(), message)
                .add("Upgradeable", false, first.reason(), message)
                .add("Reconciling", false, first.reason(), "")
                .add("Stalled", true, first.reason(), message)
                .list();
        return new ClusterNetworkStatus(
                observed.generation(),
                previous.version(),
                conditions,
                previous.components(),
                previous.effective(),
                previous.rollout(),
                previous.connectivity());
    }

    private static ClusterNetworkStatus left(Observed observed) {
        ClusterNetworkStatus previous = observed.previous();
        String reason = "Unmanaged";
        String message = "managementState is Unmanaged: nothing is installed, repaired, moved or removed";
        boolean available = previous.condition("Available").map(Condition::met).orElse(false);
        List<Condition> conditions = new Conditions(observed)
                .add("Ready", false, reason, message)
                .add("Available", available, reason, "as it was when the operator was told to keep off")
                .add("Progressing", false, reason, message)
                .add("Degraded", false, reason, "not looked at")
                .add("Upgradeable", false, reason, message)
                .add("Reconciling", false, reason, "")
                .add("Stalled", false, reason, "")
                .list();
        List<ComponentStatus> components = previous.components().stream()
                .map(c -> new ComponentStatus(
                        c.name(), ManagementState.UNMANAGED, c.version(), c.desired(), c.updated(), c.ready(), ""))
                .toList();
        return new ClusterNetworkStatus(
                observed.generation(),
                previous.version(),
                conditions,
                components,
                previous.effective(),
                previous.rollout(),
                previous.connectivity());
    }
}
