package io.flowscript.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.benchmarks.BenchmarksMain;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadProcessTest {

    @Test
    void whatTheJvmPrintsIsNoAnswer() throws Exception {
        List<String> command = new ArrayList<>(LoadProcess.javaCommand(
                "64m", System.getProperty("java.class.path"), BenchmarksMain.class.getName(), "client"));
        command.add(1, "-XX:+PrintCommandLineFlags");
        try (LoadProcess client = new LoadProcess(LoadProcess.ANY_CORE, command)) {
            assertThat(client.ask("cpu all")).isPositive();
        }
    }
}
