package io.flowscript.events.delivery;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;

/** Generates ids that cannot be guessed, for clients and for new executions. Safe for use by any thread. */
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
