package io.flowscript.client;

import io.flowscript.core.interaction.Interaction;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Which interactions to list. Each method that sets something returns a copy; everything that is set narrows the list. Without a
 * status, those that are open or claimed are listed. Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class InboxFilter {

    /** Everything that is open or claimed. */
    public static final InboxFilter ALL = new InboxFilter(Map.of());

    private final Map<String, Object> fields;

    private InboxFilter(Map<String, Object> fields) {
        this.fields = fields;
    }

    Map<String, Object> fields() {
        return fields;
    }

    private InboxFilter with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new InboxFilter(Map.copyOf(more));
    }

    /**
     * Only these.
     *
     * @param statuses at least one
     * @return a copy
     */
    public InboxFilter status(Interaction.Status... statuses) {
        return with(
                "status",
                Arrays.stream(statuses)
                        .map(status -> status.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    /**
     * Only those of one execution.
     *
     * @param id its id
     * @return a copy
     */
    public InboxFilter executionId(String id) {
        return with("executionId", id);
    }

    /**
     * Only those of one workflow.
     *
     * @param id its id
     * @return a copy
     */
    public InboxFilter workflowId(String id) {
        return with("workflowId", id);
    }

    /**
     * Only those that are meant for the client's own identity.
     *
     * @return a copy
     */
    public InboxFilter mine() {
        return with("mine", true);
    }

    /**
     * Only those that are open and that nobody has seen.
     *
     * @return a copy
     */
    public InboxFilter unseen() {
        return with("unseen", true);
    }

    /**
     * Only those that are assigned to a person by name.
     *
     * @param name the name
     * @return a copy
     */
    public InboxFilter assignee(String name) {
        return with("assignee", name);
    }

    /**
     * Only those that are assigned to a group.
     *
     * @param name the name of the group
     * @return a copy
     */
    public InboxFilter group(String name) {
        return with("group", name);
    }

    /**
     * Only those with a text in them.
     *
     * @param text 1 to 128 characters; upper and lower case count as the same
     * @return a copy
     */
    public InboxFilter text(String text) {
        return with("text", text);
    }

    /**
     * At most so many in a page; 100 if it is not set.
     *
     * @param most 1 to 1,000
     * @return a copy
     */
    public InboxFilter limit(int most) {
        return with("limit", most);
    }

    /**
     * A later page.
     *
     * @param next the {@link InboxPage#next} of the page before
     * @return a copy
     */
    public InboxFilter cursor(String next) {
        return with("cursor", next);
    }
}
