/** The engine of FlowScript: it runs workflows and asks people. Needs the core and the JDK alone. */
module io.flowscript.engine {
    requires transitive io.flowscript.core;
    requires static org.jspecify;

    exports io.flowscript.engine;

    uses io.flowscript.engine.EngineExtension;
}
