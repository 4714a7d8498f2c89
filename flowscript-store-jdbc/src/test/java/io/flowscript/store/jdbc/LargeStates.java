package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.ExecutionStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** States with values that the store keeps apart from the snapshot. */
abstract class LargeStates {

    private static final int MEBIBYTE = 1 << 20;

    private static final List<String> KEYS =
            List.of("a", "b", "", "\u0000", "\ud800", "@object", "line\nfeed", "k".repeat(70_000), "\u00e4 '\"", "z");

    private ExecutionStore store;

    abstract ExecutionStore open() throws Exception;

    abstract Connection connect() throws SQLException;

    /** Notes the length of each value and each snapshot that is written, in a table {@code noted (kind, bytes)}. */
    abstract void noteWrites() throws SQLException;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    final void reopen() throws Exception {
        store.close();
        store = open();
    }

    final void use(ExecutionStore other) {
        store = other;
    }

    final ExecutionStore store() {
        return store;
    }

    final void sql(String command) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    final long number(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }

    final void commit(Commit commit) throws Exception {
        store.commit(commit).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    final ExecutionSnapshot find(String id) {
        return store.find(id, 1).orElseThrow().snapshot();
    }

    final void assertStored(LargeRun run) {
        assertSame(find(run.id), run);
    }

    private static void assertSame(ExecutionSnapshot found, LargeRun run) {
        assertThat(found.equals(run.snapshot)).isTrue();
        assertThat(new ArrayList<>(found.state().keySet()))
                .isEqualTo(new ArrayList<>(run.snapshot.state().keySet()));
    }

    private static String text(char of, int length) {
        return String.valueOf(of).repeat(length);
    }

    @Test
    @DisplayName("After any changes, the state that is read is the one that was written, in the order of its keys")
    void anyChanges() throws Exception {
        Random random = new Random(20_261_129);
        List<LargeRun> runs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            LargeRun run = new LargeRun("run-" + i);
            commit(run.step());
            runs.add(run);
        }
        for (int step = 0; step < 400; step++) {
            int place = random.nextInt(runs.size());
            LargeRun run = runs.get(place);
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                change(run, random);
            }
            commit(random.nextBoolean() ? run.step() : run.quietStep());
            assertStored(run);
            if (random.nextInt(10) == 0) {
                reopen();
                Map<String, ExecutionSnapshot> all = new LinkedHashMap<>();
                AllExecutions.in(store).forEach((id, each) -> all.put(id, each.snapshot()));
                assertThat(all.keySet())
                        .containsExactlyInAnyOrderElementsOf(
                                runs.stream().map(each -> each.id).toList());
                runs.forEach(each -> assertSame(all.get(each.id), each));
                if (random.nextBoolean()) {
                    runs.forEach(each -> each.continueWith(all.get(each.id)));
                }
            }
            if (random.nextInt(50) == 0) {
                store.remove(run.id).toCompletableFuture().get(60, TimeUnit.SECONDS);
                runs.remove(run);
                LargeRun again = new LargeRun(run.id);
                again.state.putAll(run.state);
                commit(again.step());
                runs.add(again);
            }
        }
        assertThat(number("SELECT count(*) FROM flowscript_value"))
                .isEqualTo(runs.stream()
                        .mapToLong(run -> ApartValues.of(run.snapshot).size())
                        .sum())
                .isPositive();
    }

    private static void change(LargeRun run, Random random) {
        String key = KEYS.get(random.nextInt(KEYS.size()));
        switch (random.nextInt(7)) {
            case 0 -> run.state.remove(key);
            case 1 -> run.put(key, null);
            case 2 -> run.put(key, random.nextInt());
            case 3 -> run.put(key, text((char) ('a' + random.nextInt(26)), 4_000 + random.nextInt(200)));
            case 4 -> run.put(key, List.of(text('\n', 3_000), 7L, text('\u00e4', random.nextInt(30_000))));
            case 5 -> {
                Object moved = run.state.remove(key);
                run.put(key, moved);
            }
            default -> run.put(key, Map.of("@long", text('\ud800', 1_000 + random.nextInt(9_000))));
        }
    }

    @Test
    @DisplayName("A step writes no value that it does not change, however large, and the end of an execution neither")
    void onlyWhatChanges() throws Exception {
        LargeRun run = new LargeRun("one").put("large", text('x', MEBIBYTE)).put("other", text('o', 10_000));
        for (int i = 0; i < 100; i++) {
            run.put("item-" + i, text('i', 10_000));
        }
        commit(run.step());
        noteWrites();
        for (int i = 0; i < 50; i++) {
            commit(run.put("count", i).step());
        }
        assertThat(number("SELECT count(*) FROM noted WHERE kind = 'value'")).isZero();
        assertThat(number("SELECT count(*) FROM noted WHERE kind = 'snapshot'")).isEqualTo(50);
        assertThat(number("SELECT max(bytes) FROM noted")).isLessThan(4_000);

        commit(run.put("other", text('p', 10_000)).step());
        assertThat(number("SELECT count(*) FROM noted WHERE kind = 'value'")).isEqualTo(1);
        assertThat(number("SELECT max(bytes) FROM noted")).isBetween(10_000L, 10_100L);

        commit(run.end(run.snapshot.state()));
        assertThat(number("SELECT count(*) FROM noted WHERE kind = 'value'")).isEqualTo(1);
        assertThat(number("SELECT max(bytes) FROM noted")).isBetween(10_000L, 10_100L);
        assertStored(run);
    }

    @Test
    @DisplayName("A small state is in the snapshot alone, and a value that becomes small moves there")
    void small() throws Exception {
        LargeRun run = new LargeRun("one").put("value", text('x', 4_000));
        commit(run.step());
        assertThat(number("SELECT count(*) FROM flowscript_value")).isZero();
        commit(run.put("value", text('x', 5_000)).step());
        assertThat(number("SELECT count(*) FROM flowscript_value")).isEqualTo(1);
        commit(run.put("value", text('x', 10)).step());
        assertThat(number("SELECT count(*) FROM flowscript_value")).isZero();
        commit(run.put("value", text('x', 5_000)).step());
        reopen();
        commit(run.put("value", "small").step());
        assertThat(number("SELECT count(*) FROM flowscript_value")).isZero();
        assertStored(run);
    }

    @Test
    @DisplayName("A result with another state than the execution is kept as it is")
    void otherResult() throws Exception {
        LargeRun run = new LargeRun("one").put("value", text('x', 5_000));
        commit(run.step());
        Map<String, Object> other = new LinkedHashMap<>();
        other.put("value", null);
        commit(run.end(other));
        assertStored(run);
        assertThat(number("SELECT count(*) FROM flowscript_value")).isZero();
        LargeRun equal = new LargeRun("two").put("value", text('x', 5_000));
        commit(equal.step());
        commit(equal.end(Json.object(equal.state)));
        assertStored(equal);
        assertThat(number("SELECT count(*) FROM flowscript_value")).isEqualTo(1);
    }

    @Test
    @DisplayName("Of a snapshot that was refused nothing counts as written")
    void refused() throws Exception {
        LargeRun run = new LargeRun("one").put("value", text('x', 5_000));
        commit(run.step());
        LargeRun strayed = new LargeRun("one").put("value", text('y', 5_000));
        CompletableFuture<?> stage = store.commit(strayed.step()).toCompletableFuture();
        assertThat(stage.handle((nothing, failure) -> ((FlowScriptException) failure).code())
                        .get(60, TimeUnit.SECONDS))
                .isEqualTo("execution_exists");
        commit(strayed.quietStep());
        assertStored(strayed);
    }

    @Test
    @DisplayName("A removed execution leaves no value")
    void removed() throws Exception {
        commit(new LargeRun("one").put("value", text('x', 5_000)).step());
        LargeRun other = new LargeRun("two").put("value", text('y', 5_000));
        commit(other.step());
        store.remove("one").toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(number("SELECT count(*) FROM flowscript_value")).isEqualTo(1);
        assertStored(other);
    }

    @Test
    @DisplayName("An execution with a missing value is named, and none of it is read")
    void missing() throws Exception {
        commit(new LargeRun("one").put("value", text('x', 5_000)).step());
        sql("DELETE FROM flowscript_value");
        assertThatThrownBy(() -> find("one"))
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("store_failed"))
                .hasMessageContaining("Execution one");
    }

    @Test
    @DisplayName("All values that are read are of one commit, while others are written")
    void readingWhileWriting() throws Exception {
        LargeRun run = new LargeRun("one");
        commit(generation(run, 0));
        CompletableFuture<Void> done = new CompletableFuture<>();
        next(run, 1, done);
        int read = 0;
        while (!done.isDone() || read == 0) {
            assertOneGeneration(find("one"));
            store.list(new ExecutionQuery.Newest(null, null, Long.MAX_VALUE, 1_000))
                    .forEach(each -> assertOneGeneration(each.snapshot()));
            read++;
        }
        done.get();
        assertStored(run);
    }

    private void next(LargeRun run, int generation, CompletableFuture<Void> done) {
        if (generation == 300) {
            done.complete(null);
            return;
        }
        var unused = store.commit(generation(run, generation)).whenComplete((nothing, failure) -> {
            if (failure == null) {
                next(run, generation + 1, done);
            } else {
                done.completeExceptionally(failure);
            }
        });
    }

    /** A step in which each value has the number of the generation, and some are there in each second one only. */
    private static Commit generation(LargeRun run, int generation) {
        run.put("count", generation);
        for (int i = 0; i < 6; i++) {
            String key = "value-" + i;
            if (i % 2 == 0 || generation % 2 == 0) {
                run.put(key, List.of(generation, text('x', generation % 3 == 0 ? 10 : 20_000)));
            } else {
                run.state.remove(key);
            }
        }
        return run.step();
    }

    private static void assertOneGeneration(ExecutionSnapshot snapshot) {
        Object generation = snapshot.state().get("count");
        snapshot.state().forEach((key, value) -> {
            if (value instanceof List<?> items) {
                assertThat(items.get(0)).isEqualTo(generation);
            }
        });
        int expected = generation instanceof Integer number && number % 2 == 0 ? 7 : 4;
        assertThat(snapshot.state()).hasSize(expected);
    }

    /** Commits that change values in each way. */
    static List<Commit> eachWay(LargeRun run) {
        List<Commit> commits = new ArrayList<>();
        commits.add(run.put("a", text('a', 9_000)).put("b", text('b', 9_000)).step());
        commits.add(run.put("a", text('c', 8_000)).step());
        commits.add(run.put("b", "small").quietStep());
        run.state.remove("a");
        commits.add(run.put("c", text('d', 7_000)).step());
        return Collections.unmodifiableList(commits);
    }
}
