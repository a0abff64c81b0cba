package dev.weft.operator;

import dev.weft.operator.apply.Applier;
import dev.weft.operator.apply.Events;
import dev.weft.operator.apply.NodePins;
import dev.weft.operator.observe.Caches;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.plan.Plan;
import dev.weft.operator.rollout.Step;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Set;
import java.util.stream.Collectors;

/** Carries out a {@link Plan.Install}: applies, prunes, pins. */
final class Installer {
    private final Caches caches;
    private final Applier applier;
    private final NodePins pins;
    private final Events events;

    Installer(Caches caches, Applier applier, NodePins pins, Events events) {
        this.caches = caches;
        this.applier = applier;
        this.pins = pins;
        this.events = events;
    }

    void carryOut(Plan.Install plan, Observed observed) {
        for (HasMetadata object : plan.objects()) {
            applier.apply(object, caches.cached(object));
        }
        prune(plan);
        if (plan.step() instanceof Step.Move move) {
            for (String node : move.nodes()) {
                events.normal(
                        "NodeMoves",
                        "node " + node + " moves to " + plan.target().config().version() + ", revision "
                                + plan.target().name());
                pins.pin(node, plan.target().name(), observed.now());
            }
        }
    }

    private void prune(Plan.Install plan) {
        Set<String> wanted = plan.objects().stream().map(Applier::id).collect(Collectors.toSet());
        caches.managed()
                .filter(o -> o.getMetadata().getDeletionTimestamp() == null)
                .filter(o -> !wanted.contains(Applier.id(o)))
                .forEach(applier::delete);
    }
}
