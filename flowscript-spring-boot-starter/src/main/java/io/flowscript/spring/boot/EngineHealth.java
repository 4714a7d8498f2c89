package io.flowscript.spring.boot;

import io.flowscript.engine.EngineStats;
import io.flowscript.engine.FlowScript;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * The health of an engine: down when executions are broken, which a restart mends, and out of service while the store takes nothing. Safe for use by any thread.
 */
final class EngineHealth extends AbstractHealthIndicator {

    private final FlowScript flows;

    EngineHealth(FlowScript flows) {
        super("The figures of FlowScript cannot be read");
        this.flows = flows;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        EngineStats stats = flows.stats();
        if (stats.broken() > 0) {
            builder.down();
        } else if (stats.storeAvailable()) {
            builder.up();
        } else {
            builder.outOfService();
        }
        builder.withDetail("store", !flows.isDurable() ? "none" : stats.storeAvailable() ? "available" : "unavailable")
                .withDetail("time", flows.clock().instant().toString())
                .withDetail("executions", stats.executions())
                .withDetail("waitingNodes", stats.waitingNodes())
                .withDetail("broken", stats.broken());
    }
}
