package io.flowscript.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A time is written as the JDK writes it. */
final class InstantTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999999999Z",
                "2026-01-02T03:04:05Z",
                "2026-01-02T03:04:05.006Z",
                "2026-01-02T03:04:05.000006Z",
                "2026-01-02T03:04:05.000000007Z",
                "2024-02-29T23:59:59.120Z",
                "9999-12-31T23:59:59.999999999Z",
                "+10000-01-01T00:00:00Z",
                "-0001-05-05T05:05:05Z"
            })
    void atBounds(String text) {
        Instant time = Instant.parse(text);
        assertThat(InstantText.of(time)).isEqualTo(time.toString());
    }

    @Test
    void anywhere() {
        Random random = new Random(1);
        Stream.of(1, 1_000, 1_000_000).forEach(unit -> {
            for (int i = 0; i < 5_000; i++) {
                Instant time = Instant.ofEpochSecond(
                        random.nextLong(-99_999_999_999L, 299_999_999_999L),
                        random.nextInt(1_000_000_000 / unit) * (long) unit);
                assertThat(InstantText.of(time)).isEqualTo(time.toString());
            }
        });
        assertThat(InstantText.of(Instant.MAX)).isEqualTo(Instant.MAX.toString());
        assertThat(InstantText.of(Instant.MIN)).isEqualTo(Instant.MIN.toString());
    }
}
