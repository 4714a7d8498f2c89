package io.flowscript.http;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.log.Position;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxQuery;
import io.flowscript.events.inbox.InboxQuery.Order;
import io.flowscript.events.operations.OperationException;
import io.flowscript.events.operations.Operations;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.PositionText;
import io.flowscript.json.protocol.ResourceView;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The inbox over REST: lists and counts the interactions that an identity may see. Safe for use by any thread. */
final class InboxResource {

    private final Operations operations;
    private final ResourceView view;

    InboxResource(Operations operations, ResourceView view) {
        this.operations = operations;
        this.view = view;
    }

    RestResponse list(RestRequest call) {
        Inbox.Page page = operations.interactions(call.who(), query(call), call.parameter("cursor"), call.limit());
        return RestResponse.ok(
                "interactions",
                page.interactions().stream()
                        .map(asked -> row(call.who(), asked))
                        .toList(),
                "next",
                page.next());
    }

    private Map<String, @Nullable Object> row(Identity who, Interaction interaction) {
        Map<String, @Nullable Object> row = RestResponse.fields();
        row.putAll(view.interactionRow(interaction, operations.redaction(who, interaction)));
        operations
                .epoch(interaction)
                .ifPresent(epoch -> row.put("position", PositionText.of(epoch, interaction.seq())));
        return row;
    }

    RestResponse acknowledge(RestRequest call) {
        Position upTo = Optional.ofNullable(call.text("position"))
                .flatMap(PositionText::parse)
                .orElseThrow(() -> new OperationException(
                        ErrorCode.INVALID_MESSAGE,
                        "position is to be the position of the last event seen, as it came with it"));
        operations.acknowledge(call.who(), call.id(), upTo);
        return RestResponse.NOTHING;
    }

    RestResponse count(RestRequest call) {
        Inbox.Count count = operations.count(call.who(), query(call));
        return RestResponse.ok("count", count.value(), "exact", count.exact());
    }

    private static InboxQuery query(RestRequest call) {
        InboxQuery query = InboxQuery.OPEN.sorted(order(call.parameter("sort")));
        query = narrowed(
                query,
                call.parameter("status"),
                (all, names) -> all.statuses(Stream.of(names.split(",", -1))
                        .map(name -> one(Status.class, name, "status"))
                        .toArray(Status[]::new)));
        query = narrowed(query, call.parameter("assignee"), InboxQuery::assignee);
        query = narrowed(query, call.parameter("group"), InboxQuery::group);
        query = narrowed(query, call.parameter("claimedBy"), InboxQuery::claimedBy);
        query = narrowed(query, call.parameter("executionId"), InboxQuery::execution);
        query = narrowed(query, call.parameter("workflowId"), InboxQuery::workflow);
        query = narrowed(query, call.parameter("text"), InboxQuery::containing);
        query = isTrue(call, "unseen") ? query.unseen() : query;
        return isTrue(call, "mine") ? query.meantFor(call.who()) : query;
    }

    private static InboxQuery narrowed(
            InboxQuery query, @Nullable String value, BiFunction<InboxQuery, String, InboxQuery> by) {
        return value == null ? query : by.apply(query, value);
    }

    private static Order order(@Nullable String name) {
        return name == null ? Order.OLDEST : one(Order.class, name, "sort");
    }

    private static boolean isTrue(RestRequest call, String name) {
        String flag = call.parameter(name);
        if (flag == null || flag.equals("false")) {
            return false;
        }
        if (flag.equals("true")) {
            return true;
        }
        throw new OperationException(ErrorCode.INVALID_MESSAGE, name + " is true or false");
    }

    private static <E extends Enum<E>> E one(Class<E> type, String name, String parameter) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> id(constant).equals(name))
                .findFirst()
                .orElseThrow(() -> new OperationException(
                        ErrorCode.INVALID_MESSAGE,
                        "A " + parameter + " is one of: "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(InboxResource::id)
                                        .collect(Collectors.joining(", "))));
    }

    private static String id(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
