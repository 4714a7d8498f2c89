package io.flowscript.http;

import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxQuery;
import io.flowscript.events.inbox.InboxQuery.Order;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.PositionText;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What all executions ask people, over REST: listed and counted, as far as one may see it. Safe for use by any thread. */
final class InboxResource {

    private final FlowScript flows;
    private final Supplier<Inbox> inbox;
    private final Rights rights;
    private final InteractionView view;

    InboxResource(FlowScript flows, Supplier<Inbox> inbox, Rights rights, InteractionView view) {
        this.flows = flows;
        this.inbox = inbox;
        this.rights = rights;
        this.view = view;
    }

    RestResponse list(RestRequest call) {
        Inbox.Page page = inbox.get()
                .list(
                        query(call),
                        interaction -> rights.sees(call.who(), interaction),
                        call.parameter("cursor"),
                        call.limit());
        return RestResponse.ok(
                "interactions", page.interactions().stream().map(this::row).toList(), "next", page.next());
    }

    private Map<String, @Nullable Object> row(Interaction interaction) {
        PauseToken token = interaction.token();
        Map<String, @Nullable Object> row = view.row(interaction);
        row.put("seenBy", inbox.get().seenBy(token));
        flows.executions()
                .find(token.executionId())
                .ifPresent(asks ->
                        row.put("position", PositionText.of(asks.events().epoch(), interaction.seq())));
        return row;
    }

    /** What one may not see one cannot have seen either. */
    RestResponse acknowledge(RestRequest call) {
        rights.visible(call.who(), call.id());
        String position = call.text("position");
        Position upTo = Optional.ofNullable(position)
                .flatMap(PositionText::parse)
                .orElseThrow(() -> Refusal.of(
                        ErrorCode.INVALID_MESSAGE,
                        "position is to be the position of the last event seen, as it came with it"));
        inbox.get().acknowledge(call.who(), call.id(), upTo, asked -> rights.permits(call.who(), Action.VIEW, asked));
        return RestResponse.NOTHING;
    }

    RestResponse count(RestRequest call) {
        InboxQuery query = query(call);
        Inbox.Count count = rights.seeEverything()
                ? inbox.get().count(query)
                : inbox.get().count(query, (Interaction interaction) -> rights.sees(call.who(), interaction));
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
        throw Refusal.of(ErrorCode.INVALID_MESSAGE, name + " is true or false");
    }

    private static <E extends Enum<E>> E one(Class<E> type, String name, String parameter) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> id(constant).equals(name))
                .findFirst()
                .orElseThrow(() -> Refusal.of(
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
