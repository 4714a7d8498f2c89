package io.flowscript.engine;

/**
 * Adds settings to every engine automatically, such as expressions, form validation and nodes.
 * {@link java.util.ServiceLoader} finds the extensions and determines their order. Each extension is called once per
 * {@link FlowScript#builder()}, before the application makes its own settings, so the application's settings override
 * it.
 *
 * @since 0.1.0
 */
public interface EngineExtension {

    /**
     * Makes the settings of this extension. Called on the thread that creates the builder.
     *
     * @param builder the builder, with the built-in nodes and the defaults
     */
    void extend(FlowScriptBuilder builder);
}
