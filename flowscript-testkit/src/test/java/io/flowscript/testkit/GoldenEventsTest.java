package io.flowscript.testkit;

import static io.flowscript.testkit.FlowScriptAssertions.assertThat;
import static io.flowscript.testkit.FlowScriptAssertions.golden;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.engine.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Golden files: comparison, difference and rewriting")
class GoldenEventsTest {

    @TempDir
    Path directory;

    private static Execution expense(TestFlows flows, Map<String, Object> answer) {
        flows.whenAsked("review")
                .by("ann")
                .claim(Duration.ofDays(1))
                .answer(answer)
                .after(Duration.ofHours(30));
        Execution run = flows.start("expense", Map.of("amount", 250));
        flows.advance(Duration.ofDays(2));
        return run;
    }

    private static List<RecordedEvent> events(Map<String, Object> answer) {
        try (TestFlows flows = Expenses.flows()) {
            return Events.of(expense(flows, answer).events());
        }
    }

    @Test
    void theEventsAreThoseOfTheFile() {
        try (TestFlows flows = Expenses.flows()) {
            assertThat(expense(flows, Expenses.APPROVED)).isCompleted().emitted(golden("expense.events"));
        }
    }

    @Test
    void theFileIsFoundBesideTheClassThatAsks() {
        assertThat(golden("x.events"))
                .hasToString(Path.of("src/test/resources/io/flowscript/testkit/x.events")
                        .toString());
    }

    @Test
    void aDifferenceIsShownWithWhatToDo() throws IOException {
        Path file = directory.resolve("expense.events");
        new GoldenEvents(file, "update", null).compare(events(Expenses.APPROVED));

        assertThatThrownBy(() -> new GoldenEvents(file, null, null).compare(events(Expenses.REJECTED)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expense.events")
                .hasMessageContaining("-Dflowscript.golden=update rewrites it")
                .hasMessageContaining(
                        "- +1d 6h     node:completed         review#1         {\"data\":null,\"edge\":\"approved\"}")
                .hasMessageContaining(
                        "+ +1d 6h     node:completed         review#1         {\"data\":null,\"edge\":\"rejected\"}")
                .hasMessageContaining("equal lines");
        new GoldenEvents(file, null, "true").compare(events(Expenses.APPROVED));
    }

    @Test
    void aFileThatIsNotThereIsNamedWithWhatItWouldHold() {
        assertThatThrownBy(() -> new GoldenEvents(directory.resolve("new.events"), null, null)
                        .compare(events(Expenses.APPROVED)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("There is no golden file")
                .hasMessageContaining("new.events")
                .hasMessageContaining("+0s        workflow:started");
    }

    @Test
    void nothingIsWrittenAnewOnCi() {
        Path file = directory.resolve("expense.events");
        assertThatThrownBy(() -> new GoldenEvents(file, "update", "true").compare(events(Expenses.APPROVED)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("CI=true");
        assertThat(file).doesNotExist();
    }

    @Test
    void idsAndTheTimeOfTheBeginningDoNotMatter() throws IOException {
        Path file = directory.resolve("deep/expense.events");
        new GoldenEvents(file, "update", null).compare(events(Expenses.APPROVED));
        try (TestFlows flows = TestFlows.of(TestFlows.START.plusSeconds(12_345), Expenses::addTo)) {
            flows.start("expense", Map.of("amount", 1), "another");
            new GoldenEvents(file, null, null)
                    .compare(Events.of(expense(flows, Expenses.APPROVED).events()));
        }
        assertThat(Files.readString(file))
                .doesNotContain("id-")
                .doesNotContain("expense-1")
                .contains("\"t1\"");
    }

    @Test
    void theDifferenceKeepsWhatIsCommon() {
        assertThat(LineDiff.of(List.of("a", "b", "c"), List.of("a", "b", "c"))).isEmpty();
        assertThat(LineDiff.of(List.of("a", "b", "c"), List.of("a", "x", "c", "d")))
                .containsExactly("  a", "- b", "+ x", "  c", "+ d");
        assertThat(LineDiff.of(List.of(), List.of("a"))).containsExactly("+ a");
        assertThat(LineDiff.of(List.of("a", "b"), List.of())).containsExactly("- a", "- b");
    }

    @Test
    void theDifferenceIsBounded() {
        List<String> many = IntStream.range(0, 100_000).mapToObj(i -> "a" + i).toList();
        List<String> others = IntStream.range(0, 100_000).mapToObj(i -> "b" + i).toList();
        assertThat(LineDiff.of(many, others)).hasSize(201).last().isEqualTo("  ... 199800 more lines");
        assertThat(LineDiff.of(many, many.subList(1, many.size())))
                .containsExactly("- a0", "  a1", "  a2", "  ... 99997 equal lines");
    }

    @Test
    void timesReadWell() {
        assertThat(TimeOffsets.text(Duration.ZERO)).isEqualTo("0s");
        assertThat(TimeOffsets.text(Duration.ofMillis(250))).isEqualTo("0.250s");
        assertThat(TimeOffsets.text(Duration.ofDays(400).plusHours(2).plusSeconds(5)))
                .isEqualTo("400d 2h 5s");
        assertThat(TimeOffsets.between(TestFlows.START, TestFlows.START.minusSeconds(60)))
                .isEqualTo("-1m");
    }
}
