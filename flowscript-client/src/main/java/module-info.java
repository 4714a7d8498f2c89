/** A client for Java: live events and commands over WebSocket, server-sent events or long polls. */
module io.flowscript.client {
    requires transitive io.flowscript.core;
    requires transitive java.net.http;
    requires io.flowscript.json;
    requires static org.jspecify;

    exports io.flowscript.client;
}
