package io.flowscript.testsupport.server;

import io.flowscript.core.bridge.Transport;

/** A server under test. It listens on the loopback address. */
public interface TestServer extends Transport {

    /** The port that it listens on. */
    int port();

    /** The number of its clients, of whatever kind. */
    int clients();
}
