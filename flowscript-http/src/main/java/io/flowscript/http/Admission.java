package io.flowscript.http;

import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.Login;
import java.util.List;
import java.util.Map;

/**
 * The decision whether a WebSocket may be opened, made by {@link HttpApi#admit}.
 *
 * @since 0.1.0
 */
public sealed interface Admission {

    /**
     * The WebSocket may be opened.
     *
     * @param login who opens it, and until when that counts
     * @param network where the client comes from: its IPv4 address, or the network of its IPv6 address
     * @param renewal checks a new token of the client
     * @param headers header fields to add to the upgrade response
     */
    record Admitted(Login login, String network, ClientInfo.Renewal renewal, Map<String, List<String>> headers)
            implements Admission {

        /**
         * Describes the client to the bridge.
         *
         * @param framing the framing that the client expects
         * @return the client
         */
        public ClientInfo client(ClientInfo.Framing framing) {
            return new ClientInfo(login, network, framing, renewal);
        }
    }

    /**
     * The WebSocket may not be opened.
     *
     * @param response the response to send instead
     */
    record Refused(HttpResponse response) implements Admission {}
}
