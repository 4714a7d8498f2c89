package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.testing.ForwardingStore;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** I5, I10: an engine whose database goes away and comes back. */
@Timeout(120)
class DatabaseAwayTest {

    private static final int RUNNING = 20;

    private static FlowScript engine(ExecutionStore store) {
        return FlowScript.builder()
                .store(store)
                .limits(EngineLimits.defaults().maxStoreStall(Duration.ofMillis(200)))
                .forms(schema -> answer -> List.of())
                .node(Node.named("ask")
                        .ask(context -> Question.form(Map.of("type", "string")))
                        .answered((context, answer) -> Edge.of("done")))
                .workflow(Workflow.named("ask").step("ask").build())
                .build();
    }

    /** What the test does to the database. */
    private interface Trouble {
        void begin() throws Exception;

        void end() throws Exception;

        /** {@return the code with which it is told that the store cannot be read; "none" when it can be read} */
        String readingFails();
    }

    /** A store that does not tell that it is stalled until all starts of the test were handed in. */
    private static final class LateToTell extends ForwardingStore {

        private final AtomicInteger starts = new AtomicInteger();

        LateToTell(ExecutionStore store) {
            super(store);
        }

        @Override
        public CompletionStage<@Nullable Void> commit(Commit commit) {
            CompletionStage<@Nullable Void> written = super.commit(commit);
            if (commit.isFirst() && commit.executionId().startsWith("run-")) {
                starts.incrementAndGet();
            }
            return written;
        }

        @Override
        public Duration stalled() {
            return starts.get() < RUNNING ? Duration.ZERO : super.stalled();
        }
    }

    @Test
    @DisplayName(
            "A full disk: commands are refused, reading goes on, and what was under way ends when there is room again")
    void fullDisk(@TempDir Path directory) throws Exception {
        TroubledSqlite sqlite = new TroubledSqlite(directory.resolve("flowscript.db"));
        goesOnAfter(new JdbcStore(sqlite, null), new Trouble() {
            @Override
            public void begin() {
                sqlite.limit(true);
            }

            @Override
            public void end() {
                sqlite.limit(false);
            }

            @Override
            public String readingFails() {
                return "none";
            }
        });
    }

    @Test
    @Tag("slow")
    @DisplayName("A PostgreSQL that takes no connection: the same")
    void noConnection() throws Exception {
        String database = PostgresServer.newDatabase();
        goesOnAfter(JdbcStore.open(PostgresServer.url(database)), new Trouble() {
            @Override
            public void begin() throws Exception {
                PostgresServer.sql("ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
                PostgresServer.endSessions(database);
            }

            @Override
            public void end() throws Exception {
                PostgresServer.sql("ALTER DATABASE " + database + " ALLOW_CONNECTIONS true");
            }

            @Override
            public String readingFails() {
                return "store_unavailable";
            }
        });
    }

    private static void goesOnAfter(ExecutionStore store, Trouble trouble) throws Exception {
        try (FlowScript flows = engine(new LateToTell(store))) {
            Execution asking = flows.start("ask", Map.of());
            await().until(() -> asking.interactions().size() == 1);
            assertThat(flows.stats().storeAvailable()).isTrue();
            trouble.begin();
            // Commands that came before it was noticed wait. Their text does not fit into the pages that are there.
            List<CompletableFuture<Execution>> waiting = java.util.stream.IntStream.range(0, RUNNING)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> flows.start("ask", Map.of("text", "y".repeat(100_000)), "run-" + i), command -> {
                                Thread thread = new Thread(command);
                                thread.setDaemon(true);
                                thread.start();
                            }))
                    .toList();
            await().until(() -> !flows.stats().storeAvailable());

            assertThat(code(() -> flows.start("ask", Map.of(), "refused"))).isEqualTo("store_unavailable");
            assertThat(code(() -> flows.interactions()
                            .answer(asking.interactions().get(0).token(), "yes", AnswerOptions.NONE)))
                    .isEqualTo("store_unavailable");
            assertThat(asking.status()).isEqualTo(ExecutionStatus.PAUSED);
            // Its start is under way, so the store is asked for it.
            assertThat(code(() -> assertThat(flows.executions().find("run-0")).isEmpty()))
                    .isEqualTo(trouble.readingFails());

            trouble.end();
            await().until(() -> flows.stats().storeAvailable());
            for (CompletableFuture<Execution> started : waiting) {
                Execution execution = started.get();
                await().until(() -> execution.interactions().size() == 1);
            }
            assertThat(flows.interactions().answer(asking.interactions().get(0).token(), "yes", AnswerOptions.NONE))
                    .isInstanceOf(Receipt.Accepted.class);
            assertThat(flows.executions().find("refused")).isEmpty();
            assertThat(flows.executions().size()).isEqualTo(RUNNING + 1);
            assertThat(store.find("run-0", 100).orElseThrow().snapshot().open()).hasSize(1);
        }
    }

    private static String code(Runnable command) {
        try {
            command.run();
            return "none";
        } catch (FlowScriptException e) {
            return e.code();
        }
    }
}
