package io.flowscript.examples.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.examples.golden.EventText;
import io.flowscript.examples.golden.GoldenFile;
import io.flowscript.examples.golden.Script;
import io.flowscript.examples.server.ExampleServer;
import io.flowscript.examples.server.ServerOptions;
import io.flowscript.testsupport.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A JavaScript client of the first protocol works unchanged, on the ws package")
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class V1ClientTest {

    private static final Path SCRIPTS = Path.of("src", "test", "js");

    private static ExampleServer server;
    private static String url;

    /** The scenarios of scenarios.mjs, in its order. */
    enum Scenario {
        answers("F5, F7: subscribes, starts, is asked, answers, sees the final state"),
        before("F1: subscribes under an id of its own before anything has that id"),
        late("F2: comes when a question is open, and when all is over"),
        returns("is disconnected in the middle, and not asked again what is answered"),
        corrects("F9, F10: gives invalid answers, gets the violations, and gives a valid one"),
        falsy("F15: answers with false, 0, nothing at all"),
        slow("F11: is informed of the timeout, and cannot answer any more"),
        cancelled("F6, F17: sees a cancellation as the failure that it knows"),
        crowd("I6, F14: 50 look on and answer at once; all see the same, one answer counts"),
        loose("sends invalid messages; it gets errors, and the connection stays open");

        private final String story;

        Scenario(String story) {
            this.story = story;
        }

        @Override
        public String toString() {
            return name() + ": " + story;
        }
    }

    @BeforeAll
    static void start() {
        server = ExampleServer.start(new ServerOptions(0, Path.of("src", "test", "resources", "test-workflows")));
        url = "http://127.0.0.1:" + server.port();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Before each test and not before all, so that each is counted as skipped. */
    @BeforeEach
    void needs() {
        NodeProcess.require(SCRIPTS);
    }

    @ParameterizedTest
    @EnumSource
    void plays(Scenario scenario) {
        assertThat(NodeProcess.run(SCRIPTS, "scenarios.mjs", scenario.name(), url))
                .contains(scenario.name() + ": as expected");
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName(
            "Each script, played over the network, gives the events of its golden file, except for what the first version has not")
    void isToldWhatIsWrittenDown(Script script) throws IOException {
        Path frames = Path.of("target", "clients", script.name() + ".frames").toAbsolutePath();
        Files.createDirectories(frames.getParent());
        NodeProcess.run(SCRIPTS, "play.mjs", url, script.file().toAbsolutePath().toString(), frames.toString());
        List<Map<String, Object>> messages = Files.readAllLines(frames).stream()
                .map(frame -> EventText.parse(frame.getBytes(UTF_8)))
                .toList();
        assertThat(EventText.ofMessages(messages))
                .isEqualTo(EventText.forFirstVersion(GoldenFile.read(script.events()).stream()
                        .filter(line -> !line.contains("  state_updated "))
                        .toList()));
    }

    static Stream<Script> isToldWhatIsWrittenDown() {
        return Script.all().stream().filter(Script::isPlayedInRealTime);
    }

    @Test
    void everyScenarioIsPlayed() {
        String names = NodeProcess.run(SCRIPTS, "scenarios.mjs", "list");
        assertThat(names.lines())
                .containsExactlyElementsOf(
                        Arrays.stream(Scenario.values()).map(Scenario::name).toList());
    }
}
