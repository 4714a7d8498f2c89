package io.flowscript.events.delivery;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;

/** Names that cannot be guessed: of a client, or of an execution that is about to be. Safe for use by any thread. */
final class RandomIds implements Supplier<String> {

    private static final int BYTES = 16;

    private final SecureRandom random = new SecureRandom();

    @Override
    public String get() {
        byte[] id = new byte[BYTES];
        random.nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }
}
