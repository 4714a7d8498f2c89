package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.testkit.crash.CrashSubject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;

/**
 * A file of SQLite. What a killed process leaves is a copy of the file and of its write-ahead log while they are open. When it is
 * killed while it writes, the end of that log may be missing or torn.
 */
final class SqliteCrashSubject implements CrashSubject {

    /** What is left of the last commits in the log. */
    enum Tail {
        WHOLE,
        MISSING,
        TORN,
        /** The files are copied while they are written. */
        COPIED_IN_THE_MIDDLE
    }

    private static final List<Tail> TAILS = List.of(Tail.values());

    private final Path directory;
    private final Map<Tail, Integer> tails;
    private int processes;
    private TroubledSqlite sqlite;

    /**
     * Creates a place.
     *
     * @param directory where the files are
     * @param tails counts what was left of the log
     */
    SqliteCrashSubject(Path directory, Map<Tail, Integer> tails) throws IOException {
        this.directory = Files.createTempDirectory(directory, "crash");
        this.tails = tails;
    }

    private Path file() {
        return directory.resolve("store-" + processes + ".db");
    }

    private static Path log(Path file) {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    private static long length(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    @Override
    public ExecutionStore open() {
        sqlite = new TroubledSqlite(file());
        return new JdbcStore(sqlite, null);
    }

    @Override
    public void kill(ExecutionStore store) throws IOException {
        leave();
        store.close();
    }

    @Override
    public void killWhileWriting(ExecutionStore store, List<Commit> commits, Random random) throws IOException {
        Tail tail = TAILS.get(random.nextInt(TAILS.size()));
        tails.merge(tail, 1, Integer::sum);
        long before = length(log(file()));
        if (tail == Tail.COPIED_IN_THE_MIDDLE) {
            List<? extends CompletionStage<?>> stages =
                    commits.stream().map(store::commit).toList();
            leave();
            stages.forEach(stage -> stage.toCompletableFuture().join());
        } else {
            CrashSubject.write(store, commits);
            long after = length(log(file()));
            leave();
            if (after > before && tail != Tail.WHOLE) {
                spoil(log(file()), tail, before + random.nextInt((int) (after - before)), random);
            }
        }
        store.close();
    }

    /** Goes on with a copy of the files as they are. The log is only added to, so that a part of it is what was there before. */
    private void leave() throws IOException {
        Path left = file();
        processes++;
        Files.copy(left, file());
        if (Files.exists(log(left))) {
            Files.copy(log(left), log(file()));
        }
    }

    private static void spoil(Path log, Tail tail, long from, Random random) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            if (tail == Tail.MISSING) {
                file.setLength(from);
            } else {
                byte[] garbage = new byte[(int) (file.length() - from)];
                random.nextBytes(garbage);
                file.seek(from);
                file.write(garbage);
            }
        }
    }

    /** The answer to a commit is lost, although it was carried out. */
    @Override
    public void disturb(ExecutionStore store, Random random) {
        sqlite.loseAnswers(1);
    }

    @Override
    public void close() {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            assertThat(e).as("files of %s that cannot be deleted", directory).isNull();
        }
    }
}
