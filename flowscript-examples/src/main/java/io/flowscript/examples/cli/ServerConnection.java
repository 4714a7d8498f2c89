package io.flowscript.examples.cli;

import io.flowscript.client.ClientException;
import io.flowscript.client.ConnectionChange;
import io.flowscript.client.ConnectionChange.State;
import io.flowscript.client.Credentials;
import io.flowscript.client.FlowScriptClient;
import io.flowscript.core.FlowScriptException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The client of one command. A person waits in front of it, so it gives up at once when there never was a connection, and after a
 * few tries when one was lost. Safe for use by any thread.
 */
final class ServerConnection implements AutoCloseable {

    /** An event can be days away; a person ends the program sooner. */
    static final Duration FOREVER = Duration.ofDays(365);

    private static final int MAX_TRIES = 8;

    private final FlowScriptClient client;
    private final String address;
    private volatile boolean isLost;
    private boolean wasOnline;
    private int tries;

    ServerConnection(ClientOptions options) {
        address = options.server().toString().replaceFirst("^http", "ws") + "/ws";
        String user = options.option("user");
        client = FlowScriptClient.builder(options.server())
                .credentials(refused -> user == null
                        ? Credentials.NONE
                        : new Credentials(Map.of("Cookie", "flowscript-user=" + ServerApi.segment(user))))
                .onConnectionChange(this::changed)
                .build();
    }

    FlowScriptClient client() {
        return client;
    }

    /** Waits for the result of a command. */
    <T> T await(CompletableFuture<T> result) {
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ClientException refused ? failure(refused) : e;
        }
    }

    /** {@return what to tell the person of a failure: that the server has gone, or the failure itself} */
    FlowScriptException failure(ClientException failure) {
        return isLost ? unreachable() : failure;
    }

    /** Fails when the server has gone. */
    void check() {
        if (isLost) {
            throw unreachable();
        }
    }

    private FlowScriptException unreachable() {
        return new FlowScriptException("unreachable", "No server answers at " + address);
    }

    /** Called by one thread at a time. */
    private void changed(ConnectionChange change) {
        if (change.state() == State.ONLINE) {
            wasOnline = true;
            tries = 0;
        } else if (change.state() == State.WAITING && (!wasOnline || ++tries == MAX_TRIES)) {
            isLost = true;
            client.close();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
