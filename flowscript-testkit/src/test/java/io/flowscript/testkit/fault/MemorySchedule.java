package io.flowscript.testkit.fault;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.testing.ForwardingStore;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.BridgeLimits;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.json.EventCodec;
import io.flowscript.json.protocol.EventFilter;
import io.flowscript.testkit.protocol.CheckedBridge;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One schedule: an engine, a bridge and clients on time and threads by hand, and what happens to them, all drawn from a seed. What a client may be is
 * {@link MemoryVisitor}'s.
 */
final class MemorySchedule implements AutoCloseable {

    private static final int HEARTBEAT_SECONDS = 5;
    private static final int RUNS = 4;
    private static final int VISITORS = 3;

    /** Room for some that are half open besides. */
    private static final int MOST_CONNECTIONS = 2 * VISITORS;

    /** They are told together, at the end of the visit, and are not to push each other out of the log. */
    private static final int MOST_SETS = 15;

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofDays(1);
    private static final List<String> WORKFLOWS = List.of("red", "blue");

    final ManualClock clock = new ManualClock();
    final ManualExecutor executor;
    final long seed;
    final Random random;
    private final FaultPlan plan;
    private final Retention retention;
    private final BridgeLimits limits;
    private final int heartbeatSeconds;
    private final Map<String, Integer> seen;

    /** What outlives the engine; null for engines without a store. */
    private final ExecutionStore store;

    private final List<String> story = new ArrayList<>();
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final List<MemoryVisitor> visitors = new ArrayList<>();
    private FlowScript flows;
    private EventBridge bridge;
    private final List<FaultyChannel> channels = new ArrayList<>();
    private boolean calm;
    private AssertionError failure;

    /** One execution that does what the schedule says. */
    static final class Run {
        CompletableFuture<ExecutionContext> entered = new CompletableFuture<>();
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Execution execution;
        ExpectedEvents truth;
        int sets;

        boolean isLive() {
            return entered.isDone() && !outcome.isDone();
        }
    }

    MemorySchedule(long seed, Map<String, Integer> seen) {
        this.seed = seed;
        this.seen = seen;
        random = new Random(seed);
        executor = new ManualExecutor(seed);
        plan = new FaultPlan(Map.of(), 50, pick(1_000, 4_000, 20_000), PATIENCE.plusSeconds(2))
                .with(Fault.DELAY, pick(0, 30))
                .with(Fault.STALL, pick(0, 30))
                .with(Fault.END, pick(0, 15))
                .with(Fault.RESET, pick(0, 15))
                .with(Fault.TRUNCATE, pick(0, 15))
                .with(Fault.HALF_OPEN, pick(0, 20))
                .with(Fault.REORDER, pick(0, 50, 100));
        retention = new Retention(pick(30, 1_000_000, 1_000_000), 1L << 40, Duration.ofHours(1));
        limits = BridgeLimits.defaults()
                .maxConnections(MOST_CONNECTIONS)
                .messagesPerSecond(1_000_000)
                .messageBurst(1_000_000)
                .batchBytes(pick(1, 700, 64 << 10))
                .batchFrames(pick(1, 5, 256))
                .encodedBytes(pick(0, 2_000, 64 << 20));
        heartbeatSeconds = pick(1, HEARTBEAT_SECONDS);
        store = random.nextInt(3) == 0 ? new EncodingStore() : null;
        startEngine();
        for (int i = 0; i < VISITORS; i++) {
            visitors.add(new MemoryVisitor(this, "client-" + i));
        }
    }

    void play() {
        int steps = 30 + random.nextInt(50);
        for (int i = 0; i < steps; i++) {
            step();
            run(random.nextInt(6));
        }
        rest();
    }

    private void step() {
        MemoryVisitor visitor = visitors.get(random.nextInt(VISITORS));
        switch (random.nextInt(20)) {
            case 0, 1 -> start();
            case 2, 3, 4, 5, 6, 7, 8 -> emit();
            case 9 -> end();
            case 10, 11, 12, 13 -> visitor.visit();
            case 14 -> visitor.leave();
            case 15, 16, 17 -> pass(Duration.ofMillis(random.nextInt(1_500)));
            case 18 -> {
                if (random.nextInt(4) == 0) {
                    restart();
                }
            }
            default -> visitors.forEach(MemoryVisitor::visit);
        }
    }

    private void start() {
        String id = "e" + runs.size();
        if (runs.size() < RUNS) {
            begin(id, WORKFLOWS.get(random.nextInt(2)));
        }
    }

    private void begin(String id, String workflow) {
        Run run = new Run();
        runs.put(id, run);
        run.execution = flows.start(workflow, Map.of(), id);
        run.truth = new ExpectedEvents(run.execution.events());
        tell("- start " + id);
        visitors.forEach(visitor -> visitor.began(run.truth));
    }

    private void emit() {
        Run run = anyLive();
        if (run == null) {
            return;
        }
        ExecutionContext context = run.entered.join();
        for (int i = random.nextInt(10); i >= 0; i--) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    if (run.sets++ < MOST_SETS) {
                        context.state().set("$.x" + random.nextInt(2), i);
                    }
                }
                case 1 -> context.runtime().emit("test:text", "x".repeat(random.nextInt(300)));
                case 2 -> context.runtime().emit("test:tick", i);
                default -> context.runtime().emit("test:progress", i, "thing-" + random.nextInt(3));
            }
            record();
        }
    }

    private void end() {
        Run run = anyLive();
        if (run != null && random.nextInt(3) == 0) {
            run.outcome.complete(Edge.of("done"));
        }
    }

    private Run anyLive() {
        List<Run> live = runs.values().stream().filter(Run::isLive).toList();
        return live.isEmpty() ? null : live.get(random.nextInt(live.size()));
    }

    private void restart() {
        switch (random.nextInt(3)) {
            case 0 -> {
                note("listener restarted");
                visitors.forEach(MemoryVisitor::sendAway);
            }
            case 1 -> {
                note("bridge restarted");
                bridge.close();
                startBridge();
            }
            default -> {
                note(store == null ? "engine restarted" : "engine restarted with its store");
                visitors.forEach(MemoryVisitor::leave); // a process that dies takes what is on its way with it
                record();
                bridge.close();
                flows.close();
                run(Integer.MAX_VALUE);
                if (store == null) {
                    startEngine();
                    Map<String, Run> before = new LinkedHashMap<>(runs);
                    runs.clear();
                    before.forEach((id, run) -> begin(id, run.execution.workflowId()));
                } else {
                    runs.values().forEach(MemorySchedule::interrupt);
                    startEngine();
                    runs.forEach(this::goOn);
                }
            }
        }
    }

    /** The node of an execution that has not ended is called again, and what it had told the engine last may be lost. */
    private static void interrupt(Run run) {
        if (!run.truth.isEnded()) {
            run.entered = new CompletableFuture<>();
            run.outcome = new CompletableFuture<>();
        }
    }

    /** An execution goes on where the store has it: under its epoch, after the events that everybody could see. */
    private void goOn(String id, Run run) {
        ExpectedEvents before = run.truth;
        run.execution =
                flows.executions().find(id).orElseThrow(() -> new AssertionError(id + " is not in the store any more"));
        run.truth = new ExpectedEvents(run.execution.events());
        run.truth.record();
        if (!run.truth.epoch().equals(before.epoch()) || run.truth.latest() < before.latest()) {
            throw new AssertionError(id + " has lost events: " + run.truth.latest() + " of " + before.latest());
        }
        for (long seq = 1; seq <= before.latest(); seq++) {
            if (!run.truth.event(seq).equals(before.event(seq))) {
                throw new AssertionError("Event " + seq + " of " + id + " has changed");
            }
        }
        tell("- " + id + " goes on");
        visitors.forEach(visitor -> visitor.goesOn(run.truth));
    }

    private void startEngine() {
        FlowScriptBuilder builder = FlowScript.builder();
        if (store != null) {
            builder.store(store);
        }
        flows = builder.clock(clock)
                .executor(executor)
                .engineExecutor(executor)
                .retention(retention)
                .node("live", Node.async(context -> {
                    Run run = runs.get(context.runtime().executionId());
                    run.entered.complete(context);
                    return run.outcome;
                }))
                .workflow(workflow("red"))
                .workflow(workflow("blue"))
                .build();
        startBridge();
    }

    /** A store in memory that keeps events as bytes, and outlives the engine. */
    private static final class EncodingStore extends ForwardingStore {

        EncodingStore() {
            super(new MemoryStore());
        }

        @Override
        public CompletionStage<@Nullable Void> commit(Commit commit) {
            if (!commit.events().isEmpty()) {
                EventCodec.write(commit.events());
            }
            return super.commit(commit);
        }

        @Override
        public List<RecordedEvent> events(String executionId, long after, int max) {
            List<RecordedEvent> events = super.events(executionId, after, max);
            return events.isEmpty()
                    ? events
                    : EventCodec.read(executionId, events.get(0).workflowId(), EventCodec.write(events));
        }

        @Override
        public void close() {
            // It goes on with the next engine.
        }
    }

    private static WorkflowDefinition workflow(String id) {
        return WorkflowDefinition.of(Map.of("id", id, "nodes", List.of("live")));
    }

    private void startBridge() {
        bridge = CheckedBridge.of(FlowScriptBridge.builder(flows)
                .limits(limits)
                .heartbeat(Duration.ofSeconds(heartbeatSeconds))
                .stallTimeout(PATIENCE)
                .pendingWait(LONG)
                .build());
    }

    /** {@return a connection; null when there are as many as there may be} */
    FaultyChannel connect(Framing framing, FaultyChannel.Client client) {
        FaultyChannel channel =
                new FaultyChannel(calm ? FaultPlan.CALM : plan, seed, channels.size(), clock, executor, client);
        try {
            channel.connect(bridge, new ClientInfo(Identity.ANONYMOUS, framing));
        } catch (FlowScriptException refused) {
            if (calm || !refused.code().equals("too_many_connections")) {
                throw new AssertionError("refused", refused);
            }
            note("refused");
            return null;
        }
        channels.add(channel);
        return channel;
    }

    /** All seats are free at once, but for those of which the bridge has not been told. */
    private void checkSeats() {
        long held = channels.stream().filter(FaultyChannel::isHeld).count();
        List<FaultyChannel> others = new ArrayList<>();
        while (others.size() + held < MOST_CONNECTIONS) {
            others.add(connect(Framing.LINES, new FaultyChannel.Client() {
                @Override
                public void received(ByteBuffer frame) {}

                @Override
                public void ended(int code) {}
            }));
        }
        run(Integer.MAX_VALUE);
        others.forEach(FaultyChannel::leave);
        run(Integer.MAX_VALUE);
    }

    Map<String, Run> runs() {
        return runs;
    }

    EventFilter filter() {
        return switch (random.nextInt(6)) {
            case 0 -> new EventFilter(Set.of("workflow_event", "workflow_completed"), Set.of());
            case 1 -> new EventFilter(Set.of("state_updated"), Set.of());
            case 2 -> new EventFilter(Set.of(), Set.of("live"));
            default -> EventFilter.NONE;
        };
    }

    int pick(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    void note(String what) {
        note(what, 1);
        tell("- " + what);
    }

    void note(String what, int times) {
        if (times > 0) {
            seen.merge(what, times, Integer::sum);
        }
    }

    void tell(String line) {
        story.add(line);
    }

    /** What happened, to one after the other. */
    List<String> story() {
        List<String> byWhom = new ArrayList<>(story);
        byWhom.sort(Comparator.comparing(line -> line.substring(0, line.indexOf(' '))));
        return byWhom;
    }

    private void pass(Duration time) {
        clock.advance(time);
    }

    private void run(int tasks) {
        for (int i = 0; i < tasks && executor.runOne(); i++) {
            record();
            throwFailure();
        }
        throwFailure();
    }

    /** A client has been told what is wrong, in the middle of the bridge's work, which would take it for its own failure. */
    void fail(AssertionError wrong) {
        failure = failure == null ? wrong : failure;
    }

    private void throwFailure() {
        if (failure != null) {
            throw failure;
        }
    }

    private void record() {
        runs.values().forEach(run -> run.truth.record());
    }

    /** No more faults: everybody comes back once more, everything ends, and all is delivered. */
    private void rest() {
        calm = true;
        visitors.forEach(MemoryVisitor::leave);
        run(Integer.MAX_VALUE);
        checkSeats();
        settle();
        checkSeats();
        visitors.forEach(MemoryVisitor::stay);
        settle();
        if (runs.size() < RUNS) {
            start();
        }
        settle();
        for (int i = 0; i < 5; i++) {
            emit();
        }
        runs.values().forEach(run -> run.outcome.complete(Edge.of("done")));
        settle();
        throwFailure();
        visitors.forEach(MemoryVisitor::finish);
        // Of a half-open connection whose client has just gone the bridge learns by its heartbeat alone, once it has
        // sent all it has.
        long before;
        do {
            before = sentBytes();
            settle();
        } while (sentBytes() > before);
        settle();
        for (FaultyChannel channel : channels) {
            channel.struck().forEach(fault -> note("fault " + fault, 1));
            note("ended by the bridge with " + channel.closeCode(), channel.closeCode() == 0 ? 0 : 1);
            if (channel.misuse() != null) {
                throw channel.misuse();
            }
            if (channel.isHeld() == channel.isOver()) {
                throw new AssertionError("A connection is over, and the bridge holds it still");
            }
        }
    }

    private long sentBytes() {
        return channels.stream().mapToLong(FaultyChannel::sentBytes).sum();
    }

    /** Lets pass as much time as anything may take. */
    private void settle() {
        run(Integer.MAX_VALUE);
        for (int i = 0; i < 12; i++) {
            pass(Duration.ofSeconds(1));
            run(Integer.MAX_VALUE);
        }
    }

    @Override
    public void close() {
        bridge.close();
        flows.close();
        executor.runAll();
    }

    @Override
    public String toString() {
        int from = Math.max(0, story.size() - 150);
        return plan + ", " + retention + "\n" + String.join("\n", story.subList(from, story.size()));
    }

    /** Why a connection ended, for those that the server ends. */
    static boolean isExpected(int code) {
        return code == 0
                || code == CloseCode.GOING_AWAY
                || code == CloseCode.HEARTBEAT_MISSED
                || code == CloseCode.TOO_SLOW;
    }
}
