package io.flowscript.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static Map<String, Object> schema(int number) {
        return Map.of("const", number);
    }
}
