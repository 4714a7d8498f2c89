package io.flowscript.core.text;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;

/**
 * Makes ids that cannot be guessed: 128 bits from a secure random generator, as 22 characters that need no escaping in a URL.
 * Safe for use by any thread.
 */
public final class RandomIds implements Supplier<String> {

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecureRandom random = new SecureRandom();

    @Override
    public String get() {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return ENCODER.encodeToString(bits);
    }
}
