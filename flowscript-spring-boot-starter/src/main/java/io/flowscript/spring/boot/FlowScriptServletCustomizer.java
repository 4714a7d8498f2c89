package io.flowscript.spring.boot;

import io.flowscript.servlet.FlowScriptServlet;

/**
 * Changes the builder of the servlet. Each bean of this type is called once, in their order, after the properties.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface FlowScriptServletCustomizer {

    /**
     * Changes the builder.
     *
     * @param builder the builder of the servlet
     */
    void customize(FlowScriptServlet.Builder builder);
}
