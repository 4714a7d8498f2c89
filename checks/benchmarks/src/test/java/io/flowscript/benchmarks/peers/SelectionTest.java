package io.flowscript.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.benchmarks.load.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not built or installed is left out, and a sentence says so. */
class SelectionTest {

    @Test
    void whatIsNotThereIsLeftOutWithItsReason(@TempDir Path root) throws Exception {
        Selection selection = Selection.of(Contestant.SERVERS, settings(root));
        assertThat(selection.chosen())
                .extracting(Contestant::name)
                .containsExactly("FlowScript v2", "FlowScript v1", "Jetty core, batches", "Jetty core");
        assertThat(selection.leftOut())
                .contains(
                        "Not measured: Jetty Session, CometD, netty-socketio, because checks/peers/target/flowscript-peers.jar is not built.")
                .contains("Not measured: ws, Socket.IO, because ");

        Files.createDirectories(root.resolve("checks/peers/target"));
        Files.createFile(root.resolve("checks/peers/target/flowscript-peers.jar"));
        assertThat(Selection.of(Contestant.ENGINES, settings(root)).leftOut()).isEmpty();
    }

    @Test
    void onlyThoseThatAreNamedAreMeasured(@TempDir Path root) {
        assertThat(Selection.of(Contestant.SERVERS, settings(root, "with=Jetty core;FlowScript v1"))
                        .chosen())
                .extracting(Contestant::name)
                .containsExactly("FlowScript v1", "Jetty core");
    }

    private static Settings settings(Path root, String... more) {
        return Settings.of(Stream.concat(Stream.of("quick", "root=" + root), List.of(more).stream())
                .toList());
    }
}
