package io.flowscript.json;

import io.flowscript.core.Assignment;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.engine.ExecutionResult;
import io.flowscript.core.engine.ExecutionSnapshot;
import io.flowscript.core.engine.ExecutionSnapshot.LoopFrame;
import io.flowscript.core.engine.ExecutionSnapshot.Phase;
import io.flowscript.core.engine.ExecutionSnapshot.Visit;
import io.flowscript.core.engine.ExecutionSnapshot.Write;
import io.flowscript.core.engine.ExecutionStatus;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.Escalation;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.codec.MalformedJsonException;
import io.flowscript.json.codec.Plain;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Converts snapshots of executions to JSON and back without any loss: types of numbers, nulls, the order of keys, and
 * times to the nanosecond are kept. The JSON contains the version of its format; other versions are refused. Stateless;
 * safe for use by any thread.
 *
 * @since 0.1.0
 */
// The nullness of the type arguments of constructors elsewhere is not in the class files that JDK 17 reads.
@SuppressWarnings("NullAway")
public final class SnapshotCodec {

    /** The version of the format that is written, and the only one that is read. */
    public static final int FORMAT = 1;

    /** Twice the maximum depth of a value, because type marks add levels, plus the snapshot around it. */
    private static final int MAX_DEPTH = 600;

    private static final JsonReader READER = new JsonReader(MAX_DEPTH);

    private SnapshotCodec() {}

    /**
     * Writes a snapshot.
     *
     * @param snapshot the snapshot of an execution
     * @return JSON, in ASCII
     */
    public static byte[] write(ExecutionSnapshot snapshot) {
        return JsonWriter.writeExact(toMap(snapshot));
    }

    /**
     * Reads a snapshot.
     *
     * @param json the JSON that {@link #write} returned
     * @return the snapshot, equal to the one that was written
     * @throws FlowScriptException with code {@code invalid_snapshot} when the JSON is not a valid snapshot, or
     *     {@code unknown_snapshot_format} when it has another format version
     */
    public static ExecutionSnapshot read(byte[] json) {
        try {
            if (READER.read(ByteBuffer.wrap(json)) instanceof Map<?, ?> map) {
                return fromMap(Plain.object(map));
            }
        } catch (MalformedJsonException e) {
            throw new FlowScriptException("invalid_snapshot", "The snapshot cannot be read. " + e.getMessage(), e);
        }
        throw new FlowScriptException("invalid_snapshot", "The snapshot cannot be read: it is no JSON object");
    }

    private static Map<String, @Nullable Object> toMap(ExecutionSnapshot s) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("format", FORMAT);
        out.put("executionId", s.executionId());
        out.put("workflowId", s.workflowId());
        out.put("definitionHash", s.definitionHash());
        out.put("status", s.status().name());
        out.put("position", s.position());
        out.put("frames", list(s.frames(), SnapshotCodec::frame));
        out.put("state", ExactValues.encode(s.state()));
        out.put("previous", ExactValues.encode(s.previous()));
        out.put("visit", ifPresent(s.visit(), SnapshotCodec::visit));
        out.put("open", list(s.open(), SnapshotCodec::interaction));
        out.put("closed", list(s.closed(), SnapshotCodec::interaction));
        out.put("visits", s.visits());
        out.put("steps", s.steps());
        out.put("worked", s.worked().toString());
        out.put("createdAt", s.createdAt().toString());
        out.put("result", ifPresent(s.result(), SnapshotCodec::result));
        out.put("epoch", s.epoch());
        out.put("seq", s.seq());
        out.put("lastEventAt", s.lastEventAt().toString());
        return out;
    }

    private static ExecutionSnapshot fromMap(Map<String, @Nullable Object> map) {
        Object format = map.get("format");
        if (!Objects.equals(format, FORMAT)) {
            throw new FlowScriptException(
                    "unknown_snapshot_format",
                    "The snapshot has format " + format + "; this version reads format " + FORMAT);
        }
        try {
            Reader in = new Reader(map);
            String workflowId = in.text("workflowId");
            return ExecutionSnapshot.builder()
                    .executionId(in.text("executionId"))
                    .workflowId(workflowId)
                    .definitionHash(in.text("definitionHash"))
                    .status(ExecutionStatus.valueOf(in.text("status")))
                    .position((int) in.number("position"))
                    .frames(in.list("frames", SnapshotCodec::frame))
                    .state(Plain.object(in.needed("state")))
                    .previous(in.value("previous"))
                    .visit(in.optional("visit", SnapshotCodec::visit))
                    .open(in.list("open", each -> interaction(each, workflowId)))
                    .closed(in.list("closed", each -> interaction(each, workflowId)))
                    .visits(in.number("visits"))
                    .steps(in.number("steps"))
                    .worked(Duration.parse(in.text("worked")))
                    .createdAt(in.time("createdAt"))
                    .result(in.optional("result", SnapshotCodec::result))
                    .epoch(in.text("epoch"))
                    .seq(in.number("seq"))
                    .lastEventAt(in.time("lastEventAt"))
                    .build();
        } catch (FlowScriptException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new FlowScriptException(
                    "invalid_snapshot",
                    "The snapshot cannot be read: it has been cut or changed since it was written",
                    e);
        }
    }

    private static Map<String, @Nullable Object> frame(LoopFrame frame) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("loop", frame.loop());
        out.put("iterations", frame.iterations());
        out.put("memo", ExactValues.encode(frame.memo()));
        out.put("bindings", ExactValues.encode(frame.bindings()));
        return out;
    }

    private static LoopFrame frame(Reader in) {
        return new LoopFrame(
                (int) in.number("loop"),
                in.number("iterations"),
                in.value("memo"),
                Plain.object(in.needed("bindings")));
    }

    private static Map<String, @Nullable Object> visit(Visit visit) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("nodeId", visit.nodeId());
        out.put("nodeName", visit.nodeName());
        out.put("attempt", visit.attempt());
        out.put("startedAt", visit.startedAt().toString());
        out.put("phase", visit.phase().name());
        out.put("memo", ExactValues.encode(visit.memo()));
        out.put("answer", ifPresent(visit.answer(), SnapshotCodec::answer));
        out.put("wakeAt", ifPresent(visit.wakeAt(), Instant::toString));
        out.put("worked", visit.worked().toString());
        out.put("writes", list(visit.writes(), SnapshotCodec::write));
        return out;
    }

    private static Visit visit(Reader in) {
        return Visit.builder()
                .nodeId(in.text("nodeId"))
                .nodeName(in.text("nodeName"))
                .attempt((int) in.number("attempt"))
                .startedAt(in.time("startedAt"))
                .phase(Phase.valueOf(in.text("phase")))
                .memo(in.value("memo"))
                .answer(in.optional("answer", SnapshotCodec::answer))
                .wakeAt(in.optionalTime("wakeAt"))
                .worked(Duration.parse(in.text("worked")))
                .writes(in.list("writes", SnapshotCodec::write))
                .build();
    }

    private static Map<String, @Nullable Object> write(Write write) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("path", write.path());
        out.put("value", ExactValues.encode(write.value()));
        out.put("removed", write.removed());
        return out;
    }

    private static Write write(Reader in) {
        return new Write(in.text("path"), in.value("value"), in.flag("removed"));
    }

    private static Map<String, @Nullable Object> answer(Answer answer) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        if (!answer.data().isMissing()) {
            out.put("data", ExactValues.encode(answer.data().raw()));
        }
        out.put("by", ifPresent(answer.by(), SnapshotCodec::identity));
        out.put("at", answer.at().toString());
        out.put("timedOut", answer.timedOut());
        return out;
    }

    private static Answer answer(Reader in) {
        Value data =
                in.has("data") ? Value.of(in.value("data")) : Value.of(null).get("data");
        return new Answer(data, in.optional("by", SnapshotCodec::identity), in.time("at"), in.flag("timedOut"));
    }

    private static Map<String, @Nullable Object> interaction(Interaction interaction) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("token", token(interaction.token()));
        out.put("nodeName", interaction.nodeName());
        out.put("question", ifPresent(interaction.question(), SnapshotCodec::question));
        out.put("seq", interaction.seq());
        out.put("requestedAt", interaction.requestedAt().toString());
        out.put("deadline", ifPresent(interaction.deadline(), Instant::toString));
        out.put("assignment", assignment(interaction.assignment()));
        out.put("status", interaction.status().name());
        out.put("schedule", list(interaction.schedule(), SnapshotCodec::due));
        out.put("claim", ifPresent(interaction.claim(), SnapshotCodec::claim));
        out.put("replies", list(interaction.replies(), SnapshotCodec::reply));
        out.put("shownBefore", list(interaction.shownBefore(), ExactValues::encode));
        out.put("history", list(interaction.history(), SnapshotCodec::change));
        out.put("closedAt", ifPresent(interaction.closedAt(), Instant::toString));
        return out;
    }

    private static Interaction interaction(Reader in, String workflowId) {
        return Interaction.builder()
                .token(token(in.object("token")))
                .workflowId(workflowId)
                .nodeName(in.text("nodeName"))
                .question(in.optional("question", SnapshotCodec::question))
                .seq(in.number("seq"))
                .requestedAt(in.time("requestedAt"))
                .deadline(in.optionalTime("deadline"))
                .assignment(assignment(in.object("assignment")))
                .status(Interaction.Status.valueOf(in.text("status")))
                .schedule(in.list("schedule", SnapshotCodec::due))
                .claim(in.optional("claim", SnapshotCodec::claim))
                .replies(in.list("replies", SnapshotCodec::reply))
                .shownBefore(in.values("shownBefore"))
                .history(in.list("history", SnapshotCodec::change))
                .closedAt(in.optionalTime("closedAt"))
                .build();
    }

    private static Map<String, @Nullable Object> assignment(Assignment assignment) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("people", assignment.people());
        out.put("groups", assignment.groups());
        return out;
    }

    private static Assignment assignment(Reader in) {
        return new Assignment(in.texts("people"), in.texts("groups"));
    }

    private static Map<String, @Nullable Object> due(Interaction.Due due) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("at", due.at().toString());
        out.put("to", ifPresent(due.to(), SnapshotCodec::assignment));
        return out;
    }

    private static Interaction.Due due(Reader in) {
        return new Interaction.Due(in.time("at"), in.optional("to", SnapshotCodec::assignment));
    }

    private static Map<String, @Nullable Object> claim(Interaction.Claim claim) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("by", claim.by());
        out.put("until", claim.until().toString());
        return out;
    }

    private static Interaction.Claim claim(Reader in) {
        return new Interaction.Claim(in.text("by"), in.time("until"));
    }

    private static Map<String, @Nullable Object> reply(Interaction.Reply reply) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("by", ifPresent(reply.by(), SnapshotCodec::identity));
        out.put("at", reply.at().toString());
        out.put("idempotencyKey", reply.idempotencyKey());
        out.put("data", ExactValues.encode(reply.data()));
        return out;
    }

    private static Interaction.Reply reply(Reader in) {
        return new Interaction.Reply(
                in.optional("by", SnapshotCodec::identity),
                in.time("at"),
                in.optionalText("idempotencyKey"),
                in.value("data"));
    }

    private static Map<String, @Nullable Object> change(Interaction.Change change) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("what", change.what().name());
        out.put("at", change.at().toString());
        out.put("by", change.by());
        return out;
    }

    private static Interaction.Change change(Reader in) {
        return new Interaction.Change(EventType.of(in.text("what")), in.time("at"), in.optionalText("by"));
    }

    private static Map<String, @Nullable Object> question(Question question) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("schema", ExactValues.encode(question.schema()));
        out.put("uiHints", ExactValues.encode(question.uiHints()));
        out.put("context", ExactValues.encode(question.context()));
        out.put("defaults", ExactValues.encode(question.defaults()));
        out.put("within", ifPresent(question.within(), Duration::toString));
        out.put("assignment", assignment(question.assignment()));
        out.put("excluded", question.excluded());
        out.put("reminders", list(question.reminders(), Duration::toString));
        out.put("escalations", list(question.escalations(), SnapshotCodec::escalation));
        out.put("quorum", ifPresent(question.quorum(), SnapshotCodec::quorum));
        out.put("reason", question.reason());
        out.put("cancellable", question.isCancellable());
        return out;
    }

    private static Question question(Reader in) {
        Object schema = in.value("schema");
        Question question = (schema == null ? Question.open() : Question.form(schema))
                .hints(in.value("uiHints"))
                .defaults(in.value("defaults"))
                .assigned(assignment(in.object("assignment")))
                .notBy(in.texts("excluded").toArray(String[]::new))
                .remind(in.texts("reminders").stream().map(Duration::parse).toArray(Duration[]::new));
        for (Escalation escalation : in.list("escalations", SnapshotCodec::escalation)) {
            question = question.escalate(escalation.after(), escalation.to());
        }
        if (in.get("quorum") != null) {
            question = question.decidedBy(quorum(in.object("quorum")));
        }
        Object context = in.value("context");
        if (context != null) {
            question = question.showing(Plain.object(context));
        }
        if (in.get("within") != null) {
            question = question.within(Duration.parse(in.text("within")));
        }
        if (in.get("reason") != null) {
            question = question.because(in.text("reason"));
        }
        return in.flag("cancellable") ? question.cancellable() : question;
    }

    private static Map<String, @Nullable Object> escalation(Escalation escalation) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("after", escalation.after().toString());
        out.put("to", assignment(escalation.to()));
        return out;
    }

    private static Escalation escalation(Reader in) {
        return new Escalation(Duration.parse(in.text("after")), assignment(in.object("to")));
    }

    private static Map<String, @Nullable Object> quorum(Quorum quorum) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("field", quorum.field());
        out.put("needed", ExactValues.encode(new TreeMap<>(quorum.needed())));
        return out;
    }

    private static Quorum quorum(Reader in) {
        Map<String, Integer> needed = new LinkedHashMap<>();
        Plain.object(in.needed("needed"))
                .forEach((value, votes) -> needed.put(value, ((Number) Objects.requireNonNull(votes)).intValue()));
        return new Quorum(in.text("field"), needed);
    }

    private static Map<String, @Nullable Object> result(ExecutionResult result) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("status", result.status().name());
        out.put("state", ExactValues.encode(result.state()));
        out.put("exitSignal", result.exitSignal());
        out.put("error", result.error());
        out.put("code", result.code());
        WorkflowEvent.Cause cause = result.cause();
        if (cause != null) {
            out.put("cause", cause(cause));
        }
        out.put("nodeId", result.nodeId());
        out.put("endedAt", result.endedAt().toString());
        return out;
    }

    private static ExecutionResult result(Reader in) {
        return new ExecutionResult(
                ExecutionStatus.valueOf(in.text("status")),
                Plain.object(in.needed("state")),
                in.optionalText("exitSignal"),
                in.optionalText("error"),
                in.optionalText("code"),
                in.optional("cause", c -> new WorkflowEvent.Cause(c.optionalText("code"), c.optionalText("error"))),
                in.optionalText("nodeId"),
                in.time("endedAt"));
    }

    private static Map<String, @Nullable Object> cause(WorkflowEvent.Cause cause) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("code", cause.code());
        out.put("error", cause.error());
        return out;
    }

    private static Map<String, @Nullable Object> token(PauseToken token) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("executionId", token.executionId());
        out.put("nodeId", token.nodeId());
        out.put("tokenId", token.tokenId());
        return out;
    }

    private static PauseToken token(Reader in) {
        return new PauseToken(in.text("executionId"), in.text("nodeId"), in.text("tokenId"));
    }

    private static Map<String, @Nullable Object> identity(Identity identity) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("name", identity.name());
        out.put("groups", List.copyOf(new TreeSet<>(identity.groups())));
        return out;
    }

    private static Identity identity(Reader in) {
        return new Identity(in.text("name"), Set.copyOf(in.texts("groups")));
    }

    private static <T> List<@Nullable Object> list(List<T> items, Function<T, ?> encode) {
        List<@Nullable Object> out = new ArrayList<>(items.size());
        items.forEach(item -> out.add(encode.apply(item)));
        return out;
    }

    private static <T> @Nullable Object ifPresent(@Nullable T value, Function<T, ?> encode) {
        return value == null ? null : encode.apply(value);
    }

    /** Reads one object of the JSON. A member that is absent or has another type is an error. */
    private record Reader(Map<String, @Nullable Object> map) {

        boolean has(String name) {
            return map.containsKey(name);
        }

        @Nullable
        Object get(String name) {
            return map.get(name);
        }

        @Nullable
        Object value(String name) {
            return ExactValues.decode(map.get(name));
        }

        Object needed(String name) {
            return Objects.requireNonNull(value(name), name);
        }

        String text(String name) {
            return (String) Objects.requireNonNull(map.get(name), name);
        }

        @Nullable
        String optionalText(String name) {
            return (String) map.get(name);
        }

        long number(String name) {
            return ((Number) Objects.requireNonNull(map.get(name), name)).longValue();
        }

        boolean flag(String name) {
            return (Boolean) Objects.requireNonNull(map.get(name), name);
        }

        Instant time(String name) {
            return Instant.parse(text(name));
        }

        @Nullable
        Instant optionalTime(String name) {
            return map.get(name) == null ? null : time(name);
        }

        Reader object(String name) {
            return new Reader(Plain.object(Objects.requireNonNull(map.get(name), name)));
        }

        <T> @Nullable T optional(String name, Function<Reader, T> decode) {
            return map.get(name) == null ? null : decode.apply(object(name));
        }

        <T> List<T> list(String name, Function<Reader, T> decode) {
            List<T> out = new ArrayList<>();
            for (Object item : Plain.array(Objects.requireNonNull(map.get(name), name))) {
                out.add(decode.apply(new Reader(Plain.object(Objects.requireNonNull(item, name)))));
            }
            return out;
        }

        List<Map<String, @Nullable Object>> values(String name) {
            List<Map<String, @Nullable Object>> out = new ArrayList<>();
            for (Object item : Plain.array(Objects.requireNonNull(map.get(name), name))) {
                out.add(Plain.object(Objects.requireNonNull(ExactValues.decode(item), name)));
            }
            return out;
        }

        List<String> texts(String name) {
            return Plain.array(Objects.requireNonNull(map.get(name), name)).stream()
                    .map(String.class::cast)
                    .toList();
        }
    }
}
