package io.flowscript.examples.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.workflow.WorkflowGraph;
import io.flowscript.engine.Execution;
import io.flowscript.examples.server.ExampleWorkflows;
import io.flowscript.json.SnapshotCodec;
import io.flowscript.testkit.EventGrammar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName(
        "Every example workflow emits the events of its golden file, also when it is stopped at a wait and continued by another engine")
class GoldenEventsTest {

    private static final Instant MORNING = Instant.parse("2026-01-01T09:00:00Z");

    @ParameterizedTest
    @MethodSource("io.flowscript.examples.golden.Script#all")
    @DisplayName("The events of each script follow the grammar and equal its golden file")
    void eventsAreThoseThatAreWrittenDown(Script script) {
        Played played = play(script, wait -> false);
        EventGrammar.check(played.events());
        EventGrammar.checkWay(played.events(), played.graph());
        GoldenFile.compare(script.events(), EventText.ofEvents(played.events()));
    }

    @ParameterizedTest
    @MethodSource("io.flowscript.examples.golden.Script#all")
    @DisplayName(
            "I2 across restarts: stopped at any one of its waits and continued by a new engine, it emits the same events and ends the same")
    void stoppedAtAnyOneWait(Script script) {
        Played whole = play(script, wait -> false);
        for (int stop = 0; stop < whole.waits(); stop++) {
            int here = stop;
            assertSame("stopped at wait " + here, play(script, wait -> wait == here), whole);
        }
    }

    @ParameterizedTest
    @MethodSource("io.flowscript.examples.golden.Script#all")
    @DisplayName(
            "I2 across restarts: stopped at every one of its waits, by one engine after the other, it emits the same events and ends the same")
    void stoppedAtEveryWait(Script script) {
        Played stopped = play(script, wait -> true);
        assertSame("stopped at every wait", stopped, play(script, wait -> false));
        assertThat(stopped.restarts()).isEqualTo(stopped.waits());
    }

    @Test
    void everyExampleWorkflowHasAScript() {
        assertThat(Script.all()).extracting(Script::workflow).containsAll(ExampleWorkflows.IDS);
    }

    @Test
    void everyWorkflowFileIsAnExample() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src", "main", "resources", "workflows"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(ExampleWorkflows.IDS.stream()
                            .map(id -> id + ".json")
                            .toList());
        }
    }

    @Test
    void everyGoldenFileHasAScript() throws IOException {
        try (Stream<Path> files = Files.list(Script.all().get(0).events().getParent())) {
            assertThat(files.filter(file -> file.toString().endsWith(".events")))
                    .containsExactlyInAnyOrderElementsOf(
                            Script.all().stream().map(Script::events).toList());
        }
    }

    @Test
    @DisplayName("The scripts wait for people, for deadlines, for timers and within nested loops")
    void theScriptsWaitInEveryWay() {
        Played waits = Script.all().stream()
                .filter(script -> script.name().equals("every-wait"))
                .map(script -> play(script, wait -> false))
                .findFirst()
                .orElseThrow();
        assertThat(waits.waits()).isEqualTo(9);
    }

    /**
     * The result of a script.
     *
     * @param events every event, of one engine after the other
     * @param state the final state
     * @param waits how often it waited
     * @param restarts how often a new engine continued it
     * @param graph the graph of its workflow
     */
    private record Played(
            List<RecordedEvent> events, Map<String, Object> state, int waits, int restarts, WorkflowGraph graph) {}

    /** Plays a script. At each chosen wait, the execution is written as JSON, read back, and continued by a new engine. */
    private static Played play(Script script, IntPredicate stopAt) {
        List<Script.Step> steps = new ArrayList<>(script.steps());
        List<RecordedEvent> events = new ArrayList<>();
        ScriptedEngine engine = new ScriptedEngine(MORNING);
        try {
            Execution run = engine.start(script);
            int waits = 0;
            int restarts = 0;
            long seen = 0;
            while (!run.status().isEnded()) {
                if (stopAt.test(waits)) {
                    events.addAll(ScriptedEngine.events(run, seen));
                    ExecutionSnapshot snapshot = run.snapshot();
                    seen = snapshot.seq();
                    Instant now = engine.now();
                    engine.close();
                    engine = new ScriptedEngine(now);
                    run = engine.restore(SnapshotCodec.read(SnapshotCodec.write(snapshot)));
                    restarts++;
                }
                engine.letHappen(run, steps);
                waits++;
            }
            events.addAll(ScriptedEngine.events(run, seen));
            assertThat(steps)
                    .describedAs(() -> "steps of the script that were not needed, after\n"
                            + String.join("\n", EventText.ofEvents(events)))
                    .isEmpty();
            return new Played(inOneEpoch(events), run.result().join().state(), waits, restarts, engine.graph(script));
        } finally {
            engine.close();
        }
    }

    /** A new engine begins a new epoch, in which it goes on with the next number: the only difference that may be. */
    private static List<RecordedEvent> inOneEpoch(List<RecordedEvent> events) {
        String first = events.get(0).epoch();
        return events.stream()
                .map(event -> new RecordedEvent(
                        event.executionId(), event.workflowId(), first, event.seq(), event.time(), event.event()))
                .toList();
    }

    private static void assertSame(String how, Played stopped, Played whole) {
        EventGrammar.check(stopped.events());
        EventGrammar.checkWay(stopped.events(), whole.graph());
        assertThat(EventText.ofEvents(stopped.events())).describedAs(how).isEqualTo(EventText.ofEvents(whole.events()));
        assertThat(stopped.events()).extracting(RecordedEvent::time).isEqualTo(times(whole));
        assertThat(stopped.state()).describedAs(how).isEqualTo(whole.state());
        assertThat(stopped.waits()).describedAs(how).isEqualTo(whole.waits());
    }

    private static List<Instant> times(Played played) {
        return played.events().stream().map(RecordedEvent::time).toList();
    }
}
