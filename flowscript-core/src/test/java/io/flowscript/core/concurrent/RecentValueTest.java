package io.flowscript.core.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RecentValueTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final RecentValue<String> value = new RecentValue<>(Duration.ofSeconds(1));

    @Test
    void isKeptForItsTime() {
        assertThat(value.get(5, () -> "one")).isEqualTo("one");
        assertThat(value.get(4 + SECOND, () -> "two")).isEqualTo("one");
        assertThat(value.get(5 + SECOND, () -> "two")).isEqualTo("two");
    }

    @Test
    @DisplayName("while one caller makes the value, others get the one before")
    void oneAtATime() {
        value.get(0, () -> "one");
        String made = value.get(SECOND, () -> value.get(SECOND, () -> "made by another") + " and two");
        assertThat(made).isEqualTo("one and two");
        assertThat(value.get(SECOND, () -> "three")).isEqualTo(made);
    }

    @Test
    void isMadeByTheNextAfterAFailure() {
        value.get(0, () -> "one");
        assertThatThrownBy(() -> value.get(SECOND, () -> {
                    throw new IllegalStateException("cannot");
                }))
                .hasMessage("cannot");
        assertThat(value.get(SECOND, () -> "two")).isEqualTo("two");
    }
}
