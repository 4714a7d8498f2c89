package io.flowscript.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FormCacheTest {

    private static final int KEPT = 256;

    private final List<Object> read = new ArrayList<>();
    private final FormCache forms = new FormCache(schema -> {
        read.add(schema);
        return answer -> List.of();
    });

    @Test
    @DisplayName("A schema is read once, and of many those are kept that were used last")
    void keepsTheOnesUsedLast() {
        for (int i = 0; i < KEPT; i++) {
            forms.check(schema(i));
        }
        forms.check(schema(0));
        assertThat(read).hasSize(KEPT);

        forms.check(schema(KEPT)); // takes the place of 1, since 0 was used after it
        forms.check(schema(0));
        assertThat(read).hasSize(KEPT + 1);
        forms.check(schema(1));
        assertThat(read).hasSize(KEPT + 2).endsWith(schema(1));
    }

    @Test
    @DisplayName("Large schemas are forgotten before their number counts")
    void keepsTwoMebibytes() {
        String filler = "a".repeat(1 << 19);
        for (int i = 0; i < 8; i++) {
            forms.check(large(i, filler));
        }
        forms.check(large(7, filler));
        forms.check(large(5, filler));
        assertThat(read).hasSize(8);
        forms.check(large(0, filler));
        assertThat(read).hasSize(9);
    }

    @Test
    @DisplayName("A schema that is larger than the cache is read, and takes the place of no other")
    void keepsNoneThatIsTooLarge() {
        forms.check(schema(1));
        forms.check(large(2, "a".repeat(3 << 20)));
        forms.check(large(2, "a".repeat(3 << 20)));
        forms.check(schema(1));
        assertThat(read).hasSize(3);
    }

    private static Object large(int number, String filler) {
        return Json.object(Map.of("const", number, "title", filler));
    }

    private static Map<String, Object> schema(int number) {
        return Json.object(Map.of("const", number));
    }
}
