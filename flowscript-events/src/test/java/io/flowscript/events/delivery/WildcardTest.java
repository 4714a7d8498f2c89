package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.assertSeqs;
import static io.flowscript.events.delivery.Messages.code;
import static io.flowscript.events.delivery.Messages.data;
import static io.flowscript.events.delivery.Messages.ofType;
import static io.flowscript.events.delivery.Messages.seqs;
import static io.flowscript.events.delivery.Messages.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.log.Position;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.events.memory.MemoryClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("Subscriptions to every execution of a workflow, and to all (protocol, section 2)")
class WildcardTest {

    private static final Map<String, Object> ALL = Map.of("all", true);
    private static final Map<String, Object> LIVE = Map.of("workflowId", "live");

    private Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    @DisplayName("An execution that is listed twice, because one was forgotten between two pages, counts once")
    void countsEachExecutionOnce() {
        fixture.close();
        AtomicBoolean forgets = new AtomicBoolean();
        AtomicReference<Live> first = new AtomicReference<>();
        fixture = Fixture.with()
                .engine(EngineLimits.defaults().maxFinished(1))
                .bridge(bridges -> bridges.limits(BridgeLimits.defaults().maxFollowed(1_003))
                        .accessPolicy((who, action, workflowId, executionId) -> {
                            if (forgets.getAndSet(false)) {
                                first.get()
                                        .execution()
                                        .cancel("", null); // so "gone", the end of the page, is forgotten
                            }
                            return true;
                        }))
                .build();
        first.set(fixture.startLive("old-0"));
        IntStream.range(1, 5).forEach(i -> fixture.startLive("old-" + i));
        fixture.runBurst("gone", 1);
        IntStream.range(0, 999).forEach(i -> fixture.startLive("new-" + i));
        MemoryClient client = fixture.connect();
        forgets.set(true);

        String request = client.subscribe(ALL);
        fixture.run();

        assertThat(client.awaitReply(request)).containsEntry("type", "subscribed");
        assertThat(fixture.flows.executions().find("gone")).isEmpty();
        assertThat(fixture.bridge.stats().followed()).isEqualTo(1_003);
    }

    @Test
    @DisplayName("Begins at the end of what runs, and at the first event of what comes; each execution is announced")
    void beginsAtLatest() {
        Live running = fixture.startLive("running");
        running.emit(5);
        fixture.runBurst("ended", 3);
        MemoryClient client = fixture.connect();

        String request = client.subscribe(ALL);
        fixture.run();
        assertThat(types(client)).containsExactly("connected", "subscribed", "subscribed", "execution_status");
        assertThat(MemoryClient.data(client.awaitReply(request)))
                .containsEntry("all", true)
                .doesNotContainKey("executionId");
        assertThat(data(client, "subscribed"))
                .containsEntry("executionId", "running")
                .containsEntry("after", 7);

        fixture.startLive("late");
        running.emit(2);
        fixture.run();

        assertSeqs(client, "running", 8, 9);
        assertSeqs(client, "late", 1, 2);
        assertThat(client.events("ended")).isEmpty();
        assertThat(announced(client)).containsExactly("running", "late");
    }

    @Test
    void ofAWorkflowSeesNoOther() {
        MemoryClient client = fixture.connect();
        String request = client.subscribe(LIVE);
        fixture.run();
        fixture.startLive("mine");
        fixture.runBurst("other", 3);

        assertThat(MemoryClient.data(client.awaitReply(request))).containsEntry("workflowId", "live");
        assertThat(announced(client)).containsExactly("mine");
        assertThat(client.events("other")).isEmpty();
    }

    @Test
    @DisplayName("I2: executions that come, run and end while nobody looks are all delivered from the first event on")
    void missesNoneThatAreShort() {
        MemoryClient client = fixture.connect();
        client.subscribe(ALL);
        fixture.run();
        client.stall();
        for (int i = 0; i < 300; i++) {
            fixture.flows.start("burst", Map.of("count", 2), "run-" + i);
        }
        fixture.run();
        client.resumeReading();
        fixture.run();

        for (int i = 0; i < 300; i++) {
            assertSeqs(client, "run-" + i, 1, 6);
        }
        assertThat(fixture.bridge.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("Whatever overlaps, an execution is delivered once")
    void isDeliveredOnce() {
        Live live = fixture.startLive("run");
        MemoryClient client = fixture.connect();
        client.subscribe("run");
        client.subscribe(LIVE);
        client.subscribe(ALL);
        client.subscribe("later");
        fixture.run();
        fixture.startLive("later");
        live.emit(10);
        fixture.run();

        assertSeqs(client, "run", 1, 12);
        assertSeqs(client, "later", 1, 2);
        assertThat(fixture.encodings.values()).containsOnly(1);
    }

    @Test
    @DisplayName("The narrowest subscription decides, and gives back to the next one without a hole or a double")
    void theNarrowestDecides() {
        MemoryClient client = fixture.connect();
        client.subscribe(Map.of("all", true, "types", List.of("node_started")));
        client.subscribe(Map.of("workflowId", "live", "types", List.of("workflow_started")));
        fixture.run();
        Live live = fixture.startLive("run");
        assertThat(types(client.events("run"))).containsExactly("workflow_started");

        client.subscribe(Map.of("executionId", "run"));
        fixture.run();
        live.emit(3);
        fixture.run();
        assertThat(seqs(client, "run")).containsExactly(1L, 3L, 4L, 5L);

        client.unsubscribe("run");
        client.unsubscribe(LIVE);
        client.subscribe(ALL);
        fixture.run();
        live.emit(3);
        fixture.run();
        assertThat(seqs(client, "run")).containsExactly(1L, 3L, 4L, 5L, 6L, 7L, 8L);

        client.unsubscribe(ALL);
        fixture.run();
        live.emit(3);
        fixture.run();
        assertThat(seqs(client, "run")).hasSize(7);
    }

    @Test
    @DisplayName(
            "An execution that is new to a wildcard, and is subscribed to by itself for a moment, goes on and is announced once")
    void newAndSubscribedForAMoment() {
        fixture.close();
        fixture = Fixture.with()
                .bridge(bridges -> bridges.limits(BridgeLimits.defaults().batchBytes(1))) // a reply fills it
                .build();
        MemoryClient client = fixture.connect();
        client.subscribe(ALL);
        fixture.run();
        Execution unused = fixture.flows.start("live", Map.of(), "run");
        client.subscribe("run");
        client.unsubscribe("run");
        fixture.run();

        assertThat(announced(client)).containsExactly("run");
        assertSeqs(client, "run", 1, 2);
    }

    @Test
    @DisplayName(
            "Subscribed to by itself, an execution that a wildcard has goes on where it is; only a position moves it")
    void onlyAPositionMovesIt() {
        Live live = fixture.startLive("run");
        MemoryClient client = fixture.connect();
        client.subscribe(ALL);
        fixture.run();
        live.emit(2);
        fixture.run();

        client.subscribe("run");
        fixture.run();
        assertThat(data(client, "subscribed")).containsEntry("after", 4);
        assertSeqs(client, "run", 3, 4);

        client.subscribe("run", Position.START);
        fixture.run();
        assertThat(seqs(client, "run")).containsExactly(3L, 4L, 1L, 2L, 3L, 4L);
    }

    @Test
    void aPendingSubscriptionThatIsWithdrawnIsTakenOver() {
        MemoryClient client = fixture.connect();
        client.subscribe(ALL);
        client.subscribe("run");
        fixture.run();
        fixture.flows.start("live", Map.of(), "run");
        client.unsubscribe("run");
        fixture.run();

        assertSeqs(client, "run", 1, 2);
        assertThat(fixture.bridge.pending()).isZero();
    }

    @Test
    @DisplayName("Where a pending subscription was to begin goes with it, when it is withdrawn")
    void aPositionIsWithdrawnToo() {
        fixture.close();
        fixture = Fixture.with().limits(limits -> limits.batchFrames(1)).build();
        List<Live> busy = IntStream.range(0, 5)
                .mapToObj(i -> fixture.startLive("busy-" + i))
                .toList();
        MemoryClient client = fixture.connect();
        client.subscribe(ALL);
        client.subscribe("run", Position.after("long-ago", 7));
        fixture.run();
        busy.forEach(live -> live.emit(200)); // so that it has not had its turn when it is withdrawn
        client.subscribe(LIVE);
        client.unsubscribe("run");
        fixture.flows.start("live", Map.of(), "run");
        fixture.run();

        assertThat(types(client)).doesNotContain("events_missed");
        assertSeqs(client, "run", 1, 2);
    }

    @Test
    @DisplayName("What ended before is not taken over by a wildcard: unsubscribed from, it is gone")
    void whatHadEndedIsNotTakenOver() {
        fixture.runBurst("run", 50_000);
        MemoryClient client = fixture.connect();
        client.subscribe(ALL);
        client.subscribe("run");
        client.stall();
        fixture.run();
        client.unsubscribe("run");
        client.resumeReading();
        fixture.run();

        assertThat(client.events("run")).hasSizeLessThan(5_000);
    }

    @Test
    @DisplayName("Subscribed to many once more: what runs stays where it is; with \"latest\" it moves to the end")
    void onceMore() {
        Live live = fixture.startLive("run");
        MemoryClient client = fixture.connect();
        client.subscribe(ALL);
        fixture.run();
        live.emit(1);
        client.subscribe(ALL);
        fixture.run();
        assertSeqs(client, "run", 3, 3);
        assertThat(announced(client)).containsExactly("run");

        client.stall();
        live.emit(10);
        fixture.run();
        live.emit(1_000);
        client.subscribe(Map.of("all", true, "after", "latest"));
        client.resumeReading();
        fixture.run();
        live.emit(1);
        fixture.run();

        assertThat(announced(client)).containsExactly("run", "run");
        List<Long> seqs = seqs(client, "run");
        assertThat(seqs.get(seqs.size() - 1)).isEqualTo(1_014L);
        assertThat(seqs).hasSizeLessThan(1_012).isSorted();
    }

    @Test
    @DisplayName("Rights are checked for each execution that joins, and again when it is asked for again")
    void rightsAreCheckedForEach() {
        fixture.close();
        Set<String> hidden = ConcurrentHashMap.newKeySet();
        hidden.addAll(List.of("hidden-1", "hidden-2"));
        fixture = Fixture.with()
                .policy((who, action, workflow, execution) -> execution == null || !hidden.contains(execution))
                .build();
        fixture.startLive("hidden-1");
        Live seen = fixture.startLive("seen-1");
        MemoryClient client = fixture.connect();
        client.subscribe(ALL);
        fixture.run();
        fixture.startLive("hidden-2");
        fixture.startLive("seen-2");
        assertThat(client.received().toString()).doesNotContain("hidden");
        assertThat(announced(client)).containsExactly("seen-1", "seen-2");

        hidden.add("seen-1");
        hidden.remove("hidden-1");
        client.subscribe(ALL);
        fixture.run();
        seen.emit(3);
        fixture.run();

        assertThat(client.events("seen-1")).isEmpty();
        assertThat(announced(client)).containsExactly("seen-1", "seen-2", "hidden-1");
    }

    @Test
    @DisplayName("After a lost connection each execution goes on where the client stands")
    void comesBack() {
        MemoryClient client = fixture.connect();
        client.subscribe(ALL);
        fixture.run();
        Live one = fixture.startLive("one");
        Live two = fixture.startLive("two");
        one.emit(2);
        fixture.run();
        client.disconnect();
        one.emit(5);
        two.emit(5);
        two.end();
        fixture.run();

        client.reconnect();
        fixture.run();
        one.emit(1);
        fixture.startLive("three");
        client.unsubscribe(ALL);
        fixture.run();
        one.emit(10);
        fixture.run();

        assertSeqs(client, "one", 1, 10);
        assertSeqs(client, "two", 1, 9);
        assertSeqs(client, "three", 1, 2);
        assertThat(types(client)).doesNotContain("events_missed", "error");
    }

    @Test
    @DisplayName("I2: what ended while the client was away is told to its end, however many batches that takes")
    void comesBackToWhatHasEnded() {
        fixture.close();
        fixture = Fixture.with().limits(limits -> limits.batchBytes(1)).build();
        MemoryClient client = fixture.connect();
        client.subscribe(ALL);
        fixture.run();
        Live one = fixture.startLive("one");
        client.disconnect();
        one.emit(20);
        one.end();
        fixture.run();

        client.reconnect();
        fixture.run();

        assertSeqs(client, "one", 1, one.execution().events().latest());
    }

    @Test
    @DisplayName("What was taken up by itself after a lost connection does as the subscription to many does")
    void followsTheSubscriptionToManyAfterComingBack() {
        MemoryClient client = fixture.connect();
        client.subscribe(ALL);
        fixture.run();
        Live one = fixture.startLive("one");
        client.reconnect();
        fixture.run();

        client.subscribe(Map.of("all", true, "types", List.of("workflow_completed")));
        fixture.run();
        one.emit(3);
        fixture.run();
        assertSeqs(client, "one", 1, 2);
        client.unsubscribe(ALL);
        one.end();
        fixture.run();
        assertSeqs(client, "one", 1, 2);
    }

    @Test
    @DisplayName("I5: what a client follows is bounded, and it is told which executions it does not follow")
    void followsSoManyAndNoMore() {
        fixture.close();
        fixture = Fixture.with().limits(limits -> limits.maxFollowed(2)).build();
        MemoryClient client = fixture.connect();
        client.subscribe(ALL);
        fixture.run();
        Live first = fixture.startLive("a");
        fixture.startLive("b");
        fixture.startLive("c");
        assertThat(announced(client)).containsExactly("a", "b");
        assertThat(data(client, "error"))
                .containsEntry("code", "too_many_subscriptions")
                .containsEntry("details", Map.of("executionId", "c"));

        MemoryClient other = fixture.connect();
        String refused = other.subscribe(ALL);
        fixture.run();
        assertThat(code(other, refused)).isEqualTo("too_many_subscriptions");
        fixture.startLive("d");
        assertThat(announced(other)).isEmpty();

        first.end();
        fixture.run();
        fixture.startLive("e");
        assertSeqs(client, "e", 1, 2);
        String third = client.subscribe("c");
        fixture.run();
        assertThat(code(client, third)).isEqualTo("too_many_subscriptions");
    }

    @Test
    @DisplayName("I4: a client that does not read is not woken for each execution that begins")
    void aStalledClientSleeps() {
        MemoryClient client = fixture.connect();
        client.subscribe(ALL);
        Live live = fixture.startLive("run");
        client.stall();
        live.emit(1);
        fixture.run();
        int with = tasksOfStarting("a");
        client.disconnect();
        fixture.run();
        int without = tasksOfStarting("b");

        assertThat(with - without)
                .as("the one task that wakes whoever sleeps, each time")
                .isLessThanOrEqualTo(102);
    }

    private int tasksOfStarting(String prefix) {
        int tasks = 0;
        for (int i = 0; i < 100; i++) {
            fixture.flows.start("burst", Map.of("count", 1), prefix + i);
            while (fixture.executor.runOne()) {
                tasks++;
            }
        }
        return tasks;
    }

    @Test
    @DisplayName("F30: what is hidden neither counts nor is named where a limit is met")
    void whatIsHiddenDoesNotCount() {
        fixture.close();
        fixture = Fixture.with()
                .bridge(bridges -> bridges.limits(BridgeLimits.defaults().maxFollowed(1))
                        .accessPolicy((who, action, workflow, execution) ->
                                execution == null || !execution.startsWith("hidden")))
                .build();
        fixture.startLive("hidden-1");
        fixture.startLive("hidden-2");
        MemoryClient client = fixture.connect();
        client.subscribe(ALL);
        fixture.run();
        fixture.startLive("hidden-3");
        fixture.startLive("seen");
        fixture.startLive("hidden-4");

        assertThat(announced(client)).containsExactly("seen");
        assertThat(client.received().toString()).doesNotContain("hidden", "error");
    }

    @Test
    @DisplayName("I5: who is further behind than is kept of what came to be is closed as too slow")
    void isTooFarBehind() {
        fixture.close();
        fixture = Fixture.with().limits(limits -> limits.maxNewExecutions(10)).build();
        MemoryClient slow = fixture.connect();
        MemoryClient fast = fixture.connect();
        slow.subscribe(ALL);
        fast.subscribe(ALL);
        Live live = fixture.startLive("run");
        slow.stall();
        live.emit(1);
        fixture.run();
        for (int i = 0; i < 11; i++) {
            fixture.runBurst("run-" + i, 1);
        }
        assertThat(slow.isConnected()).isTrue();

        slow.resumeReading();
        fixture.run();

        assertThat(slow.closeCode()).isEqualTo(CloseCode.TOO_SLOW);
        assertThat(announced(fast)).hasSize(12);
    }

    @Test
    void whatWasForgottenBeforeItWasToldOfIsAHole() {
        fixture.close();
        fixture = Fixture.with()
                .bridge(bridges -> bridges.stallTimeout(Duration.ofDays(1)).heartbeat(Duration.ofDays(1)))
                .build();
        MemoryClient slow = fixture.connect();
        slow.subscribe(ALL);
        Live live = fixture.startLive("run");
        slow.stall();
        live.emit(1);
        fixture.run();
        fixture.runBurst("gone", 3);
        fixture.pass(Duration.ofHours(2));
        slow.resumeReading();
        fixture.run();

        assertThat(data(slow, "events_missed"))
                .containsEntry("executionId", "gone")
                .containsEntry("from", 1);
        assertThat(announced(slow)).containsExactly("run");
    }

    @Test
    void aVersionOneClientSeesWhatItUnderstands() {
        MemoryClient v1 = fixture.connect(Framing.SINGLE);
        v1.subscribe(ALL);
        fixture.run();
        fixture.flows.start("write", Map.of(), "run");
        fixture.run();
        fixture.startLive("live").execution().cancel("enough", null);
        fixture.run();

        assertThat(types(v1.events("run")))
                .containsExactly("workflow_started", "node_started", "node_completed", "workflow_completed");
        assertThat(types(v1.events("live"))).endsWith("workflow_failed");
    }

    @Test
    @DisplayName("I8: nothing is left of a client that has gone, nor of a subscription that was ended")
    void nothingIsLeft() {
        int timers = fixture.clock.pending();
        MemoryClient client = fixture.connect();
        client.subscribe(Map.of("all", true, "types", List.of("workflow_completed"), "maxEventsPerSecond", 1));
        fixture.run();
        for (int i = 0; i < 5; i++) {
            fixture.runBurst("run-" + i, 3);
        }
        int paced = fixture.clock.pending();
        client.unsubscribe(ALL);
        fixture.run();
        assertThat(fixture.clock.pending()).as("timers without the pace").isLessThan(paced);
        fixture.pass(Duration.ofSeconds(2));
        int received = client.received().size();
        fixture.runBurst("after", 3);
        assertThat(client.received()).hasSize(received);

        client.disconnect();
        fixture.pass(Duration.ofHours(2));
        assertThat(fixture.clock.pending()).isEqualTo(timers);
    }

    private static List<Object> announced(MemoryClient client) {
        return ofType(client, "subscribed").stream()
                .map(message -> MemoryClient.data(message).get("executionId"))
                .filter(id -> id != null)
                .toList();
    }
}
