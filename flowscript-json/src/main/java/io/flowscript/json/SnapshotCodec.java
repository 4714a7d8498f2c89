package io.flowscript.json;

import static io.flowscript.json.FieldTypes.ASSIGNMENT;
import static io.flowscript.json.FieldTypes.CAUSE;
import static io.flowscript.json.FieldTypes.DURATION;
import static io.flowscript.json.FieldTypes.FLAG;
import static io.flowscript.json.FieldTypes.INT;
import static io.flowscript.json.FieldTypes.LONG;
import static io.flowscript.json.FieldTypes.OBJECT;
import static io.flowscript.json.FieldTypes.TEXT;
import static io.flowscript.json.FieldTypes.TIME;
import static io.flowscript.json.FieldTypes.VALUE;
import static io.flowscript.json.JsonFields.FieldType.describedBy;

import io.flowscript.core.CommandKey;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.EventType;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Change;
import io.flowscript.core.interaction.Interaction.Claim;
import io.flowscript.core.interaction.Interaction.Due;
import io.flowscript.core.interaction.Interaction.Reply;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.SecretPaths;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.Escalation;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.snapshot.CommandReceipt;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionSnapshot.LoopFrame;
import io.flowscript.core.snapshot.ExecutionSnapshot.Phase;
import io.flowscript.core.snapshot.ExecutionSnapshot.Visit;
import io.flowscript.core.snapshot.ExecutionSnapshot.Write;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.json.JsonFields.FieldType;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Converts snapshots of executions to JSON and back without any loss: types of numbers, nulls, the order of keys, and
 * times to the nanosecond are kept. The JSON contains the version of its format; versions from 1 to
 * {@link #FORMAT} are read, others are refused. Stateless; safe for use by any thread.
 *
 * @since 0.1.0
 */
// The nullness of the type arguments of constructors elsewhere is not in the class files that JDK 17 reads.
@SuppressWarnings("NullAway")
public final class SnapshotCodec {

    /** The version of the format that is written. It leaves out what is null or an empty list, which version 1 wrote. */
    public static final int FORMAT = 2;

    /** The oldest version of the format that is read. */
    private static final int OLDEST_FORMAT = 1;

    private static final StoredFormat STORED =
            new StoredFormat(OLDEST_FORMAT, FORMAT, "The snapshot", "invalid_snapshot", "unknown_snapshot_format");

    private static final FieldType<Map<String, Integer>> VOTES =
            new FieldType<>((votes, json) -> ExactValues.write(new TreeMap<>(votes), json), SnapshotCodec::votes);

    private static final FieldType<JsonPath> PATH = FieldType.ofText(JsonPath::toString, JsonPath::parse);

    private static final FieldType<ExecutionStatus> STATUS = FieldType.ofConstant(ExecutionStatus.class);
    private static final FieldType<Phase> PHASE = FieldType.ofConstant(Phase.class);
    private static final FieldType<Interaction.Status> INTERACTION_STATUS =
            FieldType.ofConstant(Interaction.Status.class);

    private static final FieldType<LoopFrame> FRAME = describedBy(SnapshotCodec::frame);
    private static final FieldType<Visit> VISIT = describedBy(SnapshotCodec::visit);
    private static final FieldType<Write> WRITE = describedBy(SnapshotCodec::write);
    private static final FieldType<Answer> ANSWER = describedBy(SnapshotCodec::answer);
    private static final FieldType<Due> DUE = describedBy(SnapshotCodec::due);
    private static final FieldType<Claim> CLAIM = describedBy(SnapshotCodec::claim);
    private static final FieldType<Reply> REPLY = describedBy(SnapshotCodec::reply);
    private static final FieldType<Change> CHANGE = describedBy(SnapshotCodec::change);
    private static final FieldType<Question> QUESTION = describedBy(SnapshotCodec::question);
    private static final FieldType<Escalation> ESCALATION = describedBy(SnapshotCodec::escalation);
    private static final FieldType<Quorum> QUORUM = describedBy(SnapshotCodec::quorum);
    private static final FieldType<ExecutionResult> RESULT = describedBy(SnapshotCodec::result);
    private static final FieldType<CommandReceipt> COMMAND = describedBy(SnapshotCodec::command);
    private static final FieldType<PauseToken> TOKEN = describedBy(SnapshotCodec::token);
    private static final FieldType<Identity> IDENTITY = describedBy(SnapshotCodec::identity);

    private SnapshotCodec() {}

    /**
     * Writes a snapshot.
     *
     * @param snapshot the snapshot of an execution
     * @return JSON, in ASCII
     */
    public static byte[] write(ExecutionSnapshot snapshot) {
        return STORED.write(snapshot, SnapshotCodec::snapshot);
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
        return STORED.read(json, SnapshotCodec::snapshot);
    }

    /**
     * Writes a state, or a part of one, for stores that keep large values apart from the snapshot.
     *
     * @param state a frozen JSON object
     * @return JSON, in ASCII and on one line
     */
    public static byte[] writeState(Map<String, ? extends @Nullable Object> state) {
        return STORED.write(new State(Json.object(state)), SnapshotCodec::state);
    }

    /**
     * Reads a state, or a part of one.
     *
     * @param json the JSON that {@link #writeState} returned
     * @return the state, equal to the one that was written
     * @throws FlowScriptException as {@link #read}
     */
    public static Map<String, @Nullable Object> readState(byte[] json) {
        return STORED.read(json, SnapshotCodec::state).values();
    }

    private record State(Map<String, @Nullable Object> values) {}

    private static State state(JsonFields<State> fields) {
        return new State(fields.required("state", State::values, OBJECT));
    }

    // The fields of each type, in the order of the JSON, for both directions

    private static ExecutionSnapshot snapshot(JsonFields<ExecutionSnapshot> fields) {
        String executionId = fields.required("executionId", ExecutionSnapshot::executionId, TEXT);
        String workflowId = fields.required("workflowId", ExecutionSnapshot::workflowId, TEXT);
        FieldType<Interaction> interaction = describedBy(each -> interaction(each, workflowId));
        return ExecutionSnapshot.builder()
                .executionId(executionId)
                .workflowId(workflowId)
                .definitionHash(fields.required("definitionHash", ExecutionSnapshot::definitionHash, TEXT))
                .secrets(SecretPaths.of(
                        fields.list("secrets", snapshot -> snapshot.secrets().paths(), PATH)))
                .status(fields.required("status", ExecutionSnapshot::status, STATUS))
                .position(fields.required("position", ExecutionSnapshot::position, INT))
                .frames(fields.list("frames", ExecutionSnapshot::frames, FRAME))
                .state(fields.required("state", ExecutionSnapshot::state, OBJECT))
                .previous(fields.optional("previous", ExecutionSnapshot::previous, VALUE))
                .visit(fields.optional("visit", ExecutionSnapshot::visit, VISIT))
                .open(fields.list("open", ExecutionSnapshot::open, interaction))
                .closed(fields.list("closed", ExecutionSnapshot::closed, interaction))
                .commands(fields.list("commands", ExecutionSnapshot::commands, COMMAND))
                .visits(fields.required("visits", ExecutionSnapshot::visits, LONG))
                .steps(fields.required("steps", ExecutionSnapshot::steps, LONG))
                .worked(fields.required("worked", ExecutionSnapshot::worked, DURATION))
                .createdAt(fields.required("createdAt", ExecutionSnapshot::createdAt, TIME))
                .result(fields.optional("result", ExecutionSnapshot::result, RESULT))
                .epoch(fields.required("epoch", ExecutionSnapshot::epoch, TEXT))
                .seq(fields.required("seq", ExecutionSnapshot::seq, LONG))
                .lastEventAt(fields.required("lastEventAt", ExecutionSnapshot::lastEventAt, TIME))
                .epochBefore(fields.optional("epochBefore", ExecutionSnapshot::epochBefore, TEXT))
                .seqBefore(
                        fields.has("seqBefore", snapshot -> snapshot.seqBefore() > 0)
                                ? fields.required("seqBefore", ExecutionSnapshot::seqBefore, LONG)
                                : 0)
                .firstSeq(
                        fields.has("firstSeq", snapshot -> snapshot.firstSeq() > 1)
                                ? fields.required("firstSeq", ExecutionSnapshot::firstSeq, LONG)
                                : 1)
                .trace(fields.optional("trace", ExecutionSnapshot::trace, TEXT))
                .build();
    }

    private static LoopFrame frame(JsonFields<LoopFrame> fields) {
        return new LoopFrame(
                fields.required("loop", LoopFrame::loop, INT),
                fields.required("iterations", LoopFrame::iterations, LONG),
                fields.optional("memo", LoopFrame::memo, VALUE),
                fields.has("bindings", frame -> !frame.bindings().isEmpty())
                        ? fields.required("bindings", LoopFrame::bindings, OBJECT)
                        : Map.of());
    }

    private static Visit visit(JsonFields<Visit> fields) {
        return Visit.builder()
                .nodeId(fields.required("nodeId", Visit::nodeId, TEXT))
                .nodeName(fields.required("nodeName", Visit::nodeName, TEXT))
                .step(fields.optional("step", Visit::step, TEXT))
                .attempt(fields.required("attempt", Visit::attempt, INT))
                .startedAt(fields.required("startedAt", Visit::startedAt, TIME))
                .phase(fields.required("phase", Visit::phase, PHASE))
                .memo(fields.optional("memo", Visit::memo, VALUE))
                .answer(fields.optional("answer", Visit::answer, ANSWER))
                .wakeAt(fields.optional("wakeAt", Visit::wakeAt, TIME))
                .worked(fields.required("worked", Visit::worked, DURATION))
                .writes(fields.list("writes", Visit::writes, WRITE))
                .build();
    }

    private static Write write(JsonFields<Write> fields) {
        return new Write(
                fields.required("path", Write::path, TEXT),
                fields.optional("value", Write::value, VALUE),
                fields.required("removed", Write::removed, FLAG));
    }

    private static Answer answer(JsonFields<Answer> fields) {
        Value data = fields.has("data", answer -> !answer.data().isMissing())
                ? Value.of(fields.nullable("data", answer -> answer.data().raw(), VALUE))
                : Value.of(null).get("data");
        return new Answer(
                data,
                fields.optional("by", Answer::by, IDENTITY),
                fields.required("at", Answer::at, TIME),
                fields.required("timedOut", Answer::timedOut, FLAG));
    }

    private static Interaction interaction(JsonFields<Interaction> fields, String workflowId) {
        return Interaction.builder()
                .workflowId(workflowId)
                .token(fields.required("token", Interaction::token, TOKEN))
                .nodeName(fields.required("nodeName", Interaction::nodeName, TEXT))
                .step(fields.optional("step", Interaction::step, TEXT))
                .question(fields.optional("question", Interaction::question, QUESTION))
                .seq(fields.required("seq", Interaction::seq, LONG))
                .requestedAt(fields.required("requestedAt", Interaction::requestedAt, TIME))
                .deadline(fields.optional("deadline", Interaction::deadline, TIME))
                .assignment(fields.required("assignment", Interaction::assignment, ASSIGNMENT))
                .status(fields.required("status", Interaction::status, INTERACTION_STATUS))
                .schedule(fields.list("schedule", Interaction::schedule, DUE))
                .claim(fields.optional("claim", Interaction::claim, CLAIM))
                .replies(fields.list("replies", Interaction::replies, REPLY))
                .shownBefore(fields.list("shownBefore", Interaction::shownBefore, OBJECT))
                .history(fields.list("history", Interaction::history, CHANGE))
                .seenBy(fields.list("seenBy", Interaction::seenBy, TEXT))
                .closedAt(fields.optional("closedAt", Interaction::closedAt, TIME))
                .build();
    }

    private static Due due(JsonFields<Due> fields) {
        return new Due(fields.required("at", Due::at, TIME), fields.optional("to", Due::to, ASSIGNMENT));
    }

    private static Claim claim(JsonFields<Claim> fields) {
        return new Claim(fields.required("by", Claim::by, TEXT), fields.required("until", Claim::until, TIME));
    }

    private static Reply reply(JsonFields<Reply> fields) {
        return new Reply(
                fields.optional("by", Reply::by, IDENTITY),
                fields.required("at", Reply::at, TIME),
                fields.optional("idempotencyKey", Reply::idempotencyKey, TEXT),
                fields.optional("data", Reply::data, VALUE));
    }

    private static Change change(JsonFields<Change> fields) {
        return new Change(
                EventType.of(fields.required("what", change -> change.what().name(), TEXT)),
                fields.required("at", Change::at, TIME),
                fields.optional("by", Change::by, TEXT));
    }

    private static CommandReceipt command(JsonFields<CommandReceipt> fields) {
        CommandKey key = new CommandKey(
                fields.required("sender", receipt -> receipt.key().sender(), TEXT),
                fields.required("id", receipt -> receipt.key().id(), TEXT),
                fields.required("digest", receipt -> receipt.key().digest(), TEXT));
        return new CommandReceipt(
                key,
                fields.required("at", CommandReceipt::at, TIME),
                fields.optional("token", CommandReceipt::token, TOKEN),
                fields.optional("claim", CommandReceipt::claim, CLAIM));
    }

    private static Question question(JsonFields<Question> fields) {
        Object schema = fields.optional("schema", Question::schema, VALUE);
        Question question = schema == null ? Question.open() : Question.form(schema);
        question = question.hints(fields.optional("uiHints", Question::uiHints, VALUE));
        question = with(question, fields.optional("context", Question::context, OBJECT), Question::showing);
        question = question.defaults(fields.optional("defaults", Question::defaults, VALUE));
        question = with(question, fields.optional("within", Question::within, DURATION), Question::within);
        question = question.assigned(fields.required("assignment", Question::assignment, ASSIGNMENT))
                .notBy(fields.list("excluded", Question::excluded, TEXT).toArray(String[]::new))
                .remind(fields.list("reminders", Question::reminders, DURATION).toArray(Duration[]::new));
        for (Escalation escalation : fields.list("escalations", Question::escalations, ESCALATION)) {
            question = question.escalate(escalation.after(), escalation.to());
        }
        question = with(question, fields.optional("quorum", Question::quorum, QUORUM), Question::decidedBy);
        question = with(question, fields.optional("reason", Question::reason, TEXT), Question::because);
        return fields.required("cancellable", Question::isCancellable, FLAG) ? question.cancellable() : question;
    }

    private static <V> Question with(Question question, @Nullable V value, BiFunction<Question, V, Question> change) {
        return value == null ? question : change.apply(question, value);
    }

    private static Escalation escalation(JsonFields<Escalation> fields) {
        return new Escalation(
                fields.required("after", Escalation::after, DURATION),
                fields.required("to", Escalation::to, ASSIGNMENT));
    }

    private static Quorum quorum(JsonFields<Quorum> fields) {
        return new Quorum(
                fields.required("field", Quorum::field, TEXT), fields.required("needed", Quorum::needed, VOTES));
    }

    private static Map<String, Integer> votes(Object json) {
        Map<String, Integer> votes = new LinkedHashMap<>();
        OBJECT.read()
                .apply(json)
                .forEach((value, needed) -> votes.put(value, INT.read().apply(needed)));
        return votes;
    }

    private static ExecutionResult result(JsonFields<ExecutionResult> fields) {
        return new ExecutionResult(
                fields.required("status", ExecutionResult::status, STATUS),
                fields.required("state", ExecutionResult::state, OBJECT),
                fields.optional("exitSignal", ExecutionResult::exitSignal, TEXT),
                fields.optional("error", ExecutionResult::error, TEXT),
                fields.optional("code", ExecutionResult::code, TEXT),
                fields.optional("cause", ExecutionResult::cause, CAUSE),
                fields.optional("nodeId", ExecutionResult::nodeId, TEXT),
                fields.required("endedAt", ExecutionResult::endedAt, TIME));
    }

    private static PauseToken token(JsonFields<PauseToken> fields) {
        return new PauseToken(
                fields.required("executionId", PauseToken::executionId, TEXT),
                fields.required("nodeId", PauseToken::nodeId, TEXT),
                fields.required("tokenId", PauseToken::tokenId, TEXT));
    }

    private static Identity identity(JsonFields<Identity> fields) {
        return new Identity(
                fields.required("name", Identity::name, TEXT),
                Set.copyOf(fields.list("groups", each -> List.copyOf(new TreeSet<>(each.groups())), TEXT)));
    }
}
