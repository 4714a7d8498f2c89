package io.flowscript.events.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.testing.ManualClock;
import io.flowscript.events.operations.TokenBucket.Verdict;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private final ManualClock clock = new ManualClock();
    private final TokenBucket rate = new TokenBucket(100, 200, 200, clock.instant());

    @Test
    void takesABurstThenRefusesThenHasEnough() {
        assertThat(take(200)).containsOnly(Map.entry(Verdict.TAKEN, 200));
        assertThat(take(199)).containsOnly(Map.entry(Verdict.REFUSED, 199));
        assertThat(take(1)).containsOnly(Map.entry(Verdict.EXCESSIVE, 1));
    }

    @Test
    void takesTheRateForEver() {
        take(200);
        for (int second = 0; second < 1_000; second++) {
            clock.advance(Duration.ofSeconds(1));
            assertThat(take(100)).containsOnly(Map.entry(Verdict.TAKEN, 100));
        }
    }

    @Test
    void forgivesOneThatWaits() {
        take(300);
        clock.advance(Duration.ofSeconds(3));
        assertThat(take(200)).containsOnly(Map.entry(Verdict.TAKEN, 200));
    }

    @Test
    void savesUpNoMoreThanABurst() {
        clock.advance(Duration.ofDays(1));
        assertThat(take(201)).containsEntry(Verdict.REFUSED, 1);
    }

    @Test
    void countsNothingBeyondTheRateWithoutADebt() {
        TokenBucket withoutDebt = new TokenBucket(100, 200, 0, clock.instant());
        for (int i = 0; i < 1_000; i++) {
            assertThat(withoutDebt.take(clock.instant())).isEqualTo(i < 200 ? Verdict.TAKEN : Verdict.EXCESSIVE);
        }
        clock.advance(Duration.ofMillis(10));
        assertThat(withoutDebt.take(clock.instant())).isEqualTo(Verdict.TAKEN);
    }

    private Map<Verdict, Integer> take(int messages) {
        Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
        for (int i = 0; i < messages; i++) {
            verdicts.merge(rate.take(clock.instant()), 1, Integer::sum);
        }
        return verdicts;
    }
}
