package io.flowscript.http;

import io.flowscript.core.Identity;
import io.flowscript.events.operations.OperationException;
import io.flowscript.events.operations.Sender;
import io.flowscript.json.protocol.ErrorCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A REST request without HTTP.
 *
 * @param sender the sender
 * @param ids the ids in the path
 * @param query the parameters of the query string
 * @param body the JSON object of the body; empty when there is none
 * @param idempotencyKey the idempotency key as it was sent, or null
 */
record RestRequest(
        Sender sender,
        List<String> ids,
        Map<String, List<String>> query,
        Map<String, @Nullable Object> body,
        @Nullable String idempotencyKey) {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    /** The identity that asks. */
    Identity who() {
        return sender.who();
    }

    /** The first id in the path. */
    String id() {
        return ids.get(0);
    }

    /** A field of the body; null when it is absent. */
    @Nullable
    String text(String name) {
        Object value = body.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new OperationException(ErrorCode.INVALID_MESSAGE, name + " is to be a string");
    }

    /** The answer in the body, which may be null. */
    @Nullable
    Object data() {
        if (!body.containsKey("data")) {
            throw new OperationException(
                    ErrorCode.INVALID_MESSAGE, "There is no answer; put it into data, as any JSON value");
        }
        return body.get("data");
    }

    /** A query parameter; null when it is absent. */
    @Nullable
    String parameter(String name) {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new OperationException(
                    ErrorCode.INVALID_MESSAGE, "The parameter " + name + " is there more than once");
        }
        return values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
    }

    /** The maximum length of the requested list. */
    int limit() {
        String text = parameter("limit");
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new OperationException(ErrorCode.INVALID_MESSAGE, "A limit is a number from 1 to " + MAX_LIMIT);
    }
}
