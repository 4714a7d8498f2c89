package io.flowscript.console;

import io.flowscript.testsupport.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The parts of the console that need no page keep each rule")
class ConsoleRulesTest {

    /** Before each test and not before all, so that each is counted as skipped. */
    @BeforeEach
    void needs() {
        NodeProcess.require(Path.of(""));
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("src", "test", "js"))) {
            return all.filter(file -> file.toString().endsWith(".test.mjs"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void rules(Path file) throws InterruptedException {
        NodeProcess.run(Path.of(""), "--test", "--test-timeout=20000", file.toString());
    }
}
