package io.flowscript.core.store;

/**
 * Encrypts what a store writes of executions whose workflow marks secrets. {@link AesGcmCipher} is the usual one; an
 * application can write another one, for keys in a key management service, for example.
 *
 * <p>There are several keys, each with an id, so that keys can be changed: the newest one encrypts, and all of them decrypt.
 * Implementations are called by any thread, several at a time, once for each value that is written or read. They may block
 * for a short time only.
 *
 * @since 0.1.0
 */
public interface StateCipher {

    /**
     * Returns the key that encrypts from now on.
     *
     * @return its id: 1 to 64 letters, digits, {@code .}, {@code _} and {@code -}. It is stored in clear text.
     */
    String newestKey();

    /**
     * Encrypts.
     *
     * @param keyId the id of the key, one that {@link #newestKey} has returned
     * @param plain the bytes to encrypt; not changed
     * @param context where the bytes are stored. It is not secret, but decrypting must fail with any other context, so that
     *     encrypted bytes cannot be moved elsewhere.
     * @return the encrypted bytes, different each time, with all that is needed to decrypt them except for the key
     * @throws io.flowscript.core.FlowScriptException when they cannot be encrypted
     */
    byte[] encrypt(String keyId, byte[] plain, byte[] context);

    /**
     * Decrypts.
     *
     * @param keyId the id of the key that has encrypted the bytes
     * @param encrypted what {@link #encrypt} has returned; not changed
     * @param context the same context as for {@link #encrypt}
     * @return the bytes as they were
     * @throws io.flowscript.core.FlowScriptException with code {@code no_cipher_key} when there is no key with this id, and
     *     {@code decryption_failed} when the bytes or the context are not those that were encrypted
     */
    byte[] decrypt(String keyId, byte[] encrypted, byte[] context);
}
