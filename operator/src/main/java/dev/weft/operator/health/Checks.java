package dev.weft.operator.health;

import io.javaoperatorsdk.operator.Operator;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * Started: the operator runs, as leader or as standby. Ready: its informers are in step with the API server. Live: the
 * process answers; an API server that is away is no reason to restart.
 */
final class Checks {
    @Produces
    @Singleton
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.up("process");
    }

    @Produces
    @Singleton
    @Startup
    HealthCheck started(Operator operator) {
        return () -> HealthCheckResponse.named("operator started")
                .status(operator.getRuntimeInfo().isStarted())
                .build();
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck ready(Operator operator) {
        return () -> HealthCheckResponse.named("informers in step")
                .status(operator.getRuntimeInfo().isStarted()
                        && operator.getRuntimeInfo().allEventSourcesAreHealthy())
                .build();
    }
}
