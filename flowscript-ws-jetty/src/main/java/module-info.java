/** WebSocket on Jetty 12, and the adapter of the HTTP side for it. */
module io.flowscript.ws.jetty {
    requires transitive io.flowscript.http;
    requires static org.jspecify;
    requires transitive org.eclipse.jetty.server;
    requires org.eclipse.jetty.http;
    requires org.eclipse.jetty.io;
    requires transitive org.eclipse.jetty.util;
    requires org.eclipse.jetty.websocket.core.server;

    exports io.flowscript.ws.jetty;
}
