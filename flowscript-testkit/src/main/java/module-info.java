/**
 * Time by hand, people who do as they are told, assertions and golden events, for tests of applications; what finds out whether an answer can be lost, and
 * whether an event can; the contracts of transports and stores, and crashes of an engine on any store; the client protocol as cases for servers of any make.
 */
module io.flowscript.testkit {
    requires transitive io.flowscript;
    requires java.logging;
    requires java.net.http;
    requires static org.jspecify;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;

    exports io.flowscript.testkit;
    exports io.flowscript.testkit.crash;
    exports io.flowscript.testkit.protocol;
    exports io.flowscript.testkit.store;
    exports io.flowscript.testkit.transport;
    exports io.flowscript.testkit.fault;
}
