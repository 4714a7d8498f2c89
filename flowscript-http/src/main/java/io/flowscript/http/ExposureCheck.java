package io.flowscript.http;

import io.flowscript.core.FlowScriptException;

/** What a server that others can reach lets them do. Stateless. */
final class ExposureCheck {

    private static final System.Logger LOG = System.getLogger(HttpApi.class.getName());

    private ExposureCheck() {}

    /**
     * Looks at a server that is about to listen, and says so once if everybody may do everything.
     *
     * @param host where it will listen
     * @param authenticator who says who a client is
     * @param permitsEverything whether everybody may do everything
     * @throws FlowScriptException with code {@code invalid_setting} when others would be believed who they say they are
     */
    static void check(String host, Authenticator authenticator, boolean permitsEverything) {
        if (HostPolicy.isLoopback(host)) {
            return;
        }
        if (authenticator instanceof DevelopmentAuthenticator) {
            throw new FlowScriptException(
                    "invalid_setting",
                    "The development authenticator believes everybody, so the server listens on the loopback address only, not on "
                            + host + "; give it an authenticator of your own");
        }
        boolean nobodyAsks = authenticator.equals(Authenticator.ANONYMOUS);
        if (nobodyAsks && permitsEverything) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The server listens on " + host + " without an authenticator, and its access policy is EVERYONE: "
                            + "whoever can reach it may start, see, answer and cancel everything");
        }
    }
}
