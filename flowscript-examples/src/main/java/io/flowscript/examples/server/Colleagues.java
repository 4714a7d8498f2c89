package io.flowscript.examples.server;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.inbox.InboxQuery;
import io.flowscript.events.operations.ExecutionFilter;
import io.flowscript.events.operations.OperationException;
import io.flowscript.events.operations.Operations;
import io.flowscript.events.operations.Sender;
import io.flowscript.json.protocol.ClientMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Ada and Bob, who work in the demo so that there is something to see. Every few seconds one of them starts a workflow or answers a question, by the
 * same operations as anybody. They follow the {@link DemoScript} once; then they start something only while somebody is connected, and stop for good after
 * {@value #MOST_STARTS} starts. Safe for use by any thread.
 */
final class Colleagues implements AutoCloseable {

    static final Duration PACE = Duration.ofSeconds(3);

    /** So many workflows they start altogether. */
    static final int MOST_STARTS = 300;

    private static final ExecutionFilter OPEN =
            ExecutionFilter.ALL.having(ExecutionStatus.PENDING, ExecutionStatus.RUNNING, ExecutionStatus.PAUSED);

    private final FlowScript flows;
    private final FlowScriptBridge bridge;
    private final Operations operations;
    private int turns;
    private int starts;
    private volatile boolean closed;
    private volatile EngineClock.@Nullable Timer timer;

    private Colleagues(FlowScriptBridge bridge) {
        this.flows = bridge.flows();
        this.bridge = bridge;
        this.operations = bridge.operations();
    }

    /** Lets them begin. */
    static Colleagues begin(FlowScriptBridge bridge) {
        Colleagues colleagues = new Colleagues(bridge);
        colleagues.takeTurnAfter(Duration.ZERO);
        return colleagues;
    }

    private void takeTurnAfter(Duration pause) {
        if (!closed) {
            timer = flows.clock().schedule(pause, this::wake);
        }
    }

    /** The clock's thread only hands the turn on, because an operation can wait for a store. */
    private void wake() {
        try {
            flows.listenerExecutor().execute(this::takeTurn);
        } catch (RejectedExecutionException engineClosed) {
            close();
        }
    }

    private void takeTurn() {
        if (closed || starts == MOST_STARTS) {
            return;
        }
        try {
            DemoScript.REPLIES.forEach(this::answer);
            boolean first = turns < DemoScript.STARTS.size();
            if (first || bridge.stats().connections() > 0) {
                start(DemoScript.STARTS.get(turns % DemoScript.STARTS.size()));
                turns++;
            }
        } catch (OperationException refused) {
            // Somebody was faster, the engine is full, or the server is closing. They try something else next time.
        }
        takeTurnAfter(PACE);
    }

    private void start(DemoScript.Start start) {
        ExecutionFilter open = OPEN.ofWorkflow(start.workflowId());
        int running = operations
                .executions(start.who(), open, null, start.most())
                .executions()
                .size();
        if (running < start.most()) {
            starts++;
            operations.start(
                    sender(start.who()), new ClientMessage.Execute(null, start.workflowId(), start.input(), null));
        }
    }

    /** Gives a reply to the question that has waited longest for it. */
    private void answer(DemoScript.Reply reply) {
        Instant askedBefore = flows.clock().instant().minus(reply.after());
        InboxQuery query =
                InboxQuery.OPEN.workflow(reply.workflowId()).node(reply.node()).requestedBefore(askedBefore);
        for (Interaction asked :
                operations.interactions(reply.who(), query, null, 10).interactions()) {
            if (isFor(asked, reply)) {
                Execution run = operations.execution(reply.who(), asked.token().executionId());
                Map<String, Object> answer = reply.answer().apply(run);
                if (!answer.isEmpty()) {
                    answer(reply, asked, answer);
                    return;
                }
            }
        }
    }

    /** Whether it is the colleague's turn: nobody has claimed the question, it is meant for the colleague, who has not voted yet. */
    private static boolean isFor(Interaction asked, DemoScript.Reply reply) {
        return asked.claim() == null
                && asked.assignment().includes(reply.who())
                && asked.replies().stream().noneMatch(vote -> reply.who().equals(vote.by()));
    }

    private void answer(DemoScript.Reply reply, Interaction asked, Map<String, Object> answer) {
        operations.answer(
                sender(reply.who()),
                new ClientMessage.Resume(
                        null, asked.token().executionId(), null, asked.token().tokenId(), answer, null));
    }

    private static Sender sender(Identity who) {
        return new Sender(who, "demo");
    }

    /** How many workflows they have started. */
    int starts() {
        return starts;
    }

    /** Ends their work. A turn that is being taken goes on to its end. */
    @Override
    public void close() {
        closed = true;
        EngineClock.Timer next = timer;
        if (next != null) {
            next.cancel();
        }
    }
}
