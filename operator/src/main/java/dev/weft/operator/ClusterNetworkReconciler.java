package dev.weft.operator;

import dev.weft.api.ClusterNetwork;
import dev.weft.api.ClusterNetworkStatus;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.plan.Plan;
import dev.weft.operator.status.Status;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Observe, plan, apply, report. All that decides is pure and lies elsewhere. */
@Singleton
@ControllerConfiguration(
        name = "clusternetwork",
        finalizerName = "weft.dev/cleanup",
        fieldManager = "weft-operator",
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 5, timeUnit = TimeUnit.MINUTES))
public final class ClusterNetworkReconciler implements Reconciler<ClusterNetwork>, Cleaner<ClusterNetwork> {
    private static final Duration REMOVAL_PACE = Duration.ofSeconds(2);

    private final Engine engine;

    public ClusterNetworkReconciler(Engine engine) {
        this.engine = engine;
    }

    @Override
    public List<EventSource<?, ClusterNetwork>> prepareEventSources(EventSourceContext<ClusterNetwork> context) {
        return engine.start(context);
    }

    @Override
    public UpdateControl<ClusterNetwork> reconcile(ClusterNetwork network, Context<ClusterNetwork> context) {
        Observed observed = engine.observe(network);
        Plan plan = engine.plan(network, observed);
        Optional<String> removing = engine.carryOut(plan, observed);
        ClusterNetworkStatus status = plan instanceof Plan.Remove
                ? Status.removed(observed, removing.orElse(""), removing.isEmpty())
                : Status.of(observed, plan);
        engine.follow(plan, status);
        UpdateControl<ClusterNetwork> control = report(network, status);
        return control.rescheduleAfter(engine.nextLook(plan, status, removing.isPresent()));
    }

    private UpdateControl<ClusterNetwork> report(ClusterNetwork network, ClusterNetworkStatus status) {
        if (status.equals(network.status())) {
            return UpdateControl.noUpdate();
        }
        engine.tell(network.status(), status);
        return UpdateControl.patchStatus(withStatus(network, status));
    }

    @Override
    public DeleteControl cleanup(ClusterNetwork network, Context<ClusterNetwork> context) {
        return engine.remove(engine.observe(network))
                .map(progress -> DeleteControl.noFinalizerRemoval().rescheduleAfter(REMOVAL_PACE.toMillis()))
                .orElseGet(DeleteControl::defaultDelete);
    }

    @Override
    public ErrorStatusUpdateControl<ClusterNetwork> updateErrorStatus(
            ClusterNetwork network, Context<ClusterNetwork> context, Exception e) {
        ClusterNetworkStatus status = Status.failed(network.status(), engine.now(), generation(network), e);
        return status.equals(network.status())
                ? ErrorStatusUpdateControl.noStatusUpdate()
                : ErrorStatusUpdateControl.patchStatus(withStatus(network, status));
    }

    static long generation(ClusterNetwork network) {
        return Optional.ofNullable(network.getMetadata().getGeneration()).orElse(0L);
    }

    /** Only the status, so that server-side apply never takes part in the spec. */
    private static ClusterNetwork withStatus(ClusterNetwork network, ClusterNetworkStatus status) {
        ClusterNetwork patch = new ClusterNetwork();
        patch.setMetadata(new ObjectMetaBuilder()
                .withName(network.getMetadata().getName())
                .build());
        patch.setStatus(status);
        return patch;
    }
}
