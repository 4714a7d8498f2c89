package io.flowscript.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs each file of a module's {@code src/test/js} whose name ends in {@code .test.mjs} with the test runner of Node.js. */
public abstract class NodeTests {

    private static final Path MODULE = Path.of("");

    /** Just below the limit of the process, so that a test that hangs is named. */
    private static final long LIMIT_MILLIS = (NodeProcess.TIME_LIMIT_SECONDS - 10) * 1_000;

    /** Before each test and not before all, so that each is counted as skipped. */
    @BeforeEach
    void needs() {
        NodeProcess.require(MODULE);
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(MODULE.resolve(Path.of("src", "test", "js")))) {
            return all.filter(file -> file.toString().endsWith(".test.mjs"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void rules(Path file) {
        NodeProcess.run(MODULE, "--test", "--test-timeout=" + LIMIT_MILLIS, file.toString());
    }
}
