/** Metrics of an engine and of its clients, for Micrometer. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer has no module descriptor
module io.flowscript.micrometer {
    requires transitive io.flowscript.events;
    requires transitive micrometer.core;
    requires static org.jspecify;

    exports io.flowscript.micrometer;
}
