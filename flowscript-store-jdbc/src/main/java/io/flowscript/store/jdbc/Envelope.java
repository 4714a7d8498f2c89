package io.flowscript.store.jdbc;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.store.StateCipher;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts what is written of executions with secrets, and decrypts what is read. What is encrypted is ASCII on one line: the
 * id of the key, a colon, and the encrypted bytes in Base64. What is not encrypted is a JSON object, which begins with a
 * brace, so both can be told apart.
 *
 * <p>The id of the execution and the place are a part of the encryption, so that encrypted bytes are valid nowhere else.
 */
final class Envelope {

    /** The place of a snapshot. */
    static final String SNAPSHOT = "snapshot";

    /** The place of a value that is kept apart from the snapshot. Its key is encrypted with it. */
    static final String VALUE = "value";

    private static final Set<String> UNDECRYPTABLE = Set.of("no_cipher", "no_cipher_key", "decryption_failed");

    private static final int MAX_KEY_ID = 64;
    private static final char SEPARATOR = ':';
    private static final char JSON = '{';

    private final @Nullable StateCipher cipher;

    /**
     * Creates an envelope.
     *
     * @param cipher the cipher; null for a store that has none
     */
    Envelope(@Nullable StateCipher cipher) {
        this.cipher = cipher;
    }

    /** {@return the place of events that begin with a number} */
    static String events(long firstSeq) {
        return "events " + firstSeq;
    }

    /** {@return whether this is why something cannot be decrypted} */
    static boolean isUndecryptable(FlowScriptException failure) {
        return UNDECRYPTABLE.contains(failure.code());
    }

    static boolean isEncrypted(byte[] stored) {
        return keyLength(stored) > 0;
    }

    /** {@return the length of the id of the key; 0 when there is none, as in JSON and in what is damaged} */
    private static int keyLength(byte[] stored) {
        for (int i = 0; i < stored.length && i <= MAX_KEY_ID; i++) {
            if (stored[i] == SEPARATOR) {
                return i;
            }
            boolean isPart = (stored[i] >= 'a' && stored[i] <= 'z')
                    || (stored[i] >= 'A' && stored[i] <= 'Z')
                    || (stored[i] >= '0' && stored[i] <= '9')
                    || "._-".indexOf(stored[i]) >= 0;
            if (!isPart) {
                return 0;
            }
        }
        return 0;
    }

    /** {@return the first bytes of what is not encrypted, and of what the newest key has encrypted} */
    byte[][] beginnings() {
        return new byte[][] {{JSON}, (cipher().newestKey() + SEPARATOR).getBytes(StandardCharsets.US_ASCII)};
    }

    boolean hasCipher() {
        return cipher != null;
    }

    /** Encrypts JSON with the newest key. */
    byte[] encrypt(byte[] json, String executionId, String place) {
        StateCipher used = cipher();
        String keyId = used.newestKey();
        byte[] encrypted = Base64.getEncoder()
                .withoutPadding()
                .encode(used.encrypt(keyId, json, context(keyId, executionId, place)));
        byte[] head = (keyId + SEPARATOR).getBytes(StandardCharsets.US_ASCII);
        if (keyLength(head) != keyId.length()) {
            throw StoreErrors.failed("The cipher calls its newest key \"" + keyId
                    + "\"; the id of a key has 1 to 64 letters, digits, and . _ -");
        }
        byte[] stored = Arrays.copyOf(head, head.length + encrypted.length);
        System.arraycopy(encrypted, 0, stored, head.length, encrypted.length);
        return stored;
    }

    /**
     * Decrypts what is stored.
     *
     * @return the JSON; the given bytes when they are not encrypted
     * @throws FlowScriptException with code {@code no_cipher}, {@code no_cipher_key} or {@code decryption_failed}
     */
    byte[] decrypt(byte[] stored, String executionId, String place) {
        int end = keyLength(stored);
        if (end == 0) {
            return stored;
        }
        String keyId = new String(stored, 0, end, StandardCharsets.US_ASCII);
        byte[] encrypted;
        try {
            encrypted = Base64.getDecoder().decode(Arrays.copyOfRange(stored, end + 1, stored.length));
        } catch (IllegalArgumentException e) {
            throw new FlowScriptException(
                    "decryption_failed", "What is encrypted with the key \"" + keyId + "\" was changed", e);
        }
        return cipher().decrypt(keyId, encrypted, context(keyId, executionId, place));
    }

    private static byte[] context(String keyId, String executionId, String place) {
        return (place + '\0' + keyId + '\0' + executionId).getBytes(StandardCharsets.UTF_8);
    }

    private StateCipher cipher() {
        if (cipher == null) {
            throw StoreErrors.noCipher();
        }
        return cipher;
    }
}
