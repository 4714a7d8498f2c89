package io.flowscript.json.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A traceparent counts when it has the form of the W3C's Trace Context")
class TraceParentTest {

    private static final String IDS = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";

    @ParameterizedTest
    @ValueSource(
            strings = {"00-" + IDS + "-01", "00-" + IDS + "-00", "cc-" + IDS + "-09", "01-" + IDS + "-01-what.later"})
    void taken(String text) {
        assertThat(TraceParent.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                IDS,
                "00-" + IDS,
                "00-" + IDS + "-1",
                "00-" + IDS + "-01-more",
                "00-" + IDS + "-01 ",
                "ff-" + IDS + "-01",
                "01-" + IDS + "-01.more",
                "01-" + IDS + "-01-\n",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            })
    void ignored(String text) {
        assertThat(TraceParent.of(text)).isNull();
    }

    @Test
    void whatIsNoTextOrTooLongIsIgnored() {
        assertThat(TraceParent.of(null)).isNull();
        assertThat(TraceParent.of(7)).isNull();
        String longest = "01-" + IDS + "-01-" + "x".repeat(456);
        assertThat(TraceParent.of(longest)).hasSize(512);
        assertThat(TraceParent.of(longest + "x")).isNull();
    }
}
