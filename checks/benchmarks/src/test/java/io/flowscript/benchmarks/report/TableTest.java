package io.flowscript.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Tables, and the figures in them. */
class TableTest {

    @Test
    void aRowHasACellForEachColumn() {
        Table table = new Table("", "p50").row("a|b", "1.5");
        assertThat(table.markdown()).isEqualTo("| | p50 |\n|---|---|\n| a\\|b | 1.5 |\n");
        assertThatThrownBy(() -> table.row("only one")).hasMessageContaining("1 cells, and the table 2");
    }

    @Test
    void aFigureIsTheMedianOfItsRounds() {
        Results results = new Results();
        for (double value : new double[] {3, 1_200, 45.25}) {
            results.add("server", "ms", value);
        }
        assertThat(results.median("server", "ms")).isEqualTo(45.25);
        assertThat(results.range("server", "ms")).isEqualTo("45.3 (3.00 to 1,200)");
        assertThat(results.range("server", "other")).isEqualTo("–");
        assertThat(results.columns("server")).containsExactly("ms");
    }

    @Test
    void threeDigitsMatter() {
        assertThat(Results.text(0)).isEqualTo("0");
        assertThat(Results.text(0.0123)).isEqualTo("0.012");
        assertThat(Results.text(0.123)).isEqualTo("0.12");
        assertThat(Results.text(1.234)).isEqualTo("1.23");
        assertThat(Results.text(12.34)).isEqualTo("12.3");
        assertThat(Results.text(12_345.6)).isEqualTo("12,346");
    }
}
