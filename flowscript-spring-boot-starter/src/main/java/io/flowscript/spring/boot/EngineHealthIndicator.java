package io.flowscript.spring.boot;

import io.flowscript.engine.EngineHealth;
import io.flowscript.engine.EngineHealth.Problem;
import io.flowscript.engine.EngineHealth.Shards;
import io.flowscript.engine.FlowScript;
import java.util.Locale;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * The health of an engine: down when executions are broken, which a restart mends, and out of service while the store takes nothing or the lease of its shards is over. Safe for use by any thread.
 */
final class EngineHealthIndicator extends AbstractHealthIndicator {

    private final FlowScript flows;

    EngineHealthIndicator(FlowScript flows) {
        super("The figures of FlowScript cannot be read");
        this.flows = flows;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        EngineHealth health = flows.health();
        if (health.broken() > 0) {
            builder.down();
        } else if (health.isUp()) {
            builder.up();
        } else {
            builder.outOfService();
        }
        boolean available = !health.problems().contains(Problem.STORE_UNAVAILABLE);
        builder.withDetail(
                        "problems",
                        health.problems().stream()
                                .map(problem -> problem.name().toLowerCase(Locale.ROOT))
                                .toList())
                .withDetail("store", !flows.isDurable() ? "none" : available ? "available" : "unavailable")
                .withDetail("storeStalled", health.storeStalled())
                .withDetail("time", flows.clock().instant().toString())
                .withDetail("clockJump", health.clockJump())
                .withDetail("executions", flows.stats().executions())
                .withDetail("waitingNodes", health.waitingNodes())
                .withDetail("nodesStalled", health.nodesStalled())
                .withDetail("waitingCommands", health.waitingCommands())
                .withDetail("broken", health.broken());
        Shards shards = health.shards();
        if (shards != null) {
            builder.withDetail("shards", shards);
        }
    }
}
