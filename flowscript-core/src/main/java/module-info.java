/** The core of FlowScript: values, events, logs, and the ports of the engine and its clients. Needs nothing but the JDK. */
@SuppressWarnings("module") // the qualified exports name modules that are built after this one
module io.flowscript.core {
    requires static org.jspecify;

    exports io.flowscript.core;
    exports io.flowscript.core.bridge;
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
            io.flowscript.client,
            io.flowscript.engine,
            io.flowscript.events,
            io.flowscript.http,
            io.flowscript.language,
            io.flowscript.micrometer,
            io.flowscript.servlet,
            io.flowscript.ws.jetty;
    exports io.flowscript.core.settings to
            io.flowscript.client,
            io.flowscript.engine,
            io.flowscript.events,
            io.flowscript.json,
            io.flowscript.language;
    exports io.flowscript.core.log.memory to
            io.flowscript.engine;
    exports io.flowscript.core.text to
            io.flowscript.engine,
            io.flowscript.json,
            io.flowscript.language,
            io.flowscript.events;
}
