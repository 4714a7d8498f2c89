package io.flowscript.spring.boot;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.support.ResourcePatternResolver;

/**
 * Makes the engine, of the nodes and workflows of the application.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = FlowScriptStoreAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "flowscript.enabled", matchIfMissing = true)
@EnableConfigurationProperties(FlowScriptProperties.class)
@Import(EngineParts.class)
@ImportRuntimeHints(NativeImageHints.class)
public final class FlowScriptAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(FlowScriptAutoConfiguration.class);

    /** Makes the configuration. */
    public FlowScriptAutoConfiguration() {}

    /**
     * Makes the engine. It begins to work at once: it continues the executions that are in the store.
     *
     * @param properties the settings
     * @param resources finds the files of workflows
     * @param parts what the application gives to the engine
     * @return the engine, which Spring closes; it closes the store
     */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    FlowScript flowScript(FlowScriptProperties properties, ResourcePatternResolver resources, EngineParts parts) {
        PreparedSettings.require(properties.enabled(), "flowscript.enabled", false);
        FlowScriptBuilder builder = FlowScript.builder()
                .limits(EngineSettings.limits(properties.limits()))
                .retention(EngineSettings.retention(properties.retention()))
                .storeRetention(
                        EngineSettings.storeRetention(properties.retention().stored()))
                .durability(properties.durability());
        parts.addTo(builder);
        List<WorkflowDefinition> read = new WorkflowResources(resources).read(properties.workflows());
        read.forEach(builder::workflow);
        ExecutionStore store = parts.store().getIfAvailable();
        if (store == null) {
            requireNoStore(properties);
        } else {
            builder.store(store);
        }
        parts.customizers().orderedStream().forEach(customizer -> customizer.customize(builder));
        FlowScript flows = builder.build();
        LOG.info(
                "FlowScript has {} workflows, {}",
                flows.workflows().size(),
                flows.isDurable()
                        ? "and keeps executions in a store"
                        : "and keeps executions in memory: they are lost when the application ends, unless flowscript.store is set");
        return flows;
    }

    private static void requireNoStore(FlowScriptProperties properties) {
        FlowScriptProperties.Store wanted = properties.store();
        if (wanted == FlowScriptProperties.Store.FILE) {
            throw new FlowScriptException(
                    "invalid_setting",
                    "flowscript.store is \"file\", which needs the dependency io.flowscript:flowscript-store-jdbc"
                            + PreparedSettings.hint());
        }
        if (wanted == FlowScriptProperties.Store.DATASOURCE) {
            throw new FlowScriptException(
                    "invalid_setting",
                    "flowscript.store is \"datasource\", which needs one DataSource, or one that is @Primary, and the dependency"
                            + " io.flowscript:flowscript-store-jdbc" + PreparedSettings.hint());
        }
    }

    /** Nodes run on virtual threads when the application wants those. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnThreading(Threading.VIRTUAL)
    static class VirtualThreads {

        @Bean(destroyMethod = "close")
        NodeThreads flowScriptNodeThreads() {
            return new NodeThreads();
        }

        @Bean
        @Order(Integer.MIN_VALUE)
        FlowScriptCustomizer flowScriptVirtualThreads(NodeThreads threads) {
            return builder -> builder.executor(threads.executor());
        }
    }
}
