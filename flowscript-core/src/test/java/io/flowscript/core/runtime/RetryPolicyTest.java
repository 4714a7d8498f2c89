package io.flowscript.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final Duration CENTURY = Duration.ofDays(36_525);

    @Test
    @DisplayName("Delays grow by the factor up to the longest, and are shortened by the jitter")
    void delays() {
        RetryPolicy policy = new RetryPolicy(5, Duration.ofMillis(1_500), 3, Duration.ofSeconds(10), 0.5);

        assertThat(policy.delayAfter(1, 0)).isEqualTo(Duration.ofMillis(1_500));
        assertThat(policy.delayAfter(2, 0)).isEqualTo(Duration.ofMillis(4_500));
        assertThat(policy.delayAfter(3, 0)).isEqualTo(Duration.ofSeconds(10));
        assertThat(policy.delayAfter(3, 0.5)).isEqualTo(Duration.ofMillis(7_500));
    }

    @Test
    @DisplayName("A cap of forever is no cap")
    void noCap() {
        RetryPolicy policy = new RetryPolicy(1_000, Duration.ofSeconds(1), 2, FOREVER, 0);

        assertThat(policy.delayAfter(1, 0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.delayAfter(11, 0)).isEqualTo(Duration.ofSeconds(1_024));
    }

    @Test
    @DisplayName("No delay is longer than 100 years, so that its end is a time")
    void longest() {
        for (RetryPolicy policy : new RetryPolicy[] {
            RetryPolicy.fixed(2, FOREVER),
            new RetryPolicy(1_000, Duration.ofSeconds(1), 2, FOREVER, 0),
            new RetryPolicy(1_000, Duration.ofNanos(1), Double.POSITIVE_INFINITY, FOREVER, 0)
        }) {
            assertThat(policy.delayAfter(999, 0)).isEqualTo(CENTURY);
        }
    }
}
