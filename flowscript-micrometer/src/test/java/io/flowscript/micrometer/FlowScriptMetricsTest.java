package io.flowscript.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("What happens in an engine and its bridge is on a scrape")
class FlowScriptMetricsTest {

    private static final Path DOCS = Path.of("..", "docs", "operations.md");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ManualClock clock = new ManualClock();
    private final ManualExecutor executor = new ManualExecutor();
    private FlowScript flows;
    private FlowScriptBridge bridge;
    private MemoryTransport transport;

    @BeforeEach
    void start() {
        FlowScriptMetrics metrics = FlowScriptMetrics.of(registry);
        flows = FlowScript.builder()
                .node("emits", context -> {
                    context.runtime().emit("test:tick", 1);
                    return Edge.of("done");
                })
                .node("fails", context -> {
                    throw new IllegalStateException("it fails");
                })
                .node(
                        "asks",
                        Node.named("asks")
                                .ask(context -> Question.form(Map.of()))
                                .answered((context, answer) -> Edge.of("done")))
                .workflow(WorkflowDefinition.of(Map.of("id", "asking", "nodes", List.of("emits", "asks"))))
                .workflow(WorkflowDefinition.of(Map.of("id", "failing", "nodes", List.of("fails"))))
                .store(new MemoryStore())
                .clock(clock)
                .executor(executor)
                .engineExecutor(executor)
                .observer(metrics)
                .build();
        bridge = FlowScriptBridge.builder(flows).build();
        transport = MemoryTransport.on(bridge);
        metrics.bindTo(flows);
        metrics.bindTo(bridge, Identity.ANONYMOUS);
    }

    @AfterEach
    void stop() {
        transport.close();
        bridge.close();
        flows.close();
    }

    @Test
    @DisplayName("Counters, timers and gauges of one run, and gauges return to 0")
    void run() {
        MemoryClient client = transport.connect(Identity.of("ann"), Framing.LINES);
        Execution asking = flows.start("asking", Map.of(), "one");
        flows.start("failing", Map.of(), "two");
        executor.runAll();
        client.subscribe("one");
        client.cancel("nothing");
        executor.runAll();
        PauseToken token = asking.interactions().get(0).token();
        clock.advance(Duration.ofHours(2));
        executor.runAll();

        assertThat(value("flowscript_executions_started_total{workflow=\"asking\"}"))
                .isEqualTo(1);
        assertThat(value("flowscript_executions_ended_total{result=\"failed\",workflow=\"failing\"}"))
                .isEqualTo(1);
        assertThat(value("flowscript_executions{status=\"paused\"}")).isEqualTo(1);
        assertThat(value("flowscript_executions{status=\"failed\"}")).isEqualTo(1);
        assertThat(value("flowscript_interactions{age=\"1h\"}")).isZero();
        assertThat(value("flowscript_interactions{age=\"1d\"}")).isEqualTo(1);
        assertThat(value("flowscript_interactions_oldest_seconds")).isEqualTo(7200);
        assertThat(value("flowscript_events_appended_total{type=\"custom\"}")).isEqualTo(1);
        assertThat(value("flowscript_connections{transport=\"memory\"}")).isEqualTo(1);
        assertThat(value("flowscript_subscriptions")).isEqualTo(1);
        assertThat(value("flowscript_refusals_total{code=\"execution_not_found\"}"))
                .isEqualTo(1);
        assertThat(value("flowscript_commands_total{type=\"subscribe\"}")).isEqualTo(1);
        assertThat(value("flowscript_node_calls_seconds_count{node=\"fails\",result=\"failed\",workflow=\"failing\"}"))
                .isEqualTo(1);

        flows.interactions().answer(token, 1, AnswerOptions.NONE);
        executor.runAll();
        client.disconnect();
        executor.runAll();
        clock.advance(Duration.ofSeconds(2));

        assertThat(value("flowscript_answers_seconds_count{receipt=\"accepted\"}"))
                .isEqualTo(1);
        assertThat(value("flowscript_executions_ended_total{result=\"completed\",workflow=\"asking\"}"))
                .isEqualTo(1);
        assertThat(value("flowscript_executions{status=\"paused\"}")).isZero();
        assertThat(value("flowscript_interactions_oldest_seconds")).isZero();
        assertThat(value("flowscript_commits_seconds_count{result=\"stored\"}")).isPositive();
        assertThat(value("flowscript_delivery_latency_seconds_count")).isPositive();
        assertThat(value("flowscript_connections_closed_total{code=\"1000\",transport=\"memory\"}"))
                .isEqualTo(1);
        for (String gauge : List.of(
                "flowscript_connections{transport=\"memory\"}",
                "flowscript_subscriptions",
                "flowscript_executions_followed",
                "flowscript_delivery_outstanding_bytes",
                "flowscript_nodes_waiting")) {
            assertThat(value(gauge)).as(gauge).isZero();
        }
    }

    @Test
    @DisplayName("Names of workflows beyond the limit count together, so that a registry stays bounded")
    void bounded() {
        FlowScriptMetrics metrics = FlowScriptMetrics.of(registry);
        for (int i = 0; i < FlowScriptMetrics.MAX_METERS + 7; i++) {
            metrics.executionStarted("workflow-" + i);
        }
        assertThat(value("flowscript_executions_started_total{workflow=\"other\"}"))
                .isEqualTo(7);
        assertThat(registry.find("flowscript.executions.started").counters()).hasSize(FlowScriptMetrics.MAX_METERS + 1);
    }

    @Test
    @DisplayName("Combinations of names are bounded, not only the names of each tag")
    void combinationsBounded() {
        FlowScriptMetrics metrics = FlowScriptMetrics.of(registry);
        for (int i = 0; i < 40; i++) {
            for (int j = 0; j < 40; j++) {
                metrics.nodeCalled("workflow-" + i, "node-" + j, true, 1);
            }
        }
        assertThat(registry.find("flowscript.node.calls").timers()).hasSize(FlowScriptMetrics.MAX_METERS + 1);
        assertThat(value("flowscript_node_calls_seconds_count{node=\"other\",result=\"other\",workflow=\"other\"}"))
                .isEqualTo(600);
    }

    @Test
    @DisplayName("What an observer is told and a single process without clients does not show")
    void told() {
        FlowScriptMetrics metrics = FlowScriptMetrics.of(registry);
        metrics.shardsTaken(3);
        metrics.committed(4, false, 2_000_000_000L);
        metrics.holeTold("gone");
        metrics.conflated(5);
        metrics.redactionFailed();

        assertThat(value("flowscript_shards_taken_total")).isEqualTo(3);
        assertThat(value("flowscript_commits_seconds_sum{result=\"refused\"}")).isEqualTo(2);
        assertThat(value("flowscript_commit_events_sum")).isEqualTo(4);
        assertThat(value("flowscript_events_holes_total{cause=\"gone\"}")).isEqualTo(1);
        assertThat(value("flowscript_events_conflated_total")).isEqualTo(5);
        assertThat(value("flowscript_redactions_failed_total")).isEqualTo(1);
    }

    @Test
    @DisplayName("What has few series has a histogram, and calls of nodes have none")
    void histograms() {
        FlowScriptMetrics metrics = FlowScriptMetrics.of(registry);
        metrics.nodeCalled("w", "n", true, 1);
        metrics.committed(1, true, 1);
        metrics.answered("accepted", 1);
        metrics.deliveredLive(0);

        assertThat(registry.scrape())
                .contains("flowscript_commits_seconds_bucket")
                .contains("flowscript_answers_seconds_bucket")
                .contains("flowscript_delivery_latency_seconds_bucket")
                .doesNotContain("flowscript_node_calls_seconds_bucket");
    }

    @Test
    @DisplayName("A registry that lives longer does not keep a closed engine and its bridge in memory")
    void heldWeakly() {
        PrometheusMeterRegistry other = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        List<WeakReference<?>> closed = bindAndClose(other);
        assertThat(closed).allSatisfy(reference -> {
            for (int i = 0; i < 100 && reference.get() != null; i++) {
                System.gc();
            }
            assertThat(reference.get()).isNull();
        });
        assertThat(other.scrape()).contains("flowscript_subscriptions NaN");
    }

    private static List<WeakReference<?>> bindAndClose(PrometheusMeterRegistry other) {
        FlowScriptMetrics metrics = FlowScriptMetrics.of(other);
        FlowScript engine = FlowScript.builder().build();
        FlowScriptBridge clients = FlowScriptBridge.builder(engine).build();
        metrics.bindTo(engine);
        metrics.bindTo(clients, Identity.ANONYMOUS);
        assertThat(other.scrape()).contains("flowscript_subscriptions 0.0");
        clients.close();
        engine.close();
        return List.of(new WeakReference<>(engine), new WeakReference<>(clients));
    }

    @Test
    @DisplayName("Every metric that docs/operations.md names is in the registry, and every other way round")
    void documented() throws IOException {
        run();
        FlowScriptMetrics metrics = FlowScriptMetrics.of(registry);
        metrics.holeTold("retention"); // what a single run has not
        metrics.executionEnded("w", io.flowscript.core.event.EventType.WORKFLOW_CANCELLED);

        Set<String> named = Pattern.compile("^\\| `(flowscript\\.[a-z.]+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(DOCS))
                .results()
                .map((MatchResult row) -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> registered = registry.getMeters().stream()
                .map(meter -> meter.getId().getName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).isEqualTo(registered);
    }

    /** The value of one line of a scrape. */
    private double value(String series) {
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(series + " is not on the scrape:\n" + registry.scrape()));
    }
}
