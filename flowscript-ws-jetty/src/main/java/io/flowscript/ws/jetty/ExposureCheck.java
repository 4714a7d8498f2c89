package io.flowscript.ws.jetty;

import io.flowscript.core.FlowScriptException;
import io.flowscript.events.operations.Operations;
import org.jspecify.annotations.Nullable;

/** What a server that others can reach lets them do. Stateless. */
final class ExposureCheck {

    private static final System.Logger LOG = System.getLogger(FlowScriptWebSocketServer.class.getName());

    private ExposureCheck() {}

    /**
     * Looks at a server that is about to listen, and says so once if everybody may do everything.
     *
     * @param host where it will listen
     * @param authenticator who says who a client is; null for nobody
     * @param operations what clients can ask for
     * @throws FlowScriptException with code {@code invalid_setting} when others would be believed who they say they are
     */
    static void check(String host, @Nullable Authenticator authenticator, Operations operations) {
        if (HostPolicy.isLoopback(host)) {
            return;
        }
        if (authenticator instanceof DevelopmentAuthenticator) {
            throw new FlowScriptException(
                    "invalid_setting",
                    "The development authenticator believes everybody, so the server listens on the loopback address only, not on "
                            + host + "; give it an authenticator of your own");
        }
        boolean nobodyAsks = authenticator == null || authenticator.equals(Authenticator.ANONYMOUS);
        if (nobodyAsks && operations.permitEverything()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The server listens on " + host + " without an authenticator, and its access policy is EVERYONE: "
                            + "whoever can reach it may start, see, answer and cancel everything");
        }
    }
}
