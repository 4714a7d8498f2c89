package io.flowscript.client;

import io.flowscript.core.FlowScriptException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link FlowScriptClient}. For one thread.
 *
 * @since 0.1.0
 */
public final class FlowScriptClientBuilder {

    private static final int CALLBACK_THREADS = 4;
    private static final int IDLE_SECONDS = 10;

    private final URI server;
    private ClientSettings settings = ClientSettings.defaults();
    private Credentials.@Nullable Source credentials;
    private @Nullable Executor executor;
    private @Nullable HttpClient http;
    private Consumer<? super ConnectionChange> listener = change -> {};
    private Supplier<? extends @Nullable String> traceContext = () -> null;

    FlowScriptClientBuilder(URI server) {
        String scheme = String.valueOf(server.getScheme());
        if (!Set.of("http", "https").contains(scheme) || server.getHost() == null || server.getQuery() != null) {
            throw new FlowScriptException(
                    "invalid_setting",
                    "The address of a server is like https://flows.example.com, with a path if it has one, not "
                            + server);
        }
        String text = server.toString();
        this.server = text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : server;
    }

    /**
     * Sets what tells the server who the client is. Without it, the client has no identity.
     *
     * @param source gives the credentials before each connection, and before a login expires
     * @return this builder
     */
    public FlowScriptClientBuilder credentials(Credentials.Source source) {
        credentials = Objects.requireNonNull(source, "source");
        return this;
    }

    /**
     * Sets the settings.
     *
     * @param value the settings
     * @return this builder
     */
    public FlowScriptClientBuilder settings(ClientSettings value) {
        settings = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Sets what runs the application's code: subscribers, handlers, sources of credentials, and what depends on futures. Without it,
     * the client has up to four daemon threads of its own.
     *
     * @param value an executor of several threads, which the application closes after the client
     * @return this builder
     */
    public FlowScriptClientBuilder executor(Executor value) {
        executor = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Sets the JDK's HTTP client to use, for example one with a certificate or a proxy.
     *
     * @param value the client
     * @return this builder
     */
    public FlowScriptClientBuilder httpClient(HttpClient value) {
        http = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Sets who is told how connections change.
     *
     * @param value is called by a thread of the client's callbacks, one call at a time; what it throws is logged. One that blocks
     *     is told the newest 256 changes afterwards.
     * @return this builder
     */
    public FlowScriptClientBuilder onConnectionChange(Consumer<? super ConnectionChange> value) {
        listener = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Sets what says which span a command belongs to, so that a server that traces puts what it starts into the same trace. With
     * OpenTelemetry it is {@code OpenTelemetryTracer.of(openTelemetry)::current}. Without it, commands say nothing of it.
     *
     * @param value gives the {@code traceparent} of the W3C's Trace Context for the current span of the calling thread, or null. It is
     *     called for each command, by the thread that calls the client. What has another form is left out, and so is the field when it
     *     throws.
     * @return this builder
     */
    public FlowScriptClientBuilder traceContext(Supplier<? extends @Nullable String> value) {
        traceContext = Objects.requireNonNull(value, "value");
        return this;
    }

    /** {@return a client, to be closed by the caller. It does not connect yet.} */
    public FlowScriptClient build() {
        SystemTimers timers = new SystemTimers();
        ThreadPoolExecutor own = executor == null ? callbacks() : null;
        Executor callbacks = own == null ? Objects.requireNonNull(executor) : own;
        HttpClient network = http == null
                ? HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(settings.connectTimeout())
                        .build()
                : http;
        Executor threads = task -> runOn(callbacks, task);
        Loop loop = new Loop(timers, timers);
        ClientCore core = new ClientCore(new ClientContext(
                server,
                settings,
                loop,
                new JdkNetwork(network),
                threads,
                new Keyring(credentials, threads, loop),
                () -> ThreadLocalRandom.current().nextDouble(),
                new ClientContext.Counters(),
                new ChangeTeller(listener, threads),
                traceContext));
        return new FlowScriptClient(core, () -> {
            timers.close();
            if (own != null) {
                own.shutdown();
            }
        });
    }

    /** The application's code runs on its own threads, and when these are gone, on the one that has something to tell. */
    private static void runOn(Executor callbacks, Runnable task) {
        try {
            callbacks.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    private static ThreadPoolExecutor callbacks() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                CALLBACK_THREADS,
                CALLBACK_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "flowscript-client-callback-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
