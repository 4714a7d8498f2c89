package io.flowscript.spring.boot;

import io.flowscript.engine.EngineHealth.Shards;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Tells Spring Boot's actuator of the engine.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = {FlowScriptAutoConfiguration.class, FlowScriptServletAutoConfiguration.class})
@ConditionalOnBean(FlowScript.class)
public final class FlowScriptActuatorAutoConfiguration {

    /** Makes the configuration. */
    public FlowScriptActuatorAutoConfiguration() {}

    /** The health of the engine. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    @ConditionalOnEnabledHealthIndicator("flowscript")
    @RegisterReflectionForBinding(Shards.class)
    static class Health {

        @Bean
        @ConditionalOnMissingBean(name = "flowScriptHealthIndicator")
        HealthIndicator flowScriptHealthIndicator(FlowScript flows) {
            return new EngineHealthIndicator(flows);
        }
    }

    /** The figures of the engine. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
    @ConditionalOnAvailableEndpoint(FlowScriptEndpoint.class)
    static class Figures {

        @Bean
        @ConditionalOnMissingBean
        FlowScriptEndpoint flowScriptEndpoint(FlowScript flows, ObjectProvider<FlowScriptBridge> bridge) {
            return new FlowScriptEndpoint(flows, bridge.getIfUnique());
        }
    }
}
