package io.flowscript.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs the jcstress tests of this module in a JVM of their own. A new test is a class with {@code @JCStressTest} beside the
 * others; nothing needs to be added here.
 *
 * <p>{@code -Djcstress.mode=} makes the run longer: {@code quick}, {@code default}, {@code tough} or {@code stress}. Reports
 * for people are written to {@code target/jcstress}.
 */
@Tag("slow")
final class StressTest {
    private static final String MODE = System.getProperty("jcstress.mode", "short");
    private static final String WRONG_ON_PURPOSE = LostUpdate.class.getName();
    private static final Pattern TOTALS = Pattern.compile(
            "Results: (\\d+) planned; (\\d+) passed, (\\d+) failed, (\\d+) soft errs, (\\d+) hard errs");
    private static final Pattern FAILED = Pattern.compile("\\[FAILED] (\\S+)");

    /** One run for both tests, since half a minute of each run goes into finding out what the JVM can do. */
    private static Run run;

    @BeforeAll
    static void runAll() throws Exception {
        run = run(MODE);
    }

    @Test
    void noForbiddenOutcomeIsSeen() {
        assertThat(run.failedTests()).as(run.output()).containsOnly(WRONG_ON_PURPOSE);
        assertThat(run.errors()).as(run.output()).isZero();
        assertThat(run.passed()).as("the run was not empty").isPositive();
        assertThat(run.output()).contains("JVM args: [").doesNotContain("JVM args: [-XX:+UseBiasedLocking");
        assertThat(run.passed() + run.failed()).as(run.output()).isEqualTo(run.planned());
    }

    @Test
    void aRaceIsFound() {
        assertThat(run.exitCode()).as(run.output()).isNotZero();
        assertThat(run.failedTests()).as(run.output()).contains(WRONG_ON_PURPOSE);
        assertThat(run.output()).contains("Observed forbidden state: 1 (One addition is lost.)");
    }

    private static Run run(String mode) throws IOException, InterruptedException {
        Path reports = Files.createDirectories(Path.of("target", "jcstress")).toAbsolutePath();
        Path log = reports.resolve("run.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OneKindOfLock.class.getName(),
                "-r",
                reports.toString()));
        command.addAll(options(mode));
        Process process = new ProcessBuilder(command)
                .directory(reports.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Duration limit = mode.equals("short") ? Duration.ofMinutes(5) : Duration.ofHours(6);
            boolean ended = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
            String output = Files.readString(log);
            assertThat(ended).as("ended within %s:%n%s", limit, output).isTrue();
            return Run.of(process.exitValue(), output);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** The short mode keeps to one set of JVM options and a fifth of a second per test and compiler: it belongs to every build. */
    private static List<String> options(String mode) {
        return mode.equals("short")
                ? List.of(
                        "-m",
                        "quick",
                        "-f",
                        "1",
                        "-fsm",
                        "0",
                        "-iters",
                        "2",
                        "-time",
                        "100",
                        "-sc",
                        "false",
                        "-pth",
                        "false",
                        "-jvmArgs",
                        "-XX:+UseParallelGC")
                : List.of("-m", mode);
    }

    private record Run(
            int exitCode, String output, int planned, int passed, int failed, int errors, Set<String> failedTests) {
        /** The last of the progress lines has the totals. */
        static Run of(int exitCode, String output) {
            int planned = 0;
            int passed = 0;
            int failed = 0;
            int errors = 0;
            Matcher line = TOTALS.matcher(output);
            while (line.find()) {
                planned = Integer.parseInt(line.group(1));
                passed = Integer.parseInt(line.group(2));
                failed = Integer.parseInt(line.group(3));
                errors = Integer.parseInt(line.group(4)) + Integer.parseInt(line.group(5));
            }
            Set<String> failedTests =
                    FAILED.matcher(output).results().map(test -> test.group(1)).collect(Collectors.toSet());
            return new Run(exitCode, output, planned, passed, failed, errors, failedTests);
        }
    }
}
