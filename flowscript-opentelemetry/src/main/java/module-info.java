/** Spans of executions, for OpenTelemetry. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // OpenTelemetry has no module descriptors
module io.flowscript.opentelemetry {
    requires transitive io.flowscript.core;
    requires transitive io.opentelemetry.api;
    requires io.opentelemetry.context;
    requires static org.jspecify;

    exports io.flowscript.opentelemetry;
}
