package io.flowscript.store.jdbc;

import io.flowscript.core.store.AesGcmCipher;
import io.flowscript.core.store.StateCipher;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Ciphers whose keys follow from their ids. */
final class TestKeys {

    private TestKeys() {}

    /** {@return a cipher that encrypts with the first key, and decrypts with all of them} */
    static StateCipher cipher(String... ids) {
        Map<String, SecretKey> keys = new TreeMap<>();
        for (String id : ids) {
            byte[] bytes = new byte[32];
            Arrays.fill(bytes, (byte) id.hashCode());
            keys.put(id, new SecretKeySpec(bytes, "AES"));
        }
        return AesGcmCipher.of(ids[0], keys);
    }
}
