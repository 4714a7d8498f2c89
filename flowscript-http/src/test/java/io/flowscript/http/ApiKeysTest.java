package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.Login;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A program is known by its key, of which the server has only the hash")
class ApiKeysTest {

    private static final String KEY = "billing_abc";
    private static final Login BILLING = Login.of("billing", "services");

    private final ApiKeys keys =
            ApiKeys.of(Map.of(ApiKeys.hash(KEY), BILLING, ApiKeys.hash("other"), Login.of("other")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Authorization: Bearer billing_abc            | true",
                "Authorization: bearer  billing_abc           | true",
                "X-API-Key: billing_abc                       | true",
                "Sec-WebSocket-Protocol: flowscript.v2, flowscript.bearer.billing%5Fabc | true",
                "Authorization: Bearer billing_abd            | false",
                "Authorization: Bearer                        | false",
                "Authorization: Basic billing_abc             | false",
                "X-API-Key: billing_ab                        | false",
                "Sec-WebSocket-Protocol: flowscript.bearer.%zz | false",
                "Cookie: key=billing_abc                      | false"
            })
    @DisplayName("in any of the fields that it can send, and nowhere else")
    void fields(String field, boolean isKnown) {
        assertThat(keys.authenticate(Requests.with(field)))
                .isEqualTo(isKnown ? Optional.of(BILLING) : Optional.empty());
    }

    @Test
    @DisplayName("and a request with several keys is of nobody")
    void ambiguous() {
        String bearer = "Authorization: Bearer " + KEY;
        assertThat(keys.authenticate(Requests.with(bearer, "Authorization: Bearer other")))
                .isEmpty();
        assertThat(keys.authenticate(Requests.with(bearer, bearer))).isEmpty();
        assertThat(keys.authenticate(Requests.with("X-API-Key: " + KEY, "X-API-Key: other")))
                .isEmpty();
        assertThat(keys.authenticate(Requests.with("X-API-Key: " + KEY, bearer)))
                .isEmpty();
        assertThat(keys.authenticate(Requests.with(
                        "Sec-WebSocket-Protocol: flowscript.bearer." + KEY + ", flowscript.bearer.other")))
                .isEmpty();
    }

    @Test
    @DisplayName("and the application may keep the hashes; a text too long to be a key is not looked up")
    void lookup() {
        List<String> asked = new CopyOnWriteArrayList<>();
        ApiKeys stored = ApiKeys.lookup(hash -> {
            asked.add(hash);
            return hash.equals(ApiKeys.hash(KEY)) ? Optional.of(BILLING) : Optional.empty();
        });
        assertThat(stored.authenticate(Requests.with("X-API-Key: " + KEY))).contains(BILLING);
        assertThat(stored.authenticate(Requests.with("X-API-Key: no"))).isEmpty();
        assertThat(stored.authenticate(Requests.with("X-API-Key: " + "x".repeat(513))))
                .isEmpty();
        assertThat(asked).containsExactly(ApiKeys.hash(KEY), ApiKeys.hash("no")).allMatch(hash -> hash.length() == 64);
    }

    @Test
    @DisplayName("and a new key has its prefix, is never made twice, and is not taken for a hash")
    void generated() {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            made.add(ApiKeys.generate("billing"));
        }
        assertThat(made).hasSize(1_000).allMatch(key -> key.matches("billing_[A-Za-z0-9_-]{43}"));
        assertThatThrownBy(() -> ApiKeys.of(Map.of(made.iterator().next(), BILLING)))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageNotContaining("billing_");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a_b", "ä"})
    void prefixesAreChecked(String prefix) {
        assertThatThrownBy(() -> ApiKeys.generate(prefix)).isInstanceOf(FlowScriptException.class);
    }

    @Test
    @DisplayName("and several authenticators are asked in turn")
    void firstOf() {
        Authenticator any =
                Authenticator.firstOf(keys, Authenticator.PRINCIPAL, request -> Optional.of(Login.of("guest")));
        ClientRequest known =
                new ClientRequest("GET", "/", Map.of(), Map.of(), Map.of(), "127.0.0.1", false, () -> "ann");
        assertThat(any.authenticate(Requests.with("X-API-Key: " + KEY))).contains(BILLING);
        assertThat(any.authenticate(known)).contains(Login.of("ann"));
        assertThat(any.authenticate(Requests.with())).contains(Login.of("guest"));
        assertThat(Authenticator.firstOf(keys).authenticate(Requests.with())).isEmpty();
        assertThatThrownBy(() -> Authenticator.firstOf(keys, Authenticator.development()))
                .isInstanceOf(FlowScriptException.class);
    }
}
