/** Virtual time, an in-memory client and assertions for users' tests; the contracts of transports and stores. */
module io.flowscript.testkit {
    requires transitive io.flowscript.events;
    requires static org.jspecify;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;

    exports io.flowscript.testkit;
}
