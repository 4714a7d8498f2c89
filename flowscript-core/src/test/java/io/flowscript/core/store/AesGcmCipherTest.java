package io.flowscript.core.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AesGcmCipherTest {

    private static final byte[] PLAIN = "a secret".getBytes(UTF_8);
    private static final byte[] CONTEXT = "execution 1".getBytes(UTF_8);

    private final StateCipher cipher = AesGcmCipher.of("new", Map.of("new", key(1), "old", key(2)));

    private static SecretKey key(int seed) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) seed;
        return new SecretKeySpec(bytes, "AES");
    }

    private static void assertCode(String code, ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(parts);
    }

    @Test
    void decryptsWhatItHasEncrypted() {
        assertThat(cipher.newestKey()).isEqualTo("new");
        for (String id : Set.of("new", "old")) {
            byte[] encrypted = cipher.encrypt(id, PLAIN, CONTEXT);
            assertThat(new String(encrypted, UTF_8)).doesNotContain("secret");
            assertThat(cipher.decrypt(id, encrypted, CONTEXT)).isEqualTo(PLAIN);
        }
        assertThat(cipher.decrypt("new", cipher.encrypt("new", new byte[0], CONTEXT), CONTEXT))
                .isEmpty();
    }

    @Test
    @DisplayName("The nonce is another one each time, so equal texts are not equal when they are encrypted")
    void nonces() {
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            nonces.add(java.util.HexFormat.of().formatHex(cipher.encrypt("new", PLAIN, CONTEXT), 0, 12));
        }
        assertThat(nonces).hasSize(1_000);
    }

    @Test
    void noticesEachChangedByteAndAnotherContext() {
        byte[] encrypted = cipher.encrypt("new", PLAIN, CONTEXT);
        for (int i = 0; i < encrypted.length; i++) {
            byte[] changed = encrypted.clone();
            changed[i] ^= 1;
            assertCode("decryption_failed", () -> cipher.decrypt("new", changed, CONTEXT), "\"new\"");
        }
        for (int length = 0; length < encrypted.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(encrypted, length);
            assertCode("decryption_failed", () -> cipher.decrypt("new", cut, CONTEXT), "changed");
        }
        assertCode("decryption_failed", () -> cipher.decrypt("new", encrypted, "execution 2".getBytes(UTF_8)), "moved");
        assertCode("decryption_failed", () -> cipher.decrypt("old", encrypted, CONTEXT), "\"old\"");
    }

    @Test
    void namesAKeyThatIsMissing() {
        assertCode("no_cipher_key", () -> cipher.decrypt("gone", PLAIN, CONTEXT), "\"gone\"", "[new, old]");
        assertCode("no_cipher_key", () -> cipher.encrypt("gone", PLAIN, CONTEXT), "\"gone\"");
    }

    @Test
    void refusesWrongKeysAndIds() {
        assertCode("invalid_setting", () -> AesGcmCipher.of("b", Map.of("a", key(1))), "\"b\"", "[a]");
        assertCode("invalid_setting", () -> AesGcmCipher.of("a:b", Map.of("a:b", key(1))), "\"a:b\"");
        assertCode("invalid_setting", () -> AesGcmCipher.of("", Map.of("", key(1))), "1 to 64");
        SecretKey shortKey = new SecretKeySpec(new byte[16], "AES");
        assertCode("invalid_setting", () -> AesGcmCipher.of("a", Map.of("a", shortKey)), "128 bits");
        SecretKey other = new SecretKeySpec(new byte[32], "HmacSHA256");
        assertCode("invalid_setting", () -> AesGcmCipher.of("a", Map.of("a", other)), "HmacSHA256");
    }
}
