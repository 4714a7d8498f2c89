package io.flowscript.store.jdbc;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPage;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionCount;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.SharedStore;
import io.flowscript.core.store.StateCipher;
import io.flowscript.core.store.StoreUsage;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps executions in a file of SQLite, or in PostgreSQL 13 to 18.
 *
 * <pre>{@code
 * ExecutionStore store = JdbcStore.open(Path.of("data", "flowscript.db"));
 * }</pre>
 *
 * <p>One thread writes. It gathers the commits that have come in the meantime into one transaction, up to 256 with SQLite
 * and 1,024 with PostgreSQL. A second thread completes their stages, and the engine's next steps run there. Both are
 * daemon threads whose names begin with {@code flowscript-store-}; they end with {@link #close}.
 *
 * <p><b>While the database cannot be reached</b>, or its disk is full, the writer tries again, at most five seconds after
 * the last try. The stages stay open and nothing is lost. When a connection is lost during a commit, the next one looks
 * whether it was written, so nothing is written twice.
 *
 * <p><b>One store at a time</b> uses a database, unless all are opened with {@link #openShared(DataSource, Duration)}. A second
 * one is refused with code {@code store_in_use}. With SQLite, the
 * lock is on a file beside the database, whose name has {@code .lock} added; the operating system ends it with the
 * process. The file must be on a local disk. With PostgreSQL it is an advisory lock of the writer's session, so that a pooler
 * between them must keep sessions.
 *
 * <p><b>The tables</b> begin with {@code flowscript_}. They are created when the store is opened, and brought up to date
 * by later versions. Tables of a later version than this one are refused with code {@code store_schema_newer}.
 *
 * <p>Safe for use by any thread.
 *
 * @since 0.1.0
 */
public sealed class JdbcStore implements ExecutionStore permits SharedJdbcStore {

    /** How many commits can wait for the writer. An engine hands in one of each execution at a time. */
    private static final int MAX_WAITING = 1_000_000;

    private static final String SQLITE = "jdbc:sqlite:";

    private final Database database;
    private final Envelope envelope;
    private final StoreReader reader;
    private final KnownDefinitions definitions = new KnownDefinitions();
    private final KnownSnapshots snapshots = new KnownSnapshots();
    private final ChangeQueue queue = new ChangeQueue(MAX_WAITING);
    private final Completions completions = new Completions();
    private final BatchWriter writer;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Opens a store in a database, which it closes. */
    JdbcStore(Database database, @Nullable StateCipher cipher) {
        this.database = database;
        this.envelope = new Envelope(cipher);
        this.reader = new StoreReader(database, envelope);
        Connection connection;
        try {
            connection = database.open();
        } catch (SQLException e) {
            database.close();
            throw StoreErrors.failed(database.name() + " cannot be opened", e);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
        this.writer = new BatchWriter(database, connection, definitions, snapshots, queue, completions);
        completions.start();
        writer.start();
    }

    /**
     * Opens a store in a file of SQLite, with a write-ahead log and synchronous mode FULL.
     *
     * @param file the file, on a local disk. It and its parent directory are created when they do not exist.
     * @return the store, which is to be closed
     * @throws io.flowscript.core.FlowScriptException with code {@code store_in_use} when another store has the file,
     *     {@code store_schema_newer} when it was written by a later version, and {@code store_failed} when it cannot be
     *     opened or is no database
     */
    public static JdbcStore open(Path file) {
        return new JdbcStore(SqliteDatabase.of(file, newOwner()), null);
    }

    /**
     * Opens a store in a file of SQLite, as {@link #open(Path)}, that encrypts the executions of workflows which mark secrets.
     *
     * @param file the file, on a local disk
     * @param cipher encrypts and decrypts
     * @return the store, which is to be closed
     * @throws io.flowscript.core.FlowScriptException as for {@link #open(Path)}
     */
    public static JdbcStore open(Path file, StateCipher cipher) {
        Objects.requireNonNull(cipher, "cipher");
        return new JdbcStore(SqliteDatabase.of(file, newOwner()), cipher);
    }

    /**
     * Opens a store in PostgreSQL. Its writer keeps one connection for as long as the store is open; each call that
     * reads uses one more.
     *
     * @param source the application's data source; the store does not close it
     * @return the store, which is to be closed
     * @throws io.flowscript.core.FlowScriptException as for {@link #open(Path)}
     */
    public static JdbcStore open(DataSource source) {
        return new JdbcStore(PostgresDatabase.of(source::getConnection, newOwner(), null), null);
    }

    /**
     * Opens a store in PostgreSQL, as {@link #open(DataSource)}, that encrypts the executions of workflows which mark secrets.
     *
     * @param source the application's data source; the store does not close it
     * @param cipher encrypts and decrypts
     * @return the store, which is to be closed
     * @throws io.flowscript.core.FlowScriptException as for {@link #open(Path)}
     */
    public static JdbcStore open(DataSource source, StateCipher cipher) {
        Objects.requireNonNull(cipher, "cipher");
        return new JdbcStore(PostgresDatabase.of(source::getConnection, newOwner(), null), cipher);
    }

    /**
     * Opens a store at a URL: in a file for {@code jdbc:sqlite:FILE}, in PostgreSQL for {@code jdbc:postgresql:...}. The
     * driver of PostgreSQL is to be on the class path. The store keeps up to 12 connections to PostgreSQL for itself, one of
     * them for its writer. A call that reads waits for up to five seconds when all are in use, and fails then.
     *
     * @param jdbcUrl the URL; for PostgreSQL, with the user and the password
     * @return the store, which is to be closed
     * @throws io.flowscript.core.FlowScriptException as for {@link #open(Path)}
     */
    public static JdbcStore open(String jdbcUrl) {
        return at(jdbcUrl, null);
    }

    /**
     * Opens a store at a URL, as {@link #open(String)}, that encrypts the executions of workflows which mark secrets.
     *
     * @param jdbcUrl the URL; for PostgreSQL, with the user and the password
     * @param cipher encrypts and decrypts
     * @return the store, which is to be closed
     * @throws io.flowscript.core.FlowScriptException as for {@link #open(Path)}
     */
    public static JdbcStore open(String jdbcUrl, StateCipher cipher) {
        return at(jdbcUrl, Objects.requireNonNull(cipher, "cipher"));
    }

    private static JdbcStore at(String jdbcUrl, @Nullable StateCipher cipher) {
        if (!jdbcUrl.startsWith(SQLITE)) {
            return pooled(jdbcUrl, pool -> new JdbcStore(PostgresDatabase.of(pool, newOwner(), null), cipher));
        }
        String file = jdbcUrl.substring(SQLITE.length());
        if (file.isEmpty() || file.startsWith(":")) {
            throw StoreErrors.failed("A store cannot be in " + jdbcUrl + "; name a file, since memory is lost");
        }
        return new JdbcStore(SqliteDatabase.of(Path.of(file), newOwner()), cipher);
    }

    /**
     * Opens a store in PostgreSQL that several processes use at the same time. Each has some of the executions; all see and
     * answer all of them. Every process opens the store in this way. Besides the writer, one connection waits for news of the
     * others, and one exchanges commands with them.
     *
     * @param source the application's data source; the store does not close it
     * @param lease how long a process keeps its executions when it does not say that it is alive, one second or more. When it
     *     dies, the others go on with its executions after this time.
     * @return the store, which is to be closed
     * @throws io.flowscript.core.FlowScriptException as for {@link #open(Path)}, with code {@code invalid_setting} for a shorter
     *     lease, and with code {@code store_in_use} when a store that was not opened in this way has the database
     */
    public static SharedStore openShared(DataSource source, Duration lease) {
        return new SharedJdbcStore(source::getConnection, newOwner(), lease, null);
    }

    /**
     * Opens a store that several processes use, as {@link #openShared(DataSource, Duration)}, and encrypts the executions of
     * workflows which mark secrets. The commands that processes send each other are encrypted then, too.
     *
     * @param source the application's data source; the store does not close it
     * @param lease how long a process keeps its executions when it does not say that it is alive
     * @param cipher encrypts and decrypts
     * @return the store, which is to be closed
     * @throws io.flowscript.core.FlowScriptException as for {@link #openShared(DataSource, Duration)}
     */
    public static SharedStore openShared(DataSource source, Duration lease, StateCipher cipher) {
        return new SharedJdbcStore(source::getConnection, newOwner(), lease, Objects.requireNonNull(cipher, "cipher"));
    }

    /**
     * Opens a store in PostgreSQL that several processes use, as {@link #openShared(DataSource, Duration)}. It keeps up to 12
     * connections for itself, three of them for its writer, for commands and for notifications.
     *
     * @param jdbcUrl the URL, with the user and the password
     * @param lease how long a process keeps its executions when it does not say that it is alive
     * @return the store, which is to be closed
     * @throws io.flowscript.core.FlowScriptException as for {@link #openShared(DataSource, Duration)}
     */
    public static SharedStore openShared(String jdbcUrl, Duration lease) {
        return pooled(jdbcUrl, pool -> new SharedJdbcStore(pool, newOwner(), lease, null));
    }

    private static <S extends JdbcStore> S pooled(String jdbcUrl, Function<Pool, S> opening) {
        Pool pool = Pool.of(jdbcUrl);
        try {
            return opening.apply(pool);
        } catch (RuntimeException | Error e) {
            pool.close();
            throw e;
        }
    }

    private static String newOwner() {
        return UUID.randomUUID().toString();
    }

    @Override
    @SuppressWarnings("NullAway") // the nullness of type arguments is not in the class files that JDK 17 reads
    public CompletionStage<@Nullable Void> commit(Commit commit) {
        if (commit.hasSecrets() && !keepsSecrets()) {
            return CompletableFuture.failedFuture(StoreErrors.noCipher());
        }
        Change change;
        try {
            change = Change.of(commit, definitions, snapshots, envelope);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(
                    StoreErrors.failed("A change of execution " + commit.executionId() + " cannot be encoded", e));
        }
        return add(change);
    }

    @Override
    @SuppressWarnings("NullAway") // the nullness of type arguments is not in the class files that JDK 17 reads
    public CompletionStage<@Nullable Void> remove(String executionId) {
        return add(new Change.Removal(Objects.requireNonNull(executionId, "executionId"), new CompletableFuture<>()));
    }

    /** {@return whether the store was opened with a cipher} */
    @Override
    public boolean keepsSecrets() {
        return envelope.hasCipher();
    }

    /**
     * Encrypts again, with the newest key, what is encrypted with another one. When this returns, the other keys are no longer
     * needed for what is in the database. An engine can use the store meanwhile. When it fails, it can be called again, and
     * goes on with what is left. With a cipher that changes its newest key while the store is open, call it once the commits
     * that were handed in before are written.
     *
     * @return how many rows were encrypted again, from 0
     * @throws io.flowscript.core.FlowScriptException with code {@code no_cipher} when the store was opened without a cipher;
     *     with code {@code no_cipher_key} or {@code decryption_failed} when something cannot be decrypted; with code
     *     {@code store_failed} when the database fails, and {@code store_closed} after {@link #close}
     */
    public long reencrypt() {
        requireOpen();
        try {
            return new Reencryption(database, envelope).run();
        } catch (SQLException e) {
            throw StoreErrors.failed(database.name() + " cannot be encrypted again", e);
        }
    }

    @Override
    public Duration stalled() {
        return writer.writing();
    }

    private CompletionStage<@Nullable Void> add(Change change) {
        return switch (queue.add(change)) {
            case ACCEPTED -> change.written();
            case FULL ->
                CompletableFuture.failedFuture(StoreErrors.failed(MAX_WAITING + " commits wait for " + database.name()
                        + " already, which is the limit of the store"));
            case CLOSED -> CompletableFuture.failedFuture(StoreErrors.closed());
        };
    }

    @Override
    public List<StoredExecution> list(ExecutionQuery query) {
        Objects.requireNonNull(query, "query");
        requireOpen();
        return reader.list(query);
    }

    @Override
    public List<ExecutionCount> count(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("most is " + most + "; it is 1 or more");
        }
        requireOpen();
        return reader.count(most);
    }

    @Override
    public InteractionPage interactions(
            InteractionQuery query, InteractionOrder order, @Nullable InteractionPlace after, int limit) {
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(order, "order");
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + "; it is 1 or more");
        }
        requireOpen();
        return reader.interactions(query, order, after, limit);
    }

    @Override
    public long countInteractions(InteractionQuery query, long most) {
        Objects.requireNonNull(query, "query");
        if (most < 1) {
            throw new IllegalArgumentException("most is " + most + "; it is 1 or more");
        }
        requireOpen();
        return reader.countInteractions(query, most);
    }

    @Override
    public StoreUsage usage() {
        requireOpen();
        return reader.usage();
    }

    @Override
    public Optional<StoredExecution> find(String executionId, int maxEvents) {
        Objects.requireNonNull(executionId, "executionId");
        requireOpen();
        return reader.find(executionId, maxEvents);
    }

    @Override
    public Optional<WorkflowDefinition> definition(String hash) {
        Objects.requireNonNull(hash, "hash");
        requireOpen();
        return reader.definition(hash);
    }

    @Override
    public List<RecordedEvent> events(String executionId, long after, int max) {
        Objects.requireNonNull(executionId, "executionId");
        if (after < 0 || max < 1) {
            throw new IllegalArgumentException(
                    "after is " + after + " and max is " + max + "; they are from 0 and from 1");
        }
        requireOpen();
        return reader.events(executionId, after, max);
    }

    final void requireOpen() {
        if (closed.get()) {
            throw StoreErrors.closed();
        }
    }

    /**
     * Ends the store. Commits that were handed in before are written. While the database cannot be reached they are tried
     * for another ten seconds, and fail then. A call by code that runs when a stage completes does not wait for the
     * stages that are still to be completed.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            writer.close();
            database.close();
            completions.close();
        }
    }
}
