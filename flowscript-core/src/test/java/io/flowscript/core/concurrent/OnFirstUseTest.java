package io.flowscript.core.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OnFirstUseTest {

    @Test
    void isMadeWhenItIsFirstNeededAndOnlyThen() {
        AtomicInteger made = new AtomicInteger();
        OnFirstUse<Integer> value = new OnFirstUse<>(made::incrementAndGet);
        assertThat(made).hasValue(0);
        assertThat(value.get()).isEqualTo(1);
        assertThat(value.get()).isEqualTo(1);
    }

    @Test
    @DisplayName("when two make it at the same time, both get the first one")
    void oneValueForAll() {
        Deque<OnFirstUse<String>> self = new ArrayDeque<>();
        Deque<String> names = new ArrayDeque<>(List.of("outer", "inner"));
        OnFirstUse<String> value = new OnFirstUse<>(() -> {
            String name = names.pop();
            if (name.equals("outer")) {
                assertThat(self.element().get()).isEqualTo("inner");
            }
            return name;
        });
        self.add(value);
        assertThat(value.get()).isEqualTo("inner");
        assertThat(value.get()).isEqualTo("inner");
    }

    @Test
    void isMadeByTheNextAfterAFailure() {
        AtomicInteger calls = new AtomicInteger();
        OnFirstUse<String> value = new OnFirstUse<>(() -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("cannot");
            }
            return "made";
        });
        assertThatThrownBy(value::get).hasMessage("cannot");
        assertThat(value.get()).isEqualTo("made");
    }
}
