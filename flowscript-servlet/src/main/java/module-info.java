/** REST, server-sent events, long polls and WebSocket in any servlet container. */
module io.flowscript.servlet {
    requires transitive io.flowscript.http;
    requires static org.jspecify;
    requires transitive jakarta.servlet;
    requires static transitive jakarta.websocket;

    exports io.flowscript.servlet;
}
