package io.flowscript.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Value;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Violation;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.testsupport.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.logging.Level;

/** An engine whose time and threads stand still until the test moves them. */
final class TestEngine implements AutoCloseable {

    final ManualClock clock;
    final ManualExecutor executor;
    final FlowScript flows;
    final LogCapture logged = new LogCapture(FlowScript.class);

    TestEngine(Consumer<FlowScriptBuilder> settings) {
        this(new ManualClock(), new ManualExecutor(), settings);
    }

    TestEngine(ManualClock clock, ManualExecutor executor, Consumer<FlowScriptBuilder> settings) {
        this.clock = clock;
        this.executor = executor;
        FlowScriptBuilder builder = FlowScript.builder();
        AtomicLong ids = new AtomicLong();
        builder.node("forEach", TestEngine::forEach);
        builder.clock(clock).executor(executor).engineExecutor(executor).ids(() -> "id" + ids.incrementAndGet());
        settings.accept(builder);
        flows = builder.build();
    }

    /** A workflow "w" with these elements. */
    static WorkflowDefinition workflow(Object... elements) {
        return WorkflowDefinition.of(Map.of("id", "w", "nodes", Arrays.asList(elements)));
    }

    /** An engine with one workflow "w". */
    static TestEngine of(WorkflowDefinition workflow, Consumer<FlowScriptBuilder> settings) {
        return new TestEngine(builder -> {
            builder.workflow(workflow);
            settings.accept(builder);
        });
    }

    /** Starts "w" and runs it as far as it goes without time passing. */
    Execution start() {
        return start(Map.of());
    }

    Execution start(Map<String, ?> input) {
        Execution execution = flows.start("w", input);
        executor.runAll();
        return execution;
    }

    void advance(Duration duration) {
        clock.advance(duration);
        executor.runAll();
    }

    /** Answers the oldest open question, and runs on. */
    Receipt answer(Execution execution, Object answer) {
        Receipt receipt =
                flows.interactions().answer(execution.interactions().get(0).token(), answer, AnswerOptions.NONE);
        executor.runAll();
        return receipt;
    }

    @Override
    public void close() {
        flows.close();
        logged.close();
        assertThat(logged.records()).noneMatch(record -> record.getLevel().equals(Level.SEVERE));
    }

    /** A schema that is only a name: "number" wants a number from its minimum, "broken" cannot be read. */
    static FormValidator numbers() {
        return schema -> {
            Value form = Value.of(schema);
            if (form.get("type").orElse("").asString().equals("broken")) {
                throw new io.flowscript.core.FlowScriptException("invalid_schema", "broken is no type");
            }
            int minimum = form.get("minimum").orElse(0).asInt();
            return answer -> {
                if (!(answer instanceof Number number)) {
                    return List.of(new Violation("$", "type", "It must be a number"));
                }
                return number.intValue() < minimum
                        ? List.of(new Violation("$", "minimum", "It must be at least " + minimum))
                        : List.of();
            };
        };
    }

    static Node returning(String edge) {
        return context -> Edge.of(edge);
    }

    /** The controller of a loop over the array at a path: all that a loop needs, and no more. */
    private static Edge forEach(ExecutionContext context) {
        List<Object> items = context.state().get(context.config().get("items").asString()).asList().stream()
                .map(Value::raw)
                .toList();
        int index = context.memo().isMissing() ? 0 : context.memo().asInt();
        return index == items.size()
                ? Edge.exitLoop()
                : Edge.nextIteration()
                        .keeping(index + 1)
                        .binding(Map.of(
                                context.config().get("as").asString(), items.get(index), "_loopIndex", index + 1));
    }

    static List<RecordedEvent> events(Execution execution) {
        return execution.events().read(Position.START, 100_000);
    }

    /** The events of an execution in short, one a line, without numbers, times and tokens. */
    static List<String> story(Execution execution) {
        List<String> lines = new ArrayList<>();
        events(execution).forEach(event -> lines.add(inShort(event.event())));
        return lines;
    }

    static String inShort(Event event) {
        if (event instanceof NodeEvent.Executing e) {
            return "executing " + e.nodeId() + (e.attempt() == 1 ? "" : " #" + e.attempt());
        } else if (event instanceof NodeEvent.Completed e) {
            return "completed " + e.nodeId() + " " + e.edge() + (e.data() == null ? "" : " " + e.data());
        } else if (event instanceof NodeEvent.Failed e) {
            return "failed " + e.nodeId() + " " + e.code() + (e.willRetry() ? " will retry" : "");
        } else if (event instanceof StateUpdated e) {
            return "state " + e.path() + " = " + e.newValue();
        } else if (event instanceof HumanEvent.InputRequired e) {
            return "asked " + e.nodeId();
        } else if (event instanceof HumanEvent.InputReceived e) {
            return "received " + e.nodeId() + (e.by() == null ? "" : " by " + e.by());
        } else if (event instanceof HumanEvent.InputTimeout e) {
            return "closed " + e.nodeId() + " " + e.reason();
        } else if (event instanceof HumanEvent.InputClaimed e) {
            return "claimed " + e.nodeId() + " by " + e.by();
        } else if (event instanceof HumanEvent.InputReleased e) {
            return "released " + e.nodeId() + " by " + e.by() + (e.lapsed() ? ", lapsed" : "");
        } else if (event instanceof HumanEvent.InputVoted e) {
            return "voted " + e.nodeId() + " by " + e.by() + ", " + e.votes();
        } else if (event instanceof HumanEvent.InputRevised e) {
            return "revised " + e.nodeId() + " " + e.contextData() + (e.by() == null ? "" : " by " + e.by());
        } else if (event instanceof HumanEvent.InputReminded e) {
            return "reminded " + e.nodeId();
        } else if (event instanceof HumanEvent.InputEscalated e) {
            return "escalated " + e.nodeId() + " to " + e.assignment().people() + " "
                    + e.assignment().groups();
        } else if (event instanceof WorkflowEvent.Paused e) {
            return "paused " + e.nodeId() + (e.reason() == null ? "" : " " + e.reason());
        } else if (event instanceof WorkflowEvent.Resumed e) {
            return "resumed " + e.nodeId() + (e.data() == null ? "" : " " + e.data());
        } else if (event instanceof WorkflowEvent.Completed e) {
            return "COMPLETED" + (e.exitSignal() == null ? "" : " " + e.exitSignal());
        } else if (event instanceof WorkflowEvent.Failed e) {
            return "FAILED " + e.code();
        } else if (event instanceof WorkflowEvent.Cancelled e) {
            return "CANCELLED" + (e.by() == null ? "" : " by " + e.by());
        } else if (event instanceof CustomEvent e) {
            return e.type() + " " + e.payload();
        }
        return event.type().toString();
    }
}
