package io.flowscript.json.protocol;

import io.flowscript.core.interaction.Interaction.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The criteria of a client for interactions of the inbox (protocol, section 2). An interaction must match all criteria
 * that are given. Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class InteractionFilter {

    private static final int MAX_TEXT = 128;
    private static final Duration MAX_AGE = Duration.ofDays(36_525);
    private static final Duration MAX_TIME = Duration.ofMillis(253_402_300_799_999L);
    private static final Map<String, Status> STATUSES = statusesByName();

    private final Set<Status> statuses;
    private final @Nullable String executionId;
    private final @Nullable String workflowId;
    private final @Nullable String assignee;
    private final @Nullable String group;
    private final boolean mine;
    private final boolean unseen;
    private final @Nullable String text;
    private final @Nullable Instant requestedBefore;
    private final @Nullable Duration olderThan;

    /** Reads the criteria from the data of a message. */
    InteractionFilter(Fields data) {
        statuses = statuses(data);
        executionId = data.optionalExecutionId();
        workflowId = data.optionalName("workflowId");
        assignee = data.optionalName("assignee");
        group = data.optionalName("group");
        mine = data.flag("mine");
        unseen = data.flag("unseen");
        text = data.optionalText("text", MAX_TEXT);
        Duration before = data.millis("requestedBefore", 0, MAX_TIME);
        requestedBefore = before == null ? null : Instant.ofEpochMilli(before.toMillis());
        olderThan = data.millis("olderThan", 0, MAX_AGE);
    }

    /** {@return the statuses of which an interaction must have one; empty for interactions that wait for an answer} */
    public Set<Status> statuses() {
        return statuses;
    }

    /** {@return the execution of the interactions; null for any} */
    public @Nullable String executionId() {
        return executionId;
    }

    /** {@return the workflow of the interactions; null for any} */
    public @Nullable String workflowId() {
        return workflowId;
    }

    /** {@return the person to whom the interactions are assigned by name; null for any} */
    public @Nullable String assignee() {
        return assignee;
    }

    /** {@return the group to which the interactions are assigned; null for any} */
    public @Nullable String group() {
        return group;
    }

    /** {@return whether only interactions match that the client should answer} */
    public boolean isMine() {
        return mine;
    }

    /** {@return whether only open interactions match that nobody has seen} */
    public boolean isUnseen() {
        return unseen;
    }

    /** {@return the text that the interactions contain; null for any} */
    public @Nullable String text() {
        return text;
    }

    /** {@return the time before which the interactions were requested; null for any} */
    public @Nullable Instant requestedBefore() {
        return requestedBefore;
    }

    /** {@return the minimum time since the interactions were requested; null for any} */
    public @Nullable Duration olderThan() {
        return olderThan;
    }

    private static Set<Status> statuses(Fields data) {
        Object status = data.get("status");
        if (status == null) {
            return Set.of();
        }
        Set<Status> statuses = EnumSet.noneOf(Status.class);
        for (Object one : status instanceof List<?> several ? several : List.of(status)) {
            Status known = one instanceof String name ? STATUSES.get(name) : null;
            if (known == null) {
                throw wrongStatus(data);
            }
            statuses.add(known);
        }
        if (statuses.isEmpty()) {
            throw wrongStatus(data);
        }
        return Set.copyOf(statuses);
    }

    private static ProtocolException wrongStatus(Fields data) {
        return data.wrong("status", "one or several of " + String.join(", ", STATUSES.keySet()));
    }

    private static Map<String, Status> statusesByName() {
        Map<String, Status> statuses = new LinkedHashMap<>();
        for (Status status : Status.values()) {
            statuses.put(status.name().toLowerCase(Locale.ROOT), status);
        }
        return statuses;
    }
}
