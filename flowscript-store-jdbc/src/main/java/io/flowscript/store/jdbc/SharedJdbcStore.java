package io.flowscript.store.jdbc;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Value;
import io.flowscript.core.store.RemoteCommand;
import io.flowscript.core.store.SharedStore;
import io.flowscript.core.store.StateCipher;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A store in PostgreSQL that several processes use. Executions are written as by {@link JdbcStore}; {@link Members} has the
 * statements for shards, commands and changes, over a connection of their own. Safe for use by any thread.
 */
final class SharedJdbcStore extends JdbcStore implements SharedStore {

    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);

    private final PostgresDatabase.Connections connections;
    private final Duration lease;
    private final Members members;
    private final NewsListener listener;

    SharedJdbcStore(
            PostgresDatabase.Connections connections, String owner, Duration lease, @Nullable StateCipher cipher) {
        super(PostgresDatabase.of(connections, owner, checked(lease)), cipher);
        this.connections = connections;
        this.lease = lease;
        this.members = new Members(connections, owner, lease, new Envelope(cipher));
        this.listener = new NewsListener(connections);
        listener.start();
    }

    private static Duration checked(Duration lease) {
        if (lease.compareTo(SHORTEST_LEASE) < 0) {
            throw new FlowScriptException("invalid_setting", "A lease is one second or more, not " + lease);
        }
        return lease;
    }

    @Override
    public Duration lease() {
        return lease;
    }

    @Override
    public Ownership renew() {
        return run("The shards cannot be renewed", members::renew);
    }

    @Override
    public void release(Collection<Integer> shards) {
        run("Shards cannot be given back", () -> members.release(shards));
    }

    @Override
    public void send(RemoteCommand command) {
        run("A command cannot be sent", () -> members.send(command));
    }

    @Override
    @SuppressWarnings("NullAway") // the nullness of type arguments is not in the class files that JDK 17 reads
    public CompletionStage<@Nullable Void> reply(String commandId, Value reply) {
        try {
            run("A reply cannot be sent", () -> members.reply(commandId, reply));
            return CompletableFuture.completedFuture(null);
        } catch (FlowScriptException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void withdraw(String commandId) {
        run("A command cannot be withdrawn", () -> members.withdraw(commandId));
    }

    @Override
    public News exchange(Map<Integer, Long> taken) {
        return run("What is new cannot be read", () -> members.exchange(taken));
    }

    @Override
    public void onNews(Runnable signal) {
        listener.onNews(signal);
    }

    private <T extends @Nullable Object> T run(String failure, Members.Work<T> work) {
        requireOpen();
        try {
            return work.run();
        } catch (SQLException e) {
            throw StoreErrors.failed(failure, e);
        }
    }

    private void run(String failure, Members.Action action) {
        run(failure, () -> {
            action.run();
            return null;
        });
    }

    /** Ends the store when what was handed in is written, and gives all shards back. */
    @Override
    public void close() {
        super.close();
        listener.close();
        members.close();
        connections.close();
    }
}
