package io.flowscript.jwt;

import com.nimbusds.jose.JWSHeader;
import java.security.PublicKey;
import java.util.List;

/** Knows the keys by which tokens can be signed. Safe for use by any thread. */
@FunctionalInterface
interface KeySource {

    /**
     * Returns the keys that may have signed a token. It may block for a short time.
     *
     * @param header the header of the token; only its algorithm and the name of its key count, not the keys that it has or refers to
     * @return a few keys, each fit for the algorithm; empty when there is none
     * @throws IllegalStateException when the keys are not known, since they cannot be fetched
     */
    List<PublicKey> keysFor(JWSHeader header);
}
