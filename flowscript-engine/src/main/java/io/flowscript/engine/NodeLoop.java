package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.Ask;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.text.Printable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Calls the nodes of an execution, one after the other, and tells the execution what each call has come to. Runs on threads for
 * nodes, with no lock held.
 */
final class NodeLoop {

    private static final Logger LOGGER = System.getLogger(FlowScript.class.getName());

    /** The number of node calls in a row after which other tasks get a turn on the executor, when some wait for it. */
    private static final int BURST = 256;

    private final WorkflowExecution execution;
    private final EngineServices services;
    private final EngineLimits limits;

    NodeLoop(WorkflowExecution execution, EngineServices services) {
        this.execution = execution;
        this.services = services;
        this.limits = services.limits;
    }

    /**
     * Calls nodes until the execution must wait for one.
     *
     * @param first the first call; null for none
     */
    void call(@Nullable NodeCall first) {
        NodeCall next = first;
        int calls = 0;
        while (next != null) {
            if (++calls > BURST && services.threads.areNodesWaiting()) {
                NodeCall rest = next;
                ExecutorYield yielded = new ExecutorYield(() -> call(execution.entered(rest)));
                execution.queued(rest);
                execution.callLater(yielded);
                if (yielded.isTaken()) {
                    return;
                }
                execution.entered(rest);
                calls = 1;
            }
            next = run(next);
        }
    }

    private @Nullable NodeCall run(NodeCall call) {
        Outcome outcome;
        try {
            outcome = call.run();
        } catch (Throwable thrown) {
            return failed(call, thrown);
        } finally {
            // An interruption of this node, or one that it left behind, must not reach the next node.
            Thread.interrupted();
        }
        return handleOutcome(call, outcome);
    }

    /** Takes what a node came to; gives the next call. */
    private @Nullable NodeCall handleOutcome(NodeCall call, @Nullable Object outcome) {
        Object at = outcome;
        try {
            while (at instanceof Outcome.Later later) {
                OutcomeHandoff.Arrived arrived = await(call, later.stage());
                if (arrived == null) {
                    return null;
                }
                call.worksOn(null);
                if (arrived.thrown() != null) {
                    return failed(call, arrived.thrown());
                }
                at = arrived.outcome();
            }
            if (at instanceof Edge edge) {
                return leave(call, edge);
            }
            if (at instanceof Ask ask) {
                return ask(call, ask);
            }
            if (at instanceof Sleep sleep) {
                return sleep(call, sleep);
            }
        } catch (Throwable thrown) {
            return failed(call, thrown);
        }
        return failed(
                call,
                new FlowScriptException(
                        Failure.NODE_FAILED, "It returned nothing; a node returns an edge, an ask or a sleep"));
    }

    private OutcomeHandoff.@Nullable Arrived await(NodeCall call, @Nullable CompletionStage<?> stage) {
        if (stage == null) {
            return new OutcomeHandoff.Arrived(null, null);
        }
        OutcomeHandoff pending = new OutcomeHandoff(
                late -> execution.callback(() -> execution.callLater(execution.queued(arrived(call, late)))));
        call.worksOn(stage);
        stage.whenComplete(pending);
        return pending.takeOrLeave();
    }

    private @Nullable NodeCall arrived(NodeCall call, OutcomeHandoff.Arrived late) {
        call.worksOn(null);
        Throwable thrown = late.thrown();
        return thrown == null ? handleOutcome(call, late.outcome()) : failed(call, thrown);
    }

    private @Nullable NodeCall leave(NodeCall call, Edge edge) {
        Object data = Json.freeze(edge.data().get());
        PlainValues.checkSize(data, limits.maxStateBytes(), "The data of the edge");
        services.memory.check(Json.weight(data), "The data of the edge");
        PlainValues.checkSize(edge.memo(), limits.maxStateBytes(), "What the controller keeps");
        PlainValues.checkSize(edge.bindings(), limits.maxStateBytes(), "What the controller gives to its loop");
        if (call.repeats(edge)) {
            return failed(call, Failure.ofEdge(edge.name(), call.masked(data)));
        }
        call.keep(edge, data);
        return execution.take(
                call, (interpreter, draft) -> interpreter.left(draft.succeeded(), edge, data, call.writes()));
    }

    private @Nullable NodeCall ask(NodeCall call, Ask ask) {
        execution.check(ask.question());
        PlainValues.checkSize(ask.memo(), limits.maxStateBytes(), "The memo");
        Interaction interaction = execution.newInteraction(call, ask.question());
        return execution.take(
                call,
                (interpreter, draft) ->
                        interpreter.asked(draft.succeeded(), interaction, ask.memo(), execution.keep(call.writes())));
    }

    private @Nullable NodeCall sleep(NodeCall call, Sleep sleep) {
        PlainValues.checkSize(sleep.memo(), limits.maxStateBytes(), "The memo");
        return execution.take(
                call,
                (interpreter, draft) -> interpreter.slept(draft.succeeded(), sleep, execution.keep(call.writes())));
    }

    private @Nullable NodeCall failed(NodeCall call, Throwable thrown) {
        Throwable cause = Failure.unwrap(thrown);
        boolean fatal = Failure.isFatal(cause);
        SecretValues secrets = call.secrets();
        Failure failure = Failure.of(cause, secrets);
        call.fails(failure.code());
        double random = ThreadLocalRandom.current().nextDouble();
        // Its message is for everybody and in the events; where it came from is for the operator alone.
        boolean expected = cause instanceof FlowScriptException || call.isOver() || call.mayRetry();
        Level level = expected ? Level.DEBUG : Level.WARNING;
        Guard.report(
                cause,
                shown -> LOGGER.log(
                        level,
                        () -> "Node " + Printable.line(call.nodeId(), 160) + " of execution " + execution.id()
                                + " failed",
                        secrets.mask(shown)));
        NodeCall next = execution.take(call, (interpreter, draft) -> {
            if (fatal) {
                interpreter.abort(draft, failure);
            } else {
                interpreter.failed(draft, failure, random);
            }
        });
        if (cause instanceof Error error && fatal) {
            throw error;
        }
        return next;
    }
}
