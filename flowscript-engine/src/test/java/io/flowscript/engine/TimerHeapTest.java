package io.flowscript.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.engine.TimerHeap.Task;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TimerHeapTest {

    private final TimerHeap heap = new TimerHeap();

    /** A task, and its place in the order that it is to have. */
    private record Expected(long at, int nanos, int number, Task task) {}

    @Test
    @DisplayName(
            "tasks come in the order of their times, and of the calls for equal times, whatever is called off meanwhile")
    void order() {
        Random random = new Random(7);
        NavigableSet<Expected> expected = new TreeSet<>(Comparator.comparingLong(Expected::at)
                .thenComparingInt(Expected::nanos)
                .thenComparingInt(Expected::number));
        for (int number = 0; number < 30_000; number++) {
            // Grows to thousands and shrinks to nothing again and again.
            boolean grows = number / 5_000 % 2 == 0;
            if (random.nextInt(10) < (grows ? 7 : 2)) {
                long at = random.nextInt(50) - 25L;
                int nanos = random.nextInt(3);
                expected.add(new Expected(at, nanos, number, heap.add(at, nanos, () -> {})));
            } else if (!expected.isEmpty()) {
                Expected gone = random.nextBoolean() ? expected.first() : any(expected, random);
                assertThat(heap.remove(gone.task())).isTrue();
                assertThat(heap.remove(gone.task())).isFalse();
                expected.remove(gone);
            }
            assertThat(heap.size()).isEqualTo(expected.size());
            assertThat(heap.first())
                    .isSameAs(expected.isEmpty() ? null : expected.first().task());
        }
    }

    private static Expected any(NavigableSet<Expected> all, Random random) {
        Expected after = all.ceiling(
                new Expected(random.nextInt(50) - 25L, 0, 0, all.first().task()));
        return after == null ? all.last() : after;
    }

    @Test
    @DisplayName("a task that was there before all were removed is not taken for one that is there now")
    void cleared() {
        Task before = heap.add(1, 0, () -> {});
        heap.clear();
        assertThat(heap.first()).isNull();
        Task now = heap.add(2, 0, () -> {});
        before.cancel();
        assertThat(heap.first()).isSameAs(now);
        assertThat(heap.remove(now)).isTrue();
        assertThat(heap.size()).isZero();
    }
}
