package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.store.StateCipher;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteSecretsTest extends Secrets {

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("store.db");
    }

    @Override
    JdbcStore open() {
        return JdbcStore.open(file());
    }

    @Override
    JdbcStore open(StateCipher cipher) {
        return JdbcStore.open(file(), cipher);
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file());
    }

    @Test
    @DisplayName("No secret is in the file or in its log, after a kill and after a close; what is not secret is there")
    void bytesOfTheFiles() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dorg.sqlite.tmpdir=" + directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        PaymentProcess.class.getName(),
                        file().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(PaymentProcess.KILLED);
        assertThat(file().resolveSibling("store.db-wal")).isNotEmptyFile();
        assertHidden();

        try (FlowScript flows =
                PaymentWorkflow.engine().store(open(TestKeys.cipher("k1"))).build()) {
            Execution execution = flows.executions().find("secret").orElseThrow();
            assertThat(execution.state("card").asString()).contains(PaymentProcess.HIDDEN);
            execution.cancel("enough", null);
            assertHidden();
        }
        assertHidden();
    }

    /** Looks at all bytes of the file and of its log. */
    private void assertHidden() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!String.valueOf(file.getFileName()).startsWith("sqlite-")) {
                    all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                }
            }
        }
        assertThat(all.indexOf(PaymentProcess.SHOWN)).isPositive();
        for (String hidden : List.of(PaymentProcess.HIDDEN, "code of the answer")) {
            assertThat(all.indexOf(hidden)).as(hidden).isNegative();
        }
    }
}
