package io.flowscript.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What two builds print is read by name, and compared pair by pair. */
class RatiosTest {

    @Test
    void figuresAreNamedByTheirHeadingLineAndWords() {
        String output = """
                burst of 500 events to 3 clients
                  raw      M events/s 1.96 (1.90 to 2.10)   us of CPU each, server 0.40 (0.30 to 0.50), client 0.10 (0.10 to 0.10)
                  v1       M events/s 0.28 (0.20 to 0.30)
                problems 0
                steps M/s: 1,234.50 (1,000.00 to 2,000.00)
                """;
        assertThat(Figures.of(output))
                .containsExactly(
                        Map.entry("burst of 500 events to 3 clients: raw M events/s", 1.96),
                        Map.entry("burst of 500 events to 3 clients: raw us of CPU each, server", 0.40),
                        Map.entry("burst of 500 events to 3 clients: raw client", 0.10),
                        Map.entry("burst of 500 events to 3 clients: v1 M events/s", 0.28),
                        Map.entry("steps M/s", 1_234.50));
    }

    @Test
    void aRatioIsThatOfTheRunsOfOneRound() {
        Ratios ratios = new Ratios();
        ratios.add(Map.of("rate", 10.0, "only in a", 1.0), Map.of("rate", 5.0, "only in b", 1.0));
        ratios.add(Map.of("rate", 20.0), Map.of("rate", 40.0));
        ratios.add(Map.of("rate", 30.0), Map.of("rate", 27.0));
        assertThat(ratios.markdown())
                .isEqualTo("| | a | b | b of a |\n|---|---|---|---|\n| rate | 20.0 | 27.0 | 0.90 (0.50 to 2.00) |\n");
    }

    @Test
    void whatIsNothingHasNoRatio() {
        Ratios ratios = new Ratios();
        ratios.add(Map.of("client", 0.0), Map.of("client", 0.5));
        assertThat(ratios.markdown()).contains("| client | 0 | 0.50 | – |");
    }
}
