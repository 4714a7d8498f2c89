package io.flowscript.spring.boot;

import io.flowscript.core.Identity;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.micrometer.FlowScriptMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Puts metrics of the engine and of its clients into the registry of the application.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
        before = FlowScriptAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass({FlowScriptMetrics.class, MeterRegistry.class})
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnMissingBean(FlowScriptObserver.class)
public final class FlowScriptMetricsAutoConfiguration {

    /** Who counts executions and questions. An access policy has to permit this identity to observe. */
    private static final Identity READER = Identity.of("metrics");

    /** Makes the configuration. */
    public FlowScriptMetricsAutoConfiguration() {}

    /**
     * Counts what happens.
     *
     * @param registry the registry of the application
     * @return the observer of the engine
     */
    @Bean
    FlowScriptMetrics flowScriptMetrics(MeterRegistry registry) {
        return FlowScriptMetrics.of(registry);
    }

    /**
     * Registers the gauges when all beans are there, since the engine needs the metrics first.
     *
     * @param metrics the metrics
     * @param flows the engine
     * @param bridge the bridge, which an application without clients does not have
     * @return registers the gauges
     */
    @Bean
    SmartInitializingSingleton flowScriptGauges(
            FlowScriptMetrics metrics, ObjectProvider<FlowScript> flows, ObjectProvider<FlowScriptBridge> bridge) {
        return () -> {
            flows.ifUnique(metrics::bindTo);
            bridge.ifUnique(clients -> metrics.bindTo(clients, READER));
        };
    }
}
