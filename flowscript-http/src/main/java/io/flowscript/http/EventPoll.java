package io.flowscript.http;

import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.protocol.MessageHead;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A long poll: one response with the next events of one execution. It is sent as soon as there are events, or when the
 * client's waiting time is over. It contains one batch of the bridge, so its size is limited, and no thread is blocked.
 */
final class EventPoll extends EventsChannel {

    /** The longest time to a response when the client does not want to wait. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int USUAL_REST = 256;

    private final FlowScript flows;
    private final EventsQuery query;
    private final EventSink sink;
    private final ResponseHeaders headers;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final ByteArrayOutputStream events = new ByteArrayOutputStream();
    private int count;
    private boolean statusFollows;
    /** The position of the last event that fits into the response, when there may be more events. */
    private @Nullable String cut;

    private volatile @Nullable String reached;
    private EngineClock.@Nullable Timer timer;

    EventPoll(
            FlowScript flows,
            Execution execution,
            EventsQuery query,
            EventSink sink,
            ResponseHeaders headers,
            Duration closingTime) {
        super(flows, execution, sink, closingTime);
        this.flows = flows;
        this.query = query;
        this.sink = sink;
        this.headers = headers;
    }

    @Override
    public Kind kind() {
        return Kind.POLL;
    }

    @Override
    void startTimer() {
        Duration patience = query.patience().isZero() ? PATIENCE : query.patience();
        timer = flows.clock().schedule(patience, () -> later(this::answerNothing));
    }

    @Override
    void take(MessageHead head, ByteBuffer message, @Nullable String position) {
        if (cut != null || answered.get()) {
            return;
        }
        switch (head.type()) {
            case "subscribed" -> statusFollows = true;
            case "execution_status" -> {
                if (!statusFollows) {
                    add(message); // it reports a hole
                }
                statusFollows = false;
            }
            case "position" -> {} // becomes the member "next"
            case "error" -> refuse(problemOf(message));
            default -> add(message);
        }
        if (head.seq() != null) {
            count++;
            cut = count == query.limit() ? position : null;
        }
    }

    @Override
    void flush(SendCallback done) {
        String here = cut == null ? position() : cut;
        if (here != null) {
            boolean terminal = here.equals(position()) && isAtEnd();
            boolean nothing = query.patience().isZero() && isCaughtUp();
            if (events.size() > 0 || terminal || nothing) {
                answer(events.toByteArray(), here, terminal);
            } else {
                reached = here;
            }
        }
        if (!answered.get()) {
            done.sent();
        } // else it takes no more, and is over when the client has taken the answer
    }

    @Override
    boolean refuse(Problem problem) {
        boolean unanswered = answered.compareAndSet(false, true);
        if (unanswered) {
            sink.respond(problem.response(headers));
        }
        return unanswered;
    }

    @Override
    void leave(Problem why) {
        String here = reached;
        if (here == null) {
            refuse(why);
        } else {
            answer(new byte[0], here, false);
        }
    }

    @Override
    void finish() {
        // nothing is left to send
    }

    @Override
    void stopTimer() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void answerNothing() {
        String here = reached;
        if (here == null) {
            close(CloseCode.OVERLOADED, "nothing came in time");
        } else {
            answer(new byte[0], here, false);
        }
    }

    private void answer(byte[] messages, String here, boolean terminal) {
        if (answered.compareAndSet(false, true)) {
            ByteArrayOutputStream body = new ByteArrayOutputStream(messages.length + USUAL_REST);
            body.writeBytes(ascii("{\"executionId\":"));
            body.writeBytes(JsonWriter.write(query.executionId()));
            body.writeBytes(ascii(",\"events\":["));
            body.writeBytes(messages);
            body.writeBytes(ascii("],\"next\":"));
            body.writeBytes(JsonWriter.write(here));
            body.writeBytes(ascii(",\"terminal\":" + terminal + "}"));
            sink.respond(HttpResponse.json(HttpStatus.OK_200, headers, body.toByteArray()));
        }
    }

    private void add(ByteBuffer message) {
        if (events.size() > 0) {
            events.write(',');
        }
        events.write(message.array(), message.arrayOffset() + message.position(), message.remaining());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
