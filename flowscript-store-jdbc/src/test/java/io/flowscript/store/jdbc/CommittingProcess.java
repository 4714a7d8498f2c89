package io.flowscript.store.jdbc;

import io.flowscript.testkit.store.StoredRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The program of another process: it commits steps of several executions without end and prints each that is stored. */
final class CommittingProcess {

    private CommittingProcess() {}

    /**
     * Starts the program.
     *
     * @param file the file of the store
     * @param round a number that makes the ids of its executions
     * @param runs how many executions it has
     * @return the process. It prints lines with the id of an execution and the number of its last event that is stored.
     */
    static Process start(Path file, int round, int runs) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CommittingProcess.class.getName(),
                        file.toString(),
                        String.valueOf(round),
                        String.valueOf(runs))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Runs until the process is killed, or for five minutes. */
    public static void main(String[] arguments) throws InterruptedException {
        JdbcStore store = JdbcStore.open(Path.of(arguments[0]));
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            step(store, new StoredRun("run-" + arguments[1] + "-" + i));
        }
        Thread.currentThread().join(TimeUnit.MINUTES.toMillis(5));
        store.close();
    }

    private static void step(JdbcStore store, StoredRun run) {
        var unused = store.commit(run.step()).thenRun(() -> {
            System.out.println(run.id() + " " + run.events().size());
            System.out.flush();
            step(store, run);
        });
    }
}
