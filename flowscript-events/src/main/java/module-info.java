/** Serves clients: what they can ask for, the inbox, delivery of events, the in-memory transport. */
module io.flowscript.events {
    requires transitive io.flowscript.engine;
    requires transitive io.flowscript.json;
    requires static org.jspecify;
    requires org.slf4j;

    exports io.flowscript.events.delivery;
    exports io.flowscript.events.inbox;
    exports io.flowscript.events.links;
    exports io.flowscript.events.memory;
    exports io.flowscript.events.operations;
}
