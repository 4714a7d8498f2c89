/** The pure core of FlowScript: events, logs, the engine, and the ports by which events leave. Needs nothing but the JDK. */
@SuppressWarnings("module") // the qualified exports name modules that are built after this one
module io.flowscript.core {
    requires static org.jspecify;

    exports io.flowscript.core;
    exports io.flowscript.core.bridge;
    exports io.flowscript.core.engine;
    exports io.flowscript.core.event;
    exports io.flowscript.core.interaction;
    exports io.flowscript.core.json;
    exports io.flowscript.core.log;
    exports io.flowscript.core.observe;
    exports io.flowscript.core.runtime;
    exports io.flowscript.core.snapshot;
    exports io.flowscript.core.store;
    exports io.flowscript.core.testing;
    exports io.flowscript.core.workflow;
    exports io.flowscript.core.concurrent to
            io.flowscript.events,
            io.flowscript.http,
            io.flowscript.language,
            io.flowscript.ws.jetty;
    exports io.flowscript.core.settings to
            io.flowscript.events,
            io.flowscript.json,
            io.flowscript.language;
    exports io.flowscript.core.text to
            io.flowscript.json,
            io.flowscript.language,
            io.flowscript.events;

    uses io.flowscript.core.engine.EngineExtension;
}
