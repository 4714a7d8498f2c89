package io.flowscript.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("What an engine does is in spans, one trace for each execution")
class OpenTelemetryTracerTest {

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final ManualClock clock = new ManualClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final AtomicReference<SpanContext> seen = new AtomicReference<>();
    private final OpenTelemetrySdk sdk = sdk(Sampler.parentBased(Sampler.alwaysOn()));
    private final Tracer caller = sdk.getTracer("caller");
    private MemoryStore store = new MemoryStore();
    private FlowScript flows;

    private OpenTelemetrySdk sdk(Sampler sampler) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setSampler(sampler)
                        .addSpanProcessor(SimpleSpanProcessor.create(spans))
                        .build())
                .build();
    }

    private FlowScript engine(FlowScriptTracer tracer) {
        return FlowScript.builder()
                .node("works", context -> {
                    seen.set(Span.current().getSpanContext());
                    return Edge.of("done");
                })
                .node("fails", context -> {
                    throw new IllegalStateException("with the secret of a person");
                })
                .node("waits", context -> Outcome.later(new CompletableFuture<>()))
                .node(
                        "asks",
                        Node.named("asks")
                                .ask(context -> Question.form(Map.of()))
                                .answered((context, answer) -> Edge.of("done")))
                .workflow(WorkflowDefinition.of(Map.of("id", "asking", "nodes", List.of("works", "asks", "works"))))
                .workflow(WorkflowDefinition.of(Map.of("id", "failing", "nodes", List.of("fails"))))
                .workflow(WorkflowDefinition.of(Map.of("id", "waiting", "nodes", List.of("waits"))))
                .store(store)
                .clock(clock)
                .executor(executor)
                .engineExecutor(executor)
                .tracer(tracer)
                .build();
    }

    @BeforeEach
    void start() {
        flows = engine(OpenTelemetryTracer.of(sdk));
    }

    @AfterEach
    void stop() {
        flows.close();
        sdk.close();
    }

    @Test
    @DisplayName("Start, calls, commits, answer and end of an execution are in the trace of who started it")
    void oneTrace() {
        Span starts = caller.spanBuilder("starts").startSpan();
        try (Scope scope = starts.makeCurrent()) {
            assertThat(scope).isNotNull();
            flows.start("asking", Map.of(), "one");
        }
        starts.end();
        executor.runAll();
        Span answers = caller.spanBuilder("answers").startSpan();
        try (Scope scope = answers.makeCurrent()) {
            assertThat(scope).isNotNull();
            answer(flows);
        }
        answers.end();
        executor.runAll();

        List<SpanData> trace = trace(starts.getSpanContext().getTraceId());
        assertThat(trace.stream().map(SpanData::getName).filter(name -> !name.equals("commit")))
                .containsExactlyInAnyOrder(
                        "starts",
                        "start asking",
                        "call works",
                        "call asks",
                        "answer",
                        "call asks",
                        "call works",
                        "execution asking");
        SpanData start = named("start asking");
        assertThat(start.getParentSpanId()).isEqualTo(starts.getSpanContext().getSpanId());
        assertThat(trace)
                .filteredOn(span -> !span.getName().startsWith("start"))
                .allMatch(span -> span.getParentSpanId().equals(start.getSpanId()))
                .allMatch(span -> "one".equals(span.getAttributes().get(OpenTelemetryTracer.EXECUTION)))
                .filteredOn(span -> span.getName().equals("commit"))
                .hasSizeGreaterThanOrEqualTo(4)
                .allMatch(span -> "stored".equals(span.getAttributes().get(OpenTelemetrySpan.OUTCOME)));
        assertThat(named("answer").getLinks())
                .singleElement()
                .satisfies(link -> assertThat(link.getSpanContext()).isEqualTo(answers.getSpanContext()));
        assertThat(named("answer").getAttributes().get(OpenTelemetrySpan.OUTCOME))
                .isEqualTo("accepted");
        assertThat(seen.get().getTraceId()).as("a node's current span").isEqualTo(start.getTraceId());
        assertThat(Span.current().getSpanContext().isValid())
                .as("a scope is left")
                .isFalse();
    }

    @Test
    @DisplayName("No span is open while an execution waits, and after days and a restart its trace goes on")
    void daysAndRestart() {
        flows.start("asking", Map.of(), "one");
        executor.runAll();
        SpanData start = named("start asking");
        assertThat(start.getParentSpanContext().isValid()).isFalse();
        assertThat(spans.getFinishedSpanItems().stream().map(SpanData::getName))
                .as("what has begun has ended")
                .contains("start asking", "call works", "call asks");
        flows.close();
        spans.reset();
        clock.advance(Duration.ofDays(3));
        store = store.reopen();
        flows = engine(OpenTelemetryTracer.of(sdk));
        executor.runAll();
        answer(flows);
        executor.runAll();

        assertThat(spans.getFinishedSpanItems()).isNotEmpty().allSatisfy(span -> {
            assertThat(span.getTraceId()).isEqualTo(start.getTraceId());
            assertThat(span.getParentSpanId()).isEqualTo(start.getSpanId());
        });
        SpanData whole = named("execution asking");
        assertThat(Duration.ofNanos(whole.getEndEpochNanos() - whole.getStartEpochNanos()))
                .as("what the last span shows")
                .isGreaterThanOrEqualTo(Duration.ofDays(3));
    }

    @Test
    @DisplayName("A call that fails has its code, and no message")
    void failure() {
        flows.start("failing", Map.of(), "one");
        executor.runAll();

        SpanData call = named("call fails");
        assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(call.getAttributes().get(OpenTelemetrySpan.ERROR)).isEqualTo("node_failed");
        assertThat(named("execution failing").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(spans.getFinishedSpanItems().toString()).doesNotContain("secret of a person");
    }

    @Test
    @DisplayName("A call that is cancelled, or cut off by the end of the engine, has a span that has ended")
    void cancelled() {
        Execution cancelled = flows.start("waiting", Map.of(), "one");
        executor.runAll();
        assertThat(names()).doesNotContain("call waits");
        cancelled.cancel("enough", null);
        executor.runAll();
        assertThat(named("call waits").getAttributes().get(OpenTelemetrySpan.ERROR))
                .isEqualTo("ended");

        spans.reset();
        flows.start("waiting", Map.of(), "two");
        executor.runAll();
        flows.close();
        assertThat(named("call waits").getAttributes().get(OpenTelemetrySpan.ERROR))
                .isEqualTo("ended");
    }

    @Test
    @DisplayName("An execution that its caller does not sample is not sampled later either")
    void notSampled() {
        try (OpenTelemetrySdk never = sdk(Sampler.alwaysOff())) {
            Span unsampled = never.getTracer("caller").spanBuilder("starts").startSpan();
            try (Scope scope = unsampled.makeCurrent()) {
                assertThat(scope).isNotNull();
                flows.start("asking", Map.of(), "one");
            }
        }
        executor.runAll();
        answer(flows);
        executor.runAll();

        assertThat(flows.executions().find("one").orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(spans.getFinishedSpanItems()).isEmpty();
    }

    @Test
    @DisplayName("Without OpenTelemetry behind the API, nothing is kept with an execution")
    void noop() {
        flows.close();
        store = store.reopen();
        flows = engine(OpenTelemetryTracer.of(OpenTelemetry.noop()));
        Execution plain = flows.start("asking", Map.of(), "one");
        executor.runAll();

        assertThat(plain.snapshot().trace()).isNull();
    }

    @Test
    @DisplayName("A context from elsewhere is entered, and one that cannot be read changes nothing")
    void enter() {
        FlowScriptTracer tracer = OpenTelemetryTracer.of(sdk);
        String text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        FlowScriptTracer.Scope scope = tracer.enter(text);
        assertThat(tracer.current()).isEqualTo(text);
        FlowScriptTracer.Scope inner = tracer.enter("00-nonsense");
        assertThat(tracer.current()).isEqualTo(text);
        inner.close();
        scope.close();
        assertThat(tracer.current()).isNull();
    }

    private void answer(FlowScript engine) {
        Execution execution = engine.executions().find("one").orElseThrow();
        engine.interactions().answer(execution.interactions().get(0).token(), 1, AnswerOptions.NONE);
    }

    private List<SpanData> trace(String id) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getTraceId().equals(id))
                .toList();
    }

    private List<String> names() {
        return spans.getFinishedSpanItems().stream().map(SpanData::getName).toList();
    }

    private SpanData named(String name) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not among " + names()));
    }
}
