package io.flowscript.core.bridge;

import io.flowscript.core.Identity;

/**
 * The identity of a client and the framing that it expects.
 *
 * @param identity the identity of the client, as far as the transport knows it
 * @param framing how messages are put into frames
 * @since 0.1.0
 */
public record ClientInfo(Identity identity, Framing framing) {

    /** How messages are put into frames (protocol, section 6). */
    public enum Framing {
        /** One JSON object per frame: what a client without the subprotocol expects. */
        SINGLE,
        /** One or more JSON objects per frame, each ended by a newline: subprotocol {@code flowscript.v2}. */
        LINES
    }
}
