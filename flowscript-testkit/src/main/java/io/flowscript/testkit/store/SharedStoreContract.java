package io.flowscript.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.json.Value;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionChange;
import io.flowscript.core.store.RemoteCommand;
import io.flowscript.core.store.SharedStore;
import io.flowscript.core.store.StoredExecution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The contract of a store that several engines use at the same time, as numbered rules, beside those of {@link StoreContract}. The
 * author of a store extends this class, says how a member joins and how a lease ends, and runs it as a test.
 *
 * <pre>{@code
 * class SharedFileStoreTest extends SharedStoreContract {
 *     protected SharedStore join() {
 *         return new SharedFileStore(directory, clock, Duration.ofMinutes(1));
 *     }
 *
 *     protected void outlast(Duration lease) {
 *         clock.advance(lease);
 *     }
 * }
 * }</pre>
 *
 * <p>The contract plays the engines: it renews, commits, sends and exchanges as they do. Each rule begins with an empty store. For
 * use by one thread, the one that runs the test.
 *
 * @since 0.1.0
 */
public abstract class SharedStoreContract {

    private static final int ROUNDS = 20;
    private static final int STEPS = 40;

    private final List<SharedStore> members = new ArrayList<>();
    private final Map<String, StoredRun> runs = new HashMap<>();

    /** Called by the test framework. */
    protected SharedStoreContract() {}

    /**
     * Adds a member: to an empty store at the first call in a test, and then to the same one. The lease is longer than a test.
     *
     * @return an open member, which the contract closes
     * @throws Exception if that fails
     */
    protected abstract SharedStore join() throws Exception;

    /**
     * Lets the leases of all members end. None of them renews meanwhile.
     *
     * @param lease the lease
     * @throws Exception if that fails
     */
    protected abstract void outlast(Duration lease) throws Exception;

    /** {@return how long to wait for what must happen; default: 60 seconds} */
    protected Duration patience() {
        return Duration.ofSeconds(60);
    }

    @AfterEach
    final void closeMembers() {
        members.forEach(SharedStore::close);
    }

    // What an engine does.

    private SharedStore member() throws Exception {
        SharedStore joined = join();
        members.add(joined);
        return joined;
    }

    private static Map<Integer, Long> own(SharedStore member) {
        return member.renew().fences();
    }

    /** Adds a member that has its share of the shards. */
    private SharedStore memberBeside(SharedStore one) throws Exception {
        SharedStore two = member();
        assertThat(own(two)).isEmpty();
        one.release(one.renew().surplus());
        assertThat(own(two)).hasSize(SharedStore.SHARDS / 2);
        read(one);
        return two;
    }

    /** Reads all that is new. {@return the changes} */
    private static Map<String, ExecutionChange> read(SharedStore member) {
        Map<String, ExecutionChange> changes = new HashMap<>();
        SharedStore.News news;
        do {
            news = member.exchange(Map.of());
            news.changes().forEach(each -> changes.merge(each.executionId(), each, ExecutionChange::then));
        } while (news.hasMore());
        return changes;
    }

    /** {@return an id in a shard of a member} */
    private static String idIn(Map<Integer, Long> owned, String prefix) {
        return IntStream.range(0, 100_000)
                .mapToObj(i -> prefix + i)
                .filter(id -> owned.containsKey(SharedStore.shardOf(id)))
                .findFirst()
                .orElseThrow();
    }

    private Commit step(String id, long fence) {
        Commit made = runs.computeIfAbsent(id, StoredRun::new).step();
        return new Commit(id, made.events(), made.snapshot(), made.before(), made.definition(), made.number(), fence);
    }

    private static long fence(Map<Integer, Long> owned, String id) {
        return Objects.requireNonNull(owned.get(SharedStore.shardOf(id)), "fence");
    }

    private void commit(SharedStore member, Map<Integer, Long> owned, String id) throws Exception {
        await(member.commit(step(id, fence(owned, id))));
    }

    private void await(CompletionStage<?> stage) throws Exception {
        stage.toCompletableFuture().get(patience().toMillis(), TimeUnit.MILLISECONDS);
    }

    private String failure(CompletionStage<?> stage) throws Exception {
        try {
            await(stage);
        } catch (java.util.concurrent.ExecutionException | CompletionException e) {
            return e.getCause() instanceof FlowScriptException known ? known.code() : e.toString();
        }
        return "none";
    }

    private static RemoteCommand command(String id, String executionId) {
        return new RemoteCommand(id, executionId, Value.of(Map.of("do", "something")));
    }

    private static Value reply(String text) {
        return Value.of(Map.of("done", text));
    }

    private static List<String> commands(SharedStore member, Map<Integer, Long> owned) {
        List<String> ids = new ArrayList<>();
        SharedStore.News news;
        do {
            news = member.exchange(owned);
            news.commands().forEach(each -> ids.add(each.id()));
        } while (news.hasMore());
        return ids;
    }

    private <T> List<T> together(Collection<? extends Callable<T>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> each : threads.invokeAll(work, patience().toMillis(), TimeUnit.MILLISECONDS)) {
                results.add(each.get());
            }
            return results;
        } catch (java.util.concurrent.CancellationException e) {
            throw (TimeoutException) new TimeoutException("It takes longer than " + patience()).initCause(e);
        } finally {
            threads.shutdownNow();
        }
    }

    // Shards.

    @Test
    @DisplayName("M1 A member alone owns all shards, and keeps them with their fences when it renews")
    final void alone() throws Exception {
        SharedStore one = member();
        Map<Integer, Long> all = own(one);
        assertThat(all).hasSize(SharedStore.SHARDS);
        assertThat(all.values()).allMatch(fence -> fence >= 1);
        assertThat(own(one)).isEqualTo(all);
    }

    @Test
    @DisplayName("M2 Who has more than its share is told so, and what it releases goes to others with a greater fence")
    final void shared() throws Exception {
        SharedStore one = member();
        Map<Integer, Long> all = own(one);
        SharedStore two = member();
        assertThat(own(two)).as("what nobody has released").isEmpty();
        Set<Integer> surplus = one.renew().surplus();
        assertThat(surplus).hasSize(SharedStore.SHARDS / 2);
        one.release(surplus);
        Map<Integer, Long> half = own(two);
        assertThat(half.keySet()).isEqualTo(surplus);
        half.forEach((shard, fence) -> assertThat(fence).isGreaterThan(all.get(shard)));
        SharedStore.Ownership rest = one.renew();
        assertThat(rest.surplus()).isEmpty();
        assertThat(rest.fences())
                .hasSize(SharedStore.SHARDS / 2)
                .doesNotContainKeys(half.keySet().toArray(Integer[]::new));
    }

    @Test
    @DisplayName("M3 A member that does not renew for a lease loses its shards to one that does, with a greater fence")
    final void expired() throws Exception {
        SharedStore one = member();
        Map<Integer, Long> all = own(one);
        SharedStore two = member();
        assertThat(own(two)).isEmpty();
        outlast(one.lease());
        Map<Integer, Long> taken = own(two);
        assertThat(taken).hasSize(SharedStore.SHARDS);
        taken.forEach((shard, fence) -> assertThat(fence).isGreaterThan(all.get(shard)));
        assertThat(own(one)).as("what the member has that comes back").isEmpty();
    }

    @Test
    @DisplayName("M4 Of a renewal and a claim at the same time, one comes first: no shard has two owners")
    final void oneOwner() throws Exception {
        List<SharedStore> three = new ArrayList<>(List.of(member(), member(), member()));
        for (int round = 0; round < ROUNDS; round++) {
            Collections.rotate(three, 1); // each of them is the first one now and then
            outlast(three.get(0).lease());
            List<Map<Integer, Long>> owned = together(three.stream()
                    .map(each -> (Callable<Map<Integer, Long>>) () -> own(each))
                    .toList());
            Set<Integer> all = new HashSet<>();
            for (Map<Integer, Long> each : owned) {
                for (int shard : each.keySet()) {
                    assertThat(all.add(shard))
                            .as("shard " + shard + " has one owner")
                            .isTrue();
                }
            }
        }
    }

    @Test
    @DisplayName("M5 A member that is closed gives its shards back at once, and the others are told")
    final void closed() throws Exception {
        SharedStore one = member();
        assertThat(own(one)).hasSize(SharedStore.SHARDS);
        SharedStore two = member();
        assertThat(own(two)).isEmpty();
        read(two);
        one.close();
        assertThat(two.exchange(Map.of()).shardsFree()).isTrue();
        assertThat(own(two)).hasSize(SharedStore.SHARDS);
        assertThat(two.exchange(Map.of()).shardsFree()).as("when none is free").isFalse();
    }

    // Commits.

    @Test
    @DisplayName("M6 What one member commits, all find")
    final void found() throws Exception {
        SharedStore one = member();
        Map<Integer, Long> all = own(one);
        SharedStore two = member();
        assertThat(own(two)).isEmpty();
        for (int i = 0; i < 3; i++) {
            commit(one, all, "run");
            StoredExecution found = two.find("run", Integer.MAX_VALUE).orElseThrow();
            assertThat(found.events().stream().map(RecordedEvent::seq))
                    .isEqualTo(one.find("run", Integer.MAX_VALUE).orElseThrow().events().stream()
                            .map(RecordedEvent::seq)
                            .toList())
                    .hasSize((int) found.snapshot().seq());
        }
    }

    @Test
    @DisplayName("M7 A commit with another fence than that of its shard is refused with shard_lost and changes nothing")
    final void fenced() throws Exception {
        SharedStore one = member();
        Map<Integer, Long> all = own(one);
        commit(one, all, "run");
        commit(one, all, "run");
        long seen = one.find("run", 1).orElseThrow().lastSeq();
        SharedStore two = member();
        assertThat(own(two)).isEmpty();
        assertThat(failure(two.commit(step("other", fence(all, "other")))))
                .as("of a member that does not own the shard")
                .isEqualTo("shard_lost");
        outlast(one.lease());
        Map<Integer, Long> taken = own(two);
        Commit next = step("run", fence(all, "run"));
        assertThat(failure(one.commit(next))).as("of the owner before").isEqualTo("shard_lost");
        assertThat(failure(two.commit(next)))
                .as("of the owner, with the fence before")
                .isEqualTo("shard_lost");
        assertThat(two.find("run", 1).orElseThrow().lastSeq()).isEqualTo(seen);
        await(two.commit(new Commit(
                "run",
                next.events(),
                next.snapshot(),
                next.before(),
                next.definition(),
                next.number(),
                fence(taken, "run"))));
        assertThat(one.find("run", 1).orElseThrow().lastSeq()).isGreaterThan(seen);
        assertThat(one.find("other", 1)).isEmpty();
    }

    @Test
    @DisplayName("M8 An id that one member has used cannot be used by the next owner of its shard")
    final void startedOnce() throws Exception {
        SharedStore one = member();
        commit(one, own(one), "run");
        SharedStore two = member();
        one.close();
        Map<Integer, Long> taken = own(two);
        runs.clear();
        assertThat(failure(two.commit(step("run", fence(taken, "run"))))).isEqualTo("execution_exists");
    }

    // News.

    @Test
    @DisplayName("M9 The others are told of each change once, with its events, and the member itself is not")
    final void changes() throws Exception {
        SharedStore one = member();
        Map<Integer, Long> all = own(one);
        SharedStore two = member();
        assertThat(own(two)).isEmpty();
        commit(one, all, "before");
        read(one);
        SharedStore late = member();
        assertThat(own(late)).isEmpty();
        read(two);
        assertThat(read(late)).as("what was before a member has joined").isEmpty();
        commit(one, all, "run");
        long first = one.find("run", 1).orElseThrow().lastSeq();
        commit(one, all, "run");
        long second = one.find("run", 1).orElseThrow().lastSeq();
        for (SharedStore other : List.of(two, late)) {
            assertThat(read(other).values()).containsExactly(new ExecutionChange("run", true, 0, second));
            assertThat(read(other)).isEmpty();
        }
        commit(one, all, "run");
        assertThat(read(two).values()).singleElement().satisfies(change -> {
            assertThat(change.started()).isFalse();
            assertThat(change.after()).isEqualTo(second);
            assertThat(change.last()).isGreaterThan(second);
        });
        assertThat(first).isLessThan(second);
        assertThat(read(one)).as("what the member itself has done").isEmpty();
    }

    @Test
    @DisplayName("M10 While several members write, one that reads misses no change, and hears each execution in order")
    final void noChangeIsLost() throws Exception {
        SharedStore one = member();
        assertThat(own(one)).hasSize(SharedStore.SHARDS);
        SharedStore two = memberBeside(one);
        SharedStore reader = member();
        assertThat(reader.renew().fences()).isEmpty();
        read(reader);
        Map<String, List<ExecutionChange>> heard = new HashMap<>();
        List<Callable<String>> work = new ArrayList<>();
        for (SharedStore writer : List.of(one, two)) {
            Map<Integer, Long> owned = own(writer);
            String id = idIn(owned, "busy-");
            runs.put(id, new StoredRun(id));
            work.add(() -> {
                for (int i = 0; i < STEPS; i++) {
                    commit(writer, owned, id);
                }
                return id;
            });
        }
        work.add(() -> {
            for (int i = 0; i < STEPS; i++) {
                reader.exchange(Map.of())
                        .changes()
                        .forEach(each -> heard.computeIfAbsent(each.executionId(), id -> new ArrayList<>())
                                .add(each));
            }
            return "";
        });
        List<String> ids = together(work);
        read(reader)
                .values()
                .forEach(each -> heard.computeIfAbsent(each.executionId(), id -> new ArrayList<>())
                        .add(each));
        for (String id : ids.subList(0, 2)) {
            long last = 0;
            for (ExecutionChange change : heard.getOrDefault(id, List.of())) {
                assertThat(change.after())
                        .as("what follows event " + last + " of " + id)
                        .isEqualTo(last);
                last = change.last();
            }
            assertThat(last).isEqualTo(one.find(id, 1).orElseThrow().lastSeq());
        }
    }

    // Commands.

    @Test
    @DisplayName("M11 The owner gets each command once, in the order in which they were sent, and nobody else does")
    final void commandsOnce() throws Exception {
        SharedStore one = member();
        Map<Integer, Long> all = own(one);
        SharedStore two = member();
        assertThat(own(two)).isEmpty();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            two.send(command("c" + i, "run-" + i));
            sent.add("c" + i);
        }
        assertThat(commands(two, Map.of())).isEmpty();
        int mine = SharedStore.shardOf("run-3");
        assertThat(one.exchange(Map.of(mine, all.get(mine))).commands())
                .as("of one shard")
                .contains(command("c3", "run-3"))
                .allMatch(each -> SharedStore.shardOf(each.executionId()) == mine);
        List<String> rest = new ArrayList<>(sent);
        rest.removeIf(id -> SharedStore.shardOf("run-" + id.substring(1)) == mine);
        assertThat(commands(one, all)).containsAll(rest).isSubsetOf(sent);
        assertThat(commands(one, all)).isEmpty();
    }

    @Test
    @DisplayName("M12 The reply to a command comes to its sender, once")
    final void replies() throws Exception {
        SharedStore one = member();
        Map<Integer, Long> all = own(one);
        SharedStore two = member();
        assertThat(own(two)).isEmpty();
        SharedStore third = member();
        assertThat(own(third)).isEmpty();
        two.send(command("c", "run"));
        assertThat(commands(one, all)).containsExactly("c");
        assertThat(two.exchange(Map.of()).replies()).isEmpty();
        await(one.reply("c", reply("yes")));
        assertThat(third.exchange(Map.of()).replies()).isEmpty();
        assertThat(two.exchange(Map.of()).replies()).isEqualTo(Map.of("c", reply("yes")));
        assertThat(two.exchange(Map.of()).replies()).isEmpty();
        assertThat(commands(one, all)).isEmpty();
    }

    @Test
    @DisplayName("M13 A command that was withdrawn comes to nobody, and nor does a reply to it")
    final void withdrawn() throws Exception {
        SharedStore one = member();
        Map<Integer, Long> all = own(one);
        SharedStore two = member();
        assertThat(own(two)).isEmpty();
        two.send(command("early", "run"));
        two.withdraw("early");
        assertThat(commands(one, all)).isEmpty();
        two.send(command("late", "run"));
        assertThat(commands(one, all)).containsExactly("late");
        two.withdraw("late");
        await(one.reply("late", reply("yes")));
        assertThat(two.exchange(Map.of()).replies()).isEmpty();
    }

    @Test
    @DisplayName("M14 A command without a reply comes to the next owner of its shard, and one with a reply does not")
    final void nextOwner() throws Exception {
        SharedStore one = member();
        Map<Integer, Long> all = own(one);
        SharedStore two = member();
        assertThat(own(two)).isEmpty();
        two.send(command("done", "run"));
        two.send(command("open", "run"));
        assertThat(commands(one, all)).containsExactly("done", "open");
        await(one.reply("done", reply("yes")));
        outlast(one.lease());
        Map<Integer, Long> taken = own(two);
        assertThat(taken).hasSize(SharedStore.SHARDS);
        assertThat(commands(two, taken)).containsExactly("open");
        assertThat(commands(one, Map.of())).isEmpty();
    }

    @Test
    @DisplayName("M15 After closing, a member fails with store_closed, and the others go on")
    final void afterClosing() throws Exception {
        SharedStore one = member();
        Map<Integer, Long> all = own(one);
        SharedStore two = member();
        one.close();
        for (Callable<?> call : List.<Callable<?>>of(
                one::renew,
                () -> one.exchange(all),
                () -> {
                    one.send(command("c", "run"));
                    return "";
                },
                () -> {
                    one.release(all.keySet());
                    return "";
                })) {
            assertThatThrownBy(call::call)
                    .isInstanceOfSatisfying(
                            FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("store_closed"));
        }
        assertThat(failure(one.reply("c", reply("yes")))).isEqualTo("store_closed");
        assertThat(failure(one.commit(step("run", fence(all, "run"))))).isEqualTo("store_closed");
        assertThat(own(two)).hasSize(SharedStore.SHARDS);
    }
}
