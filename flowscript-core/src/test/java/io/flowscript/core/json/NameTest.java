package io.flowscript.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "_",
                "_index",
                "a1",
                "größe",
                "gro\u0308ße",
                "수량",
                "किंमत",
                "ชื่อ",
                "@type",
                "\uD801\uDC00x",
                "ΔΧ2",
                "x²"
            })
    void names(String name) {
        assertThat(Name.is(name)).isTrue();
        assertThat(JsonPath.parse(name)).isEqualTo(JsonPath.ROOT.child(name));
        assertThat(JsonPath.parse("$." + name + ".x").segments()).containsExactly(name, "x");
        assertThat(JsonPath.ROOT.child(name)).hasToString("$." + name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "1", "1a", "a b", "a-b", "a.b", "$", "a$", "\u0308a", "a\u200b", "a\u00a0", "\uD801", "😀", "a'",
                "{{a}}"
            })
    void otherTexts(String text) {
        assertThat(Name.is(text)).isFalse();
    }

    @Test
    void aKeyOfAPathMayHaveAMinusAndBeginWithADigit() {
        assertThat(JsonPath.parse("order-id.1a.-x").segments()).containsExactly("order-id", "1a", "-x");
    }

    @Test
    void theEndOfAName() {
        assertThat(Name.end("größe+1", 0)).isEqualTo(5);
        assertThat(Name.end("größe+1", 5)).isEqualTo(5);
        assertThat(Name.end("größe+1", 6)).isEqualTo(6);
        assertThat(Name.endOfRest("größe+1", 6)).isEqualTo(7);
        assertThat(Name.end("", 0)).isZero();
    }
}
