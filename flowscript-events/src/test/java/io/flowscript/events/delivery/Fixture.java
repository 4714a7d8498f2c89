package io.flowscript.events.delivery;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Retention;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Violation;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.ServerMessages;
import io.flowscript.json.protocol.WireSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** An engine, a bridge on it, and clients without a network; by hand unless an executor is given. */
final class Fixture implements AutoCloseable {

    static final Retention KEEP_ALL = new Retention(1_000_000, 1L << 40, Duration.ofHours(1));

    final ManualClock clock = new ManualClock();
    final ManualExecutor executor;
    final FlowScript flows;
    final ConnectionManager bridge;
    final MemoryTransport transport;
    private final SchemaCheck checked;
    final Map<String, Integer> encodings = new ConcurrentHashMap<>();
    private final Map<String, Live> lives = new ConcurrentHashMap<>();

    /** What can be different. */
    static final class Settings {
        private ManualExecutor manual = new ManualExecutor();
        private Executor executor;
        private Retention retention = KEEP_ALL;
        private EngineLimits engine = EngineLimits.defaults();
        private FlowScriptObserver observer = FlowScriptObserver.NONE;
        private FlowScriptTracer tracer = FlowScriptTracer.NONE;
        private UnaryOperator<EventBridgeBuilder> bridge = bridges -> bridges;
        private UnaryOperator<Function<RecordedEvent, byte[]>> encoder = encoder -> encoder;

        Settings seed(long seed) {
            manual = new ManualExecutor(seed);
            return this;
        }

        Settings executor(Executor threads) {
            executor = threads;
            return this;
        }

        Settings retention(int events) {
            retention = new Retention(events, 1L << 40, Duration.ofHours(1));
            return this;
        }

        Settings engine(EngineLimits limits) {
            engine = limits;
            return this;
        }

        Settings observer(FlowScriptObserver told) {
            observer = told;
            return this;
        }

        Settings tracer(FlowScriptTracer asked) {
            tracer = asked;
            return this;
        }

        Settings bridge(UnaryOperator<EventBridgeBuilder> change) {
            bridge = change;
            return this;
        }

        Settings limits(UnaryOperator<BridgeLimits> change) {
            return bridge(bridges -> bridges.limits(change.apply(BridgeLimits.defaults())));
        }

        Settings policy(AccessPolicy policy) {
            return bridge(bridges -> bridges.accessPolicy(policy));
        }

        Settings encoder(UnaryOperator<Function<RecordedEvent, byte[]>> change) {
            encoder = change;
            return this;
        }

        Fixture build() {
            return new Fixture(this);
        }
    }

    static Settings with() {
        return new Settings();
    }

    Fixture() {
        this(with());
    }

    private Fixture(Settings settings) {
        executor = settings.manual;
        Executor threads = settings.executor == null ? executor : settings.executor;
        FlowScriptBuilder builder = FlowScript.builder()
                .clock(clock)
                .executor(threads)
                .engineExecutor(threads)
                .retention(settings.retention)
                .limits(settings.engine)
                .observer(settings.observer)
                .tracer(settings.tracer)
                .forms(Fixture::integerForm)
                .node(
                        "live",
                        Node.async(
                                context -> live(context.runtime().executionId()).enter(context)))
                .node("burst", context -> {
                    int count = context.state().get("count").orElse(3).asInt();
                    for (int i = 0; i < count; i++) {
                        context.runtime().emit("test:tick", i);
                    }
                    return Edge.of("done");
                })
                .node("write", context -> {
                    context.state().set("$.written", true);
                    return Edge.of("done");
                })
                .node(Node.named("ask")
                        .edges("done")
                        .ask(context -> Question.form(Map.of("type", "integer")).showing(Map.of("secret", "no")))
                        .answered((context, answer) -> Edge.of("done")))
                .node(Node.named("ask-for-30-days")
                        .edges("done")
                        .ask(context -> Question.open().within(Duration.ofDays(30)))
                        .answered((context, answer) -> Edge.of("done")));
        for (String node : List.of("live", "burst", "write", "ask", "ask-for-30-days")) {
            builder.workflow(WorkflowDefinition.of(Map.of("id", node, "nodes", List.of(node))));
        }
        builder.workflow(WorkflowDefinition.of(Map.of("id", "ask-twice", "nodes", List.of("ask", "ask", "write"))));
        flows = builder.build();
        ServerMessages messages = new ServerMessages(clock, WireSettings.DEFAULTS);
        EventEncoder encoders = new EventEncoder(WireSettings.DEFAULTS);
        Function<RecordedEvent, byte[]> encoder = settings.encoder.apply(encoders::encode);
        Function<RecordedEvent, byte[]> firstVersion = settings.encoder.apply(encoders.forFirstVersion()::encode);
        // By hand each turn of a pump is a task of its own, so that any two can come in any order.
        Pumps pumps = settings.executor == null
                ? (pump, refused) -> executor.execute(pump)
                : EventBridgeBuilder.pumps(settings.executor);
        bridge = settings.bridge
                .apply(FlowScriptBridge.builder(flows))
                .build(
                        messages,
                        (event, redaction, out) -> {
                            count(event, redaction, "");
                            if (!redaction.isNone()) {
                                return encoders.encode(event, redaction, out);
                            }
                            byte[] message = encoder.apply(event);
                            out.writeBytes(message);
                            return message.length <= WireSettings.DEFAULTS.maxValueBytes();
                        },
                        (event, redaction, out) -> {
                            count(event, redaction, "v1 ");
                            if (!redaction.isNone()) {
                                return encoders.forFirstVersion().encode(event, redaction, out);
                            }
                            out.writeBytes(firstVersion.apply(event));
                            return false;
                        },
                        pumps);
        checked = new SchemaCheck(bridge);
        transport = MemoryTransport.on(checked);
    }

    /** Lets everything happen that can happen without time passing. */
    void run() {
        executor.runAll();
    }

    void pass(Duration time) {
        clock.advance(time);
        run();
    }

    /** Lets time pass second by second, with everything that happens in it. */
    void passSlowly(int seconds) {
        for (int i = 0; i < seconds; i++) {
            pass(Duration.ofSeconds(1));
        }
    }

    /** Lets time pass in steps so small that whatever falls due happens nearly then. */
    void passFinely(int seconds) {
        for (int i = 0; i < seconds * 200; i++) {
            pass(Duration.ofMillis(5));
        }
    }

    Live live(String id) {
        return lives.computeIfAbsent(id, same -> new Live());
    }

    /** An execution that stands in its node. */
    Live startLive(String id) {
        Execution started = flows.start("live", Map.of(), id);
        run();
        Live live = live(id);
        live.is(started);
        return live;
    }

    /** An execution that has ended. */
    Execution runBurst(String id, int count) {
        Execution started = flows.start("burst", Map.of("count", count), id);
        run();
        return started;
    }

    MemoryClient connect() {
        return connect(Framing.LINES);
    }

    MemoryClient connect(Framing framing) {
        return connect("alice", framing);
    }

    MemoryClient connect(String who, Framing framing) {
        MemoryClient client = transport.connect(Identity.of(who), framing);
        run();
        return client;
    }

    private void count(RecordedEvent event, Redaction redaction, String version) {
        String hidden = redaction.isNone() ? "" : redaction + " ";
        encodings.merge(version + hidden + event.executionId() + "/" + event.seq(), 1, Integer::sum);
    }

    private static FormValidator.Form integerForm(Object schema) {
        return answer ->
                answer instanceof Integer ? List.of() : List.of(new Violation("$", "type", "must be an integer"));
    }

    @Override
    public void close() {
        transport.close();
        try {
            checked.close();
        } finally {
            flows.close();
            run();
        }
    }
}
