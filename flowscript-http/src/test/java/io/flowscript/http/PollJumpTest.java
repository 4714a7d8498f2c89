package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.bridge.ClientChannel.SendCallback;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.json.protocol.PositionText;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sets the time of day while a client polls. */
class PollJumpTest {

    private final ManualClock clock = new ManualClock();
    private final ManualExecutor executor = new ManualExecutor();

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void aPollIsAnsweredWhenItsWaitingTimeIsOver(long hours) {
        try (FlowScript flows = FlowScript.builder()
                        .clock(clock)
                        .executor(executor)
                        .engineExecutor(executor)
                        .node(
                                "sleeps",
                                context ->
                                        context.memo().isMissing() ? new Sleep(Duration.ofDays(9), 1) : Edge.of("ok"))
                        .workflow(WorkflowDefinition.of(Map.of("id", "long", "nodes", List.of("sleeps"))))
                        .build();
                FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build()) {
            HttpApi api = HttpApi.of(bridge, bridge, HttpSettings.builder().build());
            flows.start("long", Map.of(), "one");
            executor.runAll();
            EventLog log = flows.executions().find("one").orElseThrow().events();
            CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
            EventExchange poll = (EventExchange) api.handle(new HttpRequest(
                            "GET",
                            "/executions/one/events",
                            "wait=1&after=" + PositionText.of(log.epoch(), log.latest()),
                            Map.of(),
                            "localhost",
                            "127.0.0.1",
                            false,
                            null))
                    .orElseThrow();
            poll.start(new Answer(answer));
            executor.runAll();
            clock.advance(Duration.ofMillis(500));
            clock.jump(Duration.ofHours(hours));
            clock.advance(Duration.ofMillis(499));
            executor.runAll();
            assertThat(answer).isNotDone();
            clock.advance(Duration.ofMillis(1));
            executor.runAll();
            assertThat(answer).isCompletedWithValueMatching(response -> response.status() == 200);
            poll.closed();
            executor.runAll();
        }
    }

    /** Takes the one response of a poll. */
    private record Answer(CompletableFuture<HttpResponse> response) implements EventSink {

        @Override
        public void respond(HttpResponse answer) {
            response.complete(answer);
        }

        @Override
        public void start(HttpResponse head) {
            throw new AssertionError("a poll is no stream");
        }

        @Override
        public void write(ByteBuffer bytes, SendCallback taken) {
            throw new AssertionError("a poll is no stream");
        }

        @Override
        public void end() {
            throw new AssertionError("a poll is no stream");
        }

        @Override
        public void abort(Throwable cause) {
            response.completeExceptionally(cause);
        }
    }
}
