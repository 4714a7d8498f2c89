package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.store.Commit;
import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which snapshots the store knows, and what of them it keeps in memory. */
class KnownSnapshotsTest {

    private static final int LIMIT = 100_000;

    private final KnownSnapshots known = new KnownSnapshots();

    private Change change(Commit commit) {
        return Change.of(commit, new KnownDefinitions(), known, new Envelope(null));
    }

    private static LargeRun large(String id) {
        return new LargeRun(id).put("large", "x".repeat(10_000));
    }

    @Test
    @DisplayName("the snapshot that was written last is known, and the one of an execution that has ended is not")
    void ended() {
        LargeRun run = large("one");
        known.written(change(run.step()));
        Commit next = run.step();
        assertThat(known.of(next)).isSameAs(next.before());
        known.written(change(next));
        known.written(change(run.end(run.state)));
        assertThat(known.of(run.step())).isNull();
        assertThat(known.size()).isZero();
    }

    @Test
    @DisplayName("a snapshot that nobody else has leaves memory, and is forgotten")
    void noMemory() {
        WeakReference<Object> snapshot = writeOne();
        await().until(() -> {
            System.gc();
            return snapshot.get() == null;
        });
        // The collector says so a little later.
        await().until(() -> {
            LargeRun other = large("other");
            known.written(change(other.step()));
            known.written(change(other.end(other.state)));
            return known.size() == 0;
        });
    }

    private WeakReference<Object> writeOne() {
        LargeRun run = large("one");
        known.written(change(run.step()));
        assertThat(known.size()).isEqualTo(1);
        return new WeakReference<>(run.snapshot);
    }

    @Test
    @DisplayName("when there is no more room, the snapshot that was written first is forgotten, and a new one is known")
    void full() {
        LargeRun first = large("first");
        known.written(change(first.step()));
        LargeRun second = large("second");
        known.written(change(second.step()));
        known.written(change(first.step()));
        LargeRun some = large("some");
        Change.Start start = (Change.Start) change(some.step());
        for (int i = 0; i < LIMIT - 2; i++) {
            known.written(new Change.Step("run-" + i, 0, null, start.head(), null, new CompletableFuture<>()));
        }
        assertThat(known.size()).isEqualTo(LIMIT);
        LargeRun last = large("last");
        known.written(change(last.step()));
        assertThat(known.size()).isEqualTo(LIMIT);
        assertThat(known.of(second.step())).as("the eldest").isNull();
        Commit ofFirst = first.step();
        assertThat(known.of(ofFirst)).as("written after the eldest").isSameAs(ofFirst.before());
        Commit ofLast = last.step();
        assertThat(known.of(ofLast)).as("the latest").isSameAs(ofLast.before());
    }
}
