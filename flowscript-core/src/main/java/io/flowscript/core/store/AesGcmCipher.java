package io.flowscript.core.store;

import io.flowscript.core.FlowScriptException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * A cipher on the JDK: AES-256 in Galois/Counter Mode, with a random nonce of 96 bits for each encryption and a tag of 128
 * bits.
 *
 * <pre>{@code
 * SecretKey key = new SecretKeySpec(Base64.getDecoder().decode(System.getenv("FLOWSCRIPT_KEY")), "AES");
 * StateCipher cipher = AesGcmCipher.of("2026-05", Map.of("2026-05", key));
 * }</pre>
 *
 * <p>One key must not encrypt more than 2<sup>32</sup> times, since nonces could repeat then. A step of an execution takes
 * two encryptions, or a few more when its state has large values. Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class AesGcmCipher implements StateCipher {

    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final String newest;
    private final Map<String, SecretKey> keys;
    private final SecureRandom random = new SecureRandom();

    private AesGcmCipher(String newest, Map<String, SecretKey> keys) {
        this.newest = newest;
        this.keys = keys;
    }

    /**
     * Creates a cipher.
     *
     * @param newest the id of the key that encrypts
     * @param keys all keys by their ids, the newest one and those that are still needed to decrypt: AES keys of 256 bits. An id
     *     has 1 to 64 letters, digits, {@code .}, {@code _} and {@code -}, and always means the same key.
     * @return the cipher
     * @throws FlowScriptException with code {@code invalid_setting} when an id or a key is not as described, or when the newest
     *     key is not among the keys
     */
    public static AesGcmCipher of(String newest, Map<String, SecretKey> keys) {
        Map<String, SecretKey> all = Map.copyOf(keys);
        all.forEach(AesGcmCipher::check);
        if (!all.containsKey(newest)) {
            throw invalid("The newest key \"" + newest + "\" is not among the keys " + new TreeSet<>(all.keySet()));
        }
        return new AesGcmCipher(newest, all);
    }

    private static void check(String id, SecretKey key) {
        if (!KEY_ID.matcher(id).matches()) {
            throw invalid("The id of a key has 1 to 64 letters, digits, and . _ -, not \"" + id + "\"");
        }
        // The bytes of a key in a security module are not known here.
        byte[] bytes = key.getEncoded();
        if (!key.getAlgorithm().equals("AES") || (bytes != null && bytes.length != KEY_BYTES)) {
            throw invalid("The key \"" + id + "\" is to be an AES key of 256 bits, not "
                    + (bytes == null ? "" : 8 * bytes.length + " bits for ") + key.getAlgorithm());
        }
    }

    private static FlowScriptException invalid(String message) {
        return new FlowScriptException("invalid_setting", message);
    }

    @Override
    public String newestKey() {
        return newest;
    }

    @Override
    public byte[] encrypt(String keyId, byte[] plain, byte[] context) {
        SecretKey key = key(keyId);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce), context);
            byte[] encrypted = new byte[NONCE_BYTES + cipher.getOutputSize(plain.length)];
            System.arraycopy(nonce, 0, encrypted, 0, NONCE_BYTES);
            int unused = cipher.doFinal(plain, 0, plain.length, encrypted, NONCE_BYTES);
            return encrypted;
        } catch (GeneralSecurityException e) {
            throw new FlowScriptException("encryption_failed", "The key \"" + keyId + "\" cannot encrypt", e);
        }
    }

    @Override
    public byte[] decrypt(String keyId, byte[] encrypted, byte[] context) {
        SecretKey key = key(keyId);
        if (encrypted.length < NONCE_BYTES + TAG_BITS / Byte.SIZE) {
            throw changed(keyId, null);
        }
        try {
            Cipher cipher = cipher(
                    Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, encrypted, 0, NONCE_BYTES), context);
            return cipher.doFinal(encrypted, NONCE_BYTES, encrypted.length - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw changed(keyId, e);
        }
    }

    private SecretKey key(String keyId) {
        SecretKey key = keys.get(keyId);
        if (key == null) {
            throw new FlowScriptException(
                    "no_cipher_key",
                    "There is no key \"" + keyId + "\" among the keys " + new TreeSet<>(keys.keySet())
                            + "; add it, since something is still encrypted with it");
        }
        return key;
    }

    private static Cipher cipher(int mode, SecretKey key, GCMParameterSpec parameters, byte[] context)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(TRANSFORMATION);
        cipher.init(mode, key, parameters);
        cipher.updateAAD(context);
        return cipher;
    }

    private static FlowScriptException changed(String keyId, @Nullable Throwable cause) {
        return new FlowScriptException(
                "decryption_failed",
                "What is encrypted with the key \"" + keyId
                        + "\" was changed or moved since it was written, or the key is another one of that name",
                cause);
    }
}
