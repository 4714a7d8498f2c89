package io.flowscript.servlet;

import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.testsupport.server.EventsContract;

/** Servlets as the contracts want them. */
final class Servlets {

    private Servlets() {}

    /** For clients that need not say who they are. */
    static FlowScriptServlet.Builder open(FlowScriptBridge bridge) {
        return FlowScriptServlet.builder(bridge)
                .authenticator(Authenticator.ANONYMOUS)
                .requestsPerSecond(1_000_000)
                .handshakesPerSecond(1_000_000)
                .maxEventRequestsPerAddress(10_000);
    }

    /** One that soon cuts a client off. */
    static FlowScriptServlet.Builder forContract(FlowScriptBridge bridge) {
        return open(bridge).closingTime(EventsContract.CLOSING_TIME);
    }
}
