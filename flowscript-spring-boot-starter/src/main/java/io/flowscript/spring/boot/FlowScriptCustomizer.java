package io.flowscript.spring.boot;

import io.flowscript.engine.FlowScriptBuilder;

/**
 * Changes the builder of the engine. Each bean of this type is called once, in their order, after the properties and the beans of nodes and workflows.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface FlowScriptCustomizer {

    /**
     * Changes the builder.
     *
     * @param builder the builder of the engine
     */
    void customize(FlowScriptBuilder builder);
}
