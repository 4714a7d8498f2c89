package io.flowscript.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretPathsTest {

    private static final Map<String, Object> STATE = Map.of(
            "card",
            "4111",
            "amount",
            250,
            "customer",
            Map.of("name", "Ada", "pin", 1234, "address", Map.of("city", "Rome")),
            "cards",
            List.of(Map.of("number", "1"), Map.of("number", "2")),
            "0",
            "zero");

    private static SecretPaths secrets(String... paths) {
        return SecretPaths.of(Stream.of(paths).map(JsonPath::parse).toList());
    }

    private static Map<String, Object> masked(String... paths) {
        return secrets(paths).mask(Json.object(STATE));
    }

    @Test
    void masksValuesAndLeavesTheRest() {
        assertThat(masked("$.card", "customer.pin", "state.cards"))
                .containsEntry("card", "[secret]")
                .containsEntry("amount", 250)
                .containsEntry("customer", Map.of("name", "Ada", "pin", "[secret]", "address", Map.of("city", "Rome")))
                .containsEntry("cards", "[secret]");
    }

    @Test
    void masksNothingThatIsNotThere() {
        Map<String, Object> state = Json.object(STATE);
        assertThat(secrets("$.none", "$.card.number", "$.customer.none.deep").mask(state))
                .isSameAs(state);
        assertThat(SecretPaths.NONE.mask(state)).isSameAs(state);
    }

    @Test
    @DisplayName("Null stays null: it tells nothing but that there is no value")
    void leavesNull() {
        Map<String, Object> state = Json.object(java.util.Collections.singletonMap("card", null));
        assertThat(secrets("$.card").mask(state)).isSameAs(state);
        assertThat(secrets("$.card").mask(JsonPath.parse("$.card"), null)).isNull();
    }

    @Test
    void aPathBelowAnotherOneChangesNothing() {
        assertThat(masked("$.customer", "$.customer.pin")).isEqualTo(masked("$.customer"));
        assertThat(masked("$.customer.pin", "$.customer")).isEqualTo(masked("$.customer"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$.customer          | $.customer             | [secret]",
                "$.customer          | $.customer.address     | [secret]",
                "$.customer          | $.customer.address.city| [secret]",
                "$.customer.pin      | $.customer.name        | v",
                "$.customer.pin      | $.customers            | v",
                "$.customer          | $.custom               | v",
                "$.customer['0']     | $.customer[0]          | [secret]",
                "$.customer['00'].a  | $.customer[0].a        | [secret]",
                "$.customer['0']     | $.customer[1]          | v",
                "$['a.b']            | $.a.b                  | v",
                "$['a.b']            | $['a.b'].c             | [secret]"
            })
    void masksWhatIsSetAtOrBelowASecretPath(String secret, String path, String shown) {
        assertThat(secrets(secret).mask(JsonPath.parse(path), "v")).isEqualTo(shown);
    }

    @Test
    void masksWithinWhatIsSetAboveASecretPath() {
        SecretPaths secrets = secrets("$.customer.pin", "$.customer.address.city");
        assertThat(secrets.mask(JsonPath.parse("$.customer"), Json.freeze(STATE.get("customer"))))
                .isEqualTo(Map.of("name", "Ada", "pin", "[secret]", "address", Map.of("city", "[secret]")));
        assertThat(secrets.mask(JsonPath.ROOT, Json.freeze(STATE))).isEqualTo(secrets.mask(Json.object(STATE)));
        assertThat(secrets.mask(JsonPath.parse("$.customer"), "no object")).isEqualTo("no object");
    }

    @Test
    void areEqualInAnyOrder() {
        assertThat(secrets("$.b", "$.a", "a")).isEqualTo(secrets("$.a", "$.b")).hasToString("[$.a, $.b]");
        assertThat(secrets()).isSameAs(SecretPaths.NONE);
        assertThat(secrets("$.a")).isNotEqualTo(secrets("$.b"));
    }
}
