package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WakeUpsTest {

    private static final class Sleeper extends WakeUps.Sleeper {}

    private final WakeUps wakeUps = new WakeUps();
    private final Sleeper one = new Sleeper();
    private final Sleeper two = new Sleeper();
    private final Sleeper three = new Sleeper();
    private final List<WakeUps.Sleeper> seen = new ArrayList<>();

    @Test
    @DisplayName("each that has woken is seen once, in the order of waking")
    void inTheirOrder() {
        assertThat(wakeUps.add(one)).isTrue();
        assertThat(wakeUps.add(two)).isTrue();
        assertThat(wakeUps.add(one)).as("it is there already").isFalse();
        assertThat(wakeUps.add(three)).isTrue();

        wakeUps.drain(seen::add);
        wakeUps.drain(seen::add);

        assertThat(seen).containsExactly(one, two, three);
    }

    @Test
    @DisplayName("one that wakes while it is looked at is seen again")
    void wakesAgain() {
        wakeUps.add(one);
        wakeUps.add(two);

        wakeUps.drain(woken -> {
            seen.add(woken);
            if (woken == one) {
                assertThat(wakeUps.add(one)).isTrue();
            }
        });
        wakeUps.drain(seen::add);

        assertThat(seen).containsExactly(one, two, one);
    }

    @Test
    @DisplayName("what is forgotten is not seen")
    void forgets() {
        wakeUps.add(one);
        wakeUps.clear();

        assertThat(wakeUps.add(one)).isFalse();
        wakeUps.drain(seen::add);

        assertThat(seen).isEmpty();
    }
}
