package io.flowscript.client;

import io.flowscript.core.log.Position;
import io.flowscript.json.codec.Plain;
import io.flowscript.json.protocol.PositionText;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes of the replies of REST those of the WebSocket: the same messages, with times in milliseconds. Stateless. */
final class RestReplies {

    private static final Set<String> TIMES = Set.of("at", "until", "requestedAt", "deadline");
    private static final Set<String> ANSWER_CODES = Set.of(
            "validation_failed", "already_resolved", "already_claimed", "stale", "expired", "execution_finished");

    private RestReplies() {}

    /** The message for a command that was carried out. */
    static Message reply(Command command, Map<String, @Nullable Object> body) {
        Map<String, @Nullable Object> data = inMillis(body);
        switch (command.type) {
            case "resume" -> {
                copy(command.data, data, "nodeId");
                copy(command.data, data, "tokenId");
                return message("resume_success", command, data);
            }
            case "claim" -> {
                if (data.get("claim") instanceof Map<?, ?> claim) {
                    data.putAll(Plain.object(claim));
                }
                return message("claimed", command, data);
            }
            case "release" -> {
                return message("released", command, data);
            }
            case "interactions" -> {
                List<@Nullable Object> items = new ArrayList<>();
                if (data.get("interactions") instanceof List<?> rows) {
                    rows.forEach(row -> items.add(item(inMillis(Message.object(row)))));
                }
                data.put("interactions", items);
                return message("interactions", command, data);
            }
            default -> {
                return message("execution_status", command, data);
            }
        }
    }

    /** The message for a command that was refused. */
    static Message refusal(Command command, Network.Reply reply) {
        Map<String, @Nullable Object> data = inMillis(reply.members());
        boolean isAnswer = command.type.equals("resume") && ANSWER_CODES.contains(reply.code());
        Object detail = data.get("detail");
        data.put("code", reply.code());
        data.put(
                isAnswer ? "error" : "message",
                detail instanceof String text ? text : "The server answered with status " + reply.status());
        Message message = message(isAnswer ? "resume_error" : "error", command, data);
        return new Message(message.type(), message.timestamp(), 0, command.id, data, reply.retryAfter());
    }

    private static Message message(String type, Command command, Map<String, @Nullable Object> data) {
        return Message.made(type, command.id, data);
    }

    private static void copy(Map<String, @Nullable Object> from, Map<String, @Nullable Object> to, String name) {
        if (from.get(name) != null) {
            to.put(name, from.get(name));
        }
    }

    /** A row of the inbox as an item of the list: what a row has of the form is its name and its title. */
    private static Map<String, @Nullable Object> item(Map<String, @Nullable Object> row) {
        Map<String, @Nullable Object> item = new LinkedHashMap<>(row);
        Map<String, @Nullable Object> info = new LinkedHashMap<>();
        info.put("name", item.remove("nodeName"));
        Object title = item.remove("title");
        if (title != null) {
            info.put("uiHints", Map.of("title", title));
        }
        for (String name : List.of("requestedAt", "deadline", "assignees", "groups")) {
            Object value = item.remove(name);
            if (value != null) {
                info.put(name, value);
            }
        }
        item.put("nodeInfo", info);
        if (item.remove("position") instanceof String text) {
            PositionText.parse(text).map(Position::seq).ifPresent(seq -> item.put("askedSeq", seq));
        }
        return item;
    }

    private static Map<String, @Nullable Object> inMillis(Map<String, @Nullable Object> fields) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(fields);
        copy.replaceAll((name, value) -> {
            if (name.equals("claim") && value instanceof Map<?, ?> claim) {
                return inMillis(Plain.object(claim));
            }
            return TIMES.contains(name) && value instanceof String text ? millis(text) : value;
        });
        return copy;
    }

    private static Object millis(String text) {
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException e) {
            return text;
        }
    }
}
