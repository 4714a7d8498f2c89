/** REST, server-sent events and long polls as functions from a request to an answer; no container. */
module io.flowscript.http {
    requires transitive io.flowscript.events;
    requires static org.jspecify;

    exports io.flowscript.http;
}
