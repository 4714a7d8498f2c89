/** JSON in and out: workflow documents, snapshots, and the messages of the client protocol. */
@SuppressWarnings("module") // the qualified export names modules that are built after this one
module io.flowscript.json {
    requires transitive io.flowscript.core;
    requires static org.jspecify;
    requires tools.jackson.core;

    exports io.flowscript.json;
    exports io.flowscript.json.protocol;
    exports io.flowscript.json.codec to
            io.flowscript.client,
            io.flowscript.language,
            io.flowscript.events,
            io.flowscript.http,
            io.flowscript.testkit,
            io.flowscript.store.jdbc;
}
