package io.flowscript.client;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.json.protocol.TraceParent;
import java.net.URI;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all parts of a client share.
 *
 * @param server the address of the server, without a slash at its end
 * @param callbacks runs the application's code
 * @param keyring gives the credentials
 * @param random gives numbers from 0 to less than 1
 * @param changes is told how connections change
 * @param traceContext says which span the calling thread has
 */
record ClientContext(
        URI server,
        ClientSettings settings,
        Loop loop,
        Network network,
        Executor callbacks,
        Keyring keyring,
        DoubleSupplier random,
        Counters counters,
        Consumer<ConnectionChange> changes,
        Supplier<? extends @Nullable String> traceContext) {

    static String newId() {
        return UUID.randomUUID().toString();
    }

    /** {@return the {@code traceparent} of a command that the calling thread sends; null for none} */
    @Nullable
    String traceparent() {
        return TraceParent.of(Guard.<@Nullable String>call(traceContext::get, e -> null));
    }

    /** What has happened so far. For the loop's thread. */
    static final class Counters {
        long connects;
        long events;
        long doubles;
    }
}
