package io.flowscript.http;

import io.flowscript.core.FlowScriptException;

/** Checks whether a server that other machines can reach is safe to start. Stateless. */
final class ExposureCheck {

    private static final System.Logger LOG = System.getLogger(HttpApi.class.getName());

    private ExposureCheck() {}

    /**
     * Checks a server that is about to listen. Logs a warning if clients are not identified and everybody may do everything.
     *
     * @param host the address that the server will listen on
     * @param authenticator identifies clients
     * @param permitsEverything whether everybody may do everything
     * @throws FlowScriptException with code {@code invalid_setting} when clients on other machines would be trusted
     *     without a check of their identity
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
