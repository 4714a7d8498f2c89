/** JSON, the client protocol, delivery to clients, human interaction, the in-memory transport. */
@SuppressWarnings("module") // the qualified export names modules that are built after this one
module io.flowscript.events {
    requires transitive io.flowscript.core;
    requires static org.jspecify;
    requires com.networknt.schema;
    requires java.net.http;
    requires org.apache.commons.jexl3;
    requires org.slf4j;
    requires tools.jackson.databind;

    exports io.flowscript.events.delivery;
    exports io.flowscript.events.inbox;
    exports io.flowscript.events.interaction;
    exports io.flowscript.events.json;
    exports io.flowscript.events.nodes;
    exports io.flowscript.events.memory;
    exports io.flowscript.events.protocol;
    exports io.flowscript.events.codec to
            io.flowscript.testkit,
            io.flowscript.ws.jetty;

    provides io.flowscript.core.engine.EngineExtension with
            io.flowscript.events.EventsExtension;
}
