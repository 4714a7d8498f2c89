package io.flowscript.core.engine;

/**
 * Brings something to every engine without the application having to ask for it: expressions, form validation, nodes.
 * Found by {@link java.util.ServiceLoader}, in the order that gives; each is called once per {@link FlowScript#builder()},
 * before the application sets anything itself, so whatever the application sets overrides it.
 *
 * @since 0.1.0
 */
public interface EngineExtension {

    /**
     * Sets what this extension brings. Called on the thread that makes the builder.
     *
     * @param builder the builder, with the built-in nodes and the defaults
     */
    void extend(FlowScriptBuilder builder);
}
