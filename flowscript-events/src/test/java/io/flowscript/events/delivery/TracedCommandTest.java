package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.events.memory.MemoryClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A command over a connection hands the trace of its sender on")
class TracedCommandTest {

    private static final String ONE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String OTHER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b8-01";

    private final Recorder tracer = new Recorder();
    private final Fixture fixture = Fixture.with().tracer(tracer).build();
    private final MemoryClient client = fixture.connect();

    /** Which span was the current one when the engine asked for another. */
    private static final class Recorder implements FlowScriptTracer {

        final List<String> asked = new ArrayList<>();

        @Nullable
        String current;

        @Override
        public @Nullable String current() {
            return current;
        }

        @Override
        public Scope enter(String context) {
            String before = current;
            current = context;
            return () -> current = before;
        }

        @Override
        public Span starting(String workflowId, String executionId) {
            asked.add("start " + current);
            return new Span() {
                @Override
                public String context() {
                    return "context";
                }
            };
        }

        @Override
        public Span answering(Traced execution, String nodeId) {
            asked.add("answer " + current);
            return Span.NONE;
        }
    }

    @AfterEach
    void close() {
        fixture.close();
        assertThat(tracer.current).as("the scope is left").isNull();
    }

    private Map<String, Object> send(String type, String id, @Nullable Object traceparent, Map<String, ?> data) {
        Map<String, Object> message = new LinkedHashMap<>(Map.of("type", type, "id", id, "data", data));
        if (traceparent != null) {
            message.put("traceparent", traceparent);
        }
        client.send(message);
        fixture.run();
        return client.awaitReply(id);
    }

    @Test
    void aStartAndAnAnswer() {
        send("execute", "x", ONE, Map.of("workflowId", "ask", "executionId", "run"));
        Map<String, ?> answer = Map.of("executionId", "run", "nodeId", "ask-1", "data", 1);
        assertThat(send("resume", "r", OTHER, answer)).containsEntry("type", "resume_success");
        assertThat(tracer.asked).containsExactly("start " + ONE, "answer " + OTHER);
    }

    @Test
    @DisplayName("and one that has none, or something else in its place, is carried out all the same")
    void without() {
        send("execute", "1", null, Map.of("workflowId", "burst"));
        send("execute", "2", "mine", Map.of("workflowId", "burst"));
        send("execute", "3", 7, Map.of("workflowId", "burst"));
        assertThat(tracer.asked).containsExactly("start null", "start null", "start null");
    }

    @Test
    @DisplayName("and the same command again is the same, whichever span its sender has by now")
    void again() {
        Map<String, Object> first = send("execute", "x", ONE, Map.of("workflowId", "ask"));
        client.clear();
        assertThat(MemoryClient.data(send("execute", "x", OTHER, Map.of("workflowId", "ask")))
                        .get("executionId"))
                .isEqualTo(MemoryClient.data(first).get("executionId"));
        assertThat(tracer.asked).containsExactly("start " + ONE);
    }

    @Test
    void aRefusalIsThatOfTheCommand() {
        assertThat(send("resume", "r", ONE, Map.of("executionId", "none", "nodeId", "ask-1", "data", 1)))
                .containsEntry("type", "resume_error");
        assertThat(tracer.asked).isEmpty();
    }
}
