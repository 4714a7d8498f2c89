package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CompactMapTest {

    @Test
    @DisplayName("a compact map does what a hash map does, while it grows and shrinks")
    void isAMap() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Map<String, Integer> expected = new HashMap<>();
            CompactMap<String, Integer> map = new CompactMap<>();
            int keys = 1 + random.nextInt(12);
            for (int step = 0; step < 200; step++) {
                String key = "key" + random.nextInt(keys);
                switch (random.nextInt(20)) {
                    case 0 -> {
                        expected.clear();
                        map.clear();
                    }
                    case 1, 2, 3, 4, 5, 6, 7, 8 -> assertThat(map.remove(key)).isEqualTo(expected.remove(key));
                    default -> assertThat(map.put(key, step)).isEqualTo(expected.put(key, step));
                }
                assertThat(map.size()).as("seed %s, step %s", seed, step).isEqualTo(expected.size());
                assertThat(map.get(key)).isEqualTo(expected.get(key));
                assertThat(map.containsKey(key)).isEqualTo(expected.containsKey(key));
                assertThat(map.keys()).containsExactlyInAnyOrderElementsOf(expected.keySet());
                assertThat(map.values()).containsExactlyInAnyOrderElementsOf(expected.values());
            }
        }
    }
}
