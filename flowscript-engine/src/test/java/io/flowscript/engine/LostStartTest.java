package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.store.Durability;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I10: What becomes of a start whose first commit is refused, since the shard was lost meanwhile. */
@Timeout(60)
class LostStartTest {

    private static final int ROUNDS = 200;

    private final HeldStore store = new HeldStore();

    /** A thread that starts an execution, and what came of it. */
    private static final class Starter extends Thread {

        private final FlowScript flows;
        private final String id;
        private volatile String came = "nothing";

        Starter(FlowScript flows, String id) {
            this.flows = flows;
            this.id = id;
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                came = "started " + flows.start("w", Map.of(), id).id();
            } catch (FlowScriptException e) {
                came = e.code();
            }
        }

        /** Waits until this thread waits, or has ended. */
        void awaitWaiting() {
            while (getState() != State.WAITING && getState() != State.TERMINATED) {
                Thread.onSpinWait();
            }
        }

        String came() throws InterruptedException {
            join(30_000);
            return came;
        }
    }

    @Test
    @DisplayName(
            "of two who start the same execution when its shard is lost, one has started it afterwards, and no more")
    void oneStarts() throws Exception {
        try (FlowScript flows = FlowScript.builder()
                .store(store)
                .node("end", context -> Edge.of("end"))
                .workflow(workflow("end"))
                .build()) {
            for (int i = 0; i < ROUNDS; i++) {
                store.hold();
                String id = "run-" + i;
                Starter one = new Starter(flows, id);
                one.start();
                while (store.waiting() == 0) {
                    Thread.onSpinWait();
                }
                Starter two = new Starter(flows, id);
                two.start();
                two.awaitWaiting();
                store.holdNoMore();
                store.fail(RemoteCommands.shardLost());
                assertThat(List.of(one.came(), two.came()))
                        .as(id)
                        .containsExactlyInAnyOrder("started " + id, "execution_exists");
                flows.executions().find(id).orElseThrow().result().get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    @DisplayName("an execution whose start was refused does not run on, though its nodes need not wait for the store")
    void doesNotRunOn() throws Exception {
        Queue<CompletableFuture<Outcome>> works = new ConcurrentLinkedQueue<>();
        AtomicInteger later = new AtomicInteger();
        try (TestEngine engine = TestEngine.of(
                workflow("works", "later"),
                builder -> builder.store(store)
                        .durability("w", Durability.ASYNC)
                        .node("works", Node.async(context -> {
                            CompletableFuture<Outcome> outcome = new CompletableFuture<>();
                            works.add(outcome);
                            return outcome;
                        }))
                        .node("later", context -> {
                            later.incrementAndGet();
                            return Edge.of("done");
                        }))) {
            Starter starter = new Starter(engine.flows, "run");
            starter.start();
            for (int tries = 1; tries <= 3; tries++) {
                await().until(() -> store.waiting() == 1);
                engine.executor.runAll();
                store.fail(RemoteCommands.shardLost());
            }
            assertThat(starter.came()).isEqualTo("shard_lost");
            assertThat(works).isNotEmpty();
            works.forEach(outcome -> outcome.complete(Edge.of("done")));
            engine.executor.runAll();
            assertThat(later).hasValue(0);
            assertThat(engine.flows.executions().size()).isZero();
            assertThat(store.waiting()).isZero();
        }
    }
}
