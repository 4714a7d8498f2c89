package io.flowscript.spring.boot;

import io.flowscript.events.delivery.EventBridgeBuilder;

/**
 * Changes the builder of the bridge, to which clients connect. Each bean of this type is called once, in their order, after the properties.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface FlowScriptBridgeCustomizer {

    /**
     * Changes the builder.
     *
     * @param builder the builder of the bridge
     */
    void customize(EventBridgeBuilder builder);
}
