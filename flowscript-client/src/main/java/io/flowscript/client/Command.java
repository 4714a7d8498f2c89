package io.flowscript.client;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A command that waits for its reply. For the loop's thread. */
final class Command {

    final String type;
    final Map<String, @Nullable Object> data;

    /** The id of the request, its idempotency key. */
    final String id;

    /** Which span its sender has; null for none. */
    final @Nullable String traceparent;

    /** The reply as it came. */
    final CompletableFuture<Message> reply = new CompletableFuture<>();

    /** The timer until it is sent again. */
    final Loop.Alarm again;

    boolean isSent;

    /** Whether nobody waits for the reply any more. */
    boolean isOver;

    int tries;

    Command(
            String type,
            String id,
            Map<String, @Nullable Object> data,
            @Nullable String traceparent,
            Loop.Alarm again) {
        this.type = type;
        this.id = id;
        this.data = data;
        this.traceparent = traceparent;
        this.again = again;
    }
}
