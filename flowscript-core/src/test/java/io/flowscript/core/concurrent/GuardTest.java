package io.flowscript.core.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GuardTest {

    @Test
    @DisplayName(
            "What cannot be printed is reported by a stand-in only, since a logger prints its own failures elsewhere")
    void reportsAStandIn() {
        RuntimeException thrown = new RuntimeException("one") {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalStateException("no message");
            }
        };
        List<Throwable> reported = new ArrayList<>();
        Guard.report(thrown, reported::add);
        assertThat(reported).singleElement().satisfies(shown -> {
            assertThat(shown).hasMessageContaining(thrown.getClass().getName());
            assertThat(shown.getStackTrace()).isEqualTo(thrown.getStackTrace());
        });
    }

    @Test
    void reportsAgainWhenTheReportFails() {
        IllegalStateException thrown = new IllegalStateException("one");
        List<Throwable> reported = new ArrayList<>();
        Guard.report(thrown, shown -> {
            reported.add(shown);
            if (reported.size() == 1) {
                throw new IllegalArgumentException("a cause cannot be printed");
            }
        });
        assertThat(reported).hasSize(2).first().isSameAs(thrown);
    }
}
