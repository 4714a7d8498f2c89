package io.flowscript.json;

import static io.flowscript.json.JsonFields.FieldType.describedBy;

import io.flowscript.core.Assignment;
import io.flowscript.core.event.WorkflowEvent.Cause;
import io.flowscript.json.JsonFields.FieldType;
import io.flowscript.json.codec.Plain;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The types of fields that both snapshots and events have. */
// The nullness of the type arguments of constructors elsewhere is not in the class files that JDK 17 reads.
@SuppressWarnings("NullAway")
final class FieldTypes {

    static final FieldType<String> TEXT = FieldType.ofText(text -> text, text -> text);
    static final FieldType<Boolean> FLAG =
            new FieldType<>((flag, json) -> json.writeBoolean(flag), Boolean.class::cast);
    static final FieldType<Integer> INT =
            new FieldType<>((number, json) -> json.writeNumber(number), Integer.class::cast);
    static final FieldType<Long> LONG =
            new FieldType<>((number, json) -> json.writeNumber(number), FieldTypes::wholeNumber);

    /** A time, to the nanosecond. */
    static final FieldType<Instant> TIME = FieldType.ofText(InstantText::of, Instant::parse);

    /** A length of time, to the nanosecond. */
    static final FieldType<Duration> DURATION = FieldType.ofText(Duration::toString, Duration::parse);

    static final FieldType<Object> VALUE = new FieldType<>(ExactValues::write, ExactValues::decode);
    static final FieldType<Map<String, @Nullable Object>> OBJECT =
            new FieldType<>(ExactValues::write, json -> Plain.object(ExactValues.decode(json)));

    static final FieldType<Assignment> ASSIGNMENT = describedBy(FieldTypes::assignment);
    static final FieldType<Cause> CAUSE = describedBy(FieldTypes::cause);

    private FieldTypes() {}

    private static Assignment assignment(JsonFields<Assignment> fields) {
        return new Assignment(
                fields.list("people", Assignment::people, TEXT), fields.list("groups", Assignment::groups, TEXT));
    }

    private static Cause cause(JsonFields<Cause> fields) {
        return new Cause(fields.optional("code", Cause::code, TEXT), fields.optional("error", Cause::error, TEXT));
    }

    /** The reader gives the smallest type that holds the number. */
    private static Long wholeNumber(Object number) {
        return number instanceof Integer small ? Long.valueOf(small) : (Long) number;
    }
}
