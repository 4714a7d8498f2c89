/** The workflow language: expressions, forms, and the built-in nodes. */
module io.flowscript.language {
    requires transitive io.flowscript.engine;
    requires transitive io.flowscript.json;
    requires static org.jspecify;
    requires com.networknt.schema;
    requires org.apache.commons.jexl3;
    requires org.eclipse.jetty.client;
    requires org.eclipse.jetty.http;
    requires org.eclipse.jetty.io;
    requires org.eclipse.jetty.util;
    requires org.slf4j;
    requires tools.jackson.databind;

    exports io.flowscript.language.expressions;
    exports io.flowscript.language.forms;
    exports io.flowscript.language.nodes;

    provides io.flowscript.engine.EngineExtension with
            io.flowscript.language.LanguageExtension;
}
