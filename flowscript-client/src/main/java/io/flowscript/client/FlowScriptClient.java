package io.flowscript.client;

import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.PauseToken;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of one server. It connects when it is first needed, comes back after a loss, and disconnects when nothing is left to do.
 * Safe for use by any thread.
 *
 * <pre>{@code
 * try (FlowScriptClient client = FlowScriptClient.builder(URI.create("https://flows.example.com")).build()) {
 *     RemoteExecution run = client.execute("expense-approval", Map.of("amount", 250)).join();
 *     for (ClientEvent event : run.events().read(Duration.ofMinutes(1))) {
 *         System.out.println(event);
 *     }
 * }
 * }</pre>
 *
 * <p>Events come once and in order, over however many connections. A command waits in a bounded queue until its reply is there. It is
 * sent again over the next connection under the same id, and so is carried out once; for a client without an identity, see the
 * protocol. A command that was refused with {@code rate_limited}, {@code memory_limit}, {@code store_unavailable} or {@code
 * server_closing} is tried again up to five times.
 *
 * <p>Futures complete on the threads of the client's callbacks, and fail with a {@link ClientException}. Completing or cancelling one
 * gives its command up, which may have been carried out.
 *
 * @since 0.1.0
 */
public final class FlowScriptClient implements AutoCloseable {

    private static final int MAX_ID = 64;

    private final ClientCore core;
    private final Runnable end;
    private final Object closing = new Object();
    private volatile @Nullable ClientStats last;

    FlowScriptClient(ClientCore core, Runnable end) {
        this.core = core;
        this.end = end;
    }

    /**
     * Begins a client.
     *
     * @param server the address of the server, such as {@code https://flows.example.com}, with a path if it has one
     * @return a builder
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the address is not one of HTTP
     */
    public static FlowScriptClientBuilder builder(URI server) {
        return new FlowScriptClientBuilder(server);
    }

    // ---- executions ----

    /**
     * Starts a workflow. The execution gets a new UUID as its id, so that it is started once even at a server that has forgotten
     * the command.
     *
     * @param workflowId the id of the workflow
     * @param input what the state begins with; may be empty
     * @return the execution
     */
    public CompletableFuture<RemoteExecution> execute(
            String workflowId, Map<String, ? extends @Nullable Object> input) {
        return execute(workflowId, input, ClientContext.newId(), true);
    }

    /**
     * Starts a workflow under a given id.
     *
     * @param workflowId the id of the workflow
     * @param input what the state begins with; may be empty
     * @param executionId the id of the execution
     * @return the execution; fails with {@code execution_exists} when the id is taken
     */
    public CompletableFuture<RemoteExecution> execute(
            String workflowId, Map<String, ? extends @Nullable Object> input, String executionId) {
        return execute(workflowId, input, executionId, false);
    }

    private CompletableFuture<RemoteExecution> execute(
            String workflowId, Map<String, ? extends @Nullable Object> input, String executionId, boolean isNew) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("workflowId", workflowId);
        data.put("input", Json.freeze(input));
        data.put("executionId", executionId);
        return core.command("execute", ClientContext.newId(), data, reply -> {
            // The id is new: if it exists, this command has made it.
            if (!isNew || !"execution_exists".equals(reply.optionalText("code"))) {
                ClientCore.refuse(reply);
            }
            return execution(executionId);
        });
    }

    /**
     * Names an execution. Nothing is sent.
     *
     * @param id its id
     * @return the execution, whether it exists or not
     */
    public RemoteExecution execution(String id) {
        return new RemoteExecution(core, id);
    }

    /**
     * The events of the executions of a workflow: of those that run, from now on, and of new ones from their first event.
     *
     * <p>An execution that begins and ends while the client is not connected is not seen, and new ones are found over WebSocket only.
     *
     * @param workflowId the id of the workflow
     * @return its events
     */
    public EventStream workflow(String workflowId) {
        return new EventStream(core, null, workflowId);
    }

    /** {@return the events of all executions, as for {@link #workflow}} */
    public EventStream all() {
        return new EventStream(core, null, null);
    }

    // ---- people ----

    /**
     * Answers an interaction.
     *
     * @param token which one
     * @param answer any JSON value; null is JSON null
     * @return as {@link #answer(PauseToken, Object, AnswerOptions)}
     */
    public CompletableFuture<Receipt> answer(PauseToken token, @Nullable Object answer) {
        return answer(token, answer, AnswerOptions.NONE);
    }

    /**
     * Answers an interaction.
     *
     * @param token which one
     * @param answer any JSON value; null is JSON null
     * @param options what the person saw, and the id of the command, 1 to 64 characters, to repeat it after a restart
     * @return whether it counts, and why not. It fails when the server tells of something else than the interaction, such as
     *     {@code execution_not_found}.
     * @throws IllegalArgumentException when the options have an identity: the credentials say who answers
     */
    public CompletableFuture<Receipt> answer(PauseToken token, @Nullable Object answer, AnswerOptions options) {
        String key = options.idempotencyKey();
        if (key != null && key.length() > MAX_ID) {
            throw new IllegalArgumentException("The id of a command has at most " + MAX_ID + " characters");
        }
        return Answers.send(core, token.executionId(), token.nodeId(), token.tokenId(), answer, options);
    }

    /**
     * Keeps others from answering an interaction, for a while. The holder can claim again, to keep it for longer.
     *
     * @param token which one
     * @param lease for how long, up to seven days
     * @return the claim; fails with {@code already_claimed} when somebody else has it
     */
    public CompletableFuture<Interaction.Claim> claim(PauseToken token, Duration lease) {
        Map<String, @Nullable Object> data = Answers.named(token.executionId(), token.nodeId(), token.tokenId());
        data.put("lease", lease.toMillis());
        return core.command("claim", ClientContext.newId(), data, reply -> {
            ClientCore.refuse(reply);
            return InboxItem.claim(reply.data());
        });
    }

    /**
     * Gives a claimed interaction back.
     *
     * @param token which one
     * @return when that is done
     */
    public CompletableFuture<Void> release(PauseToken token) {
        Map<String, @Nullable Object> data = Answers.named(token.executionId(), token.nodeId(), token.tokenId());
        CompletableFuture<Message> released = core.command("release", ClientContext.newId(), data, reply -> {
            ClientCore.refuse(reply);
            return reply;
        });
        return released.thenAccept(reply -> {});
    }

    /**
     * Lists what people are asked.
     *
     * @param filter which interactions
     * @return a page
     */
    public CompletableFuture<InboxPage> interactions(InboxFilter filter) {
        return core.list(filter.fields());
    }

    /**
     * Follows what people are asked. The handler gets the first page now and after each change, at most once in {@link
     * ClientSettings#inboxInterval}; it gets the newest one and not those that it was too slow for.
     *
     * @param filter which interactions; its limit is the size of the page
     * @param handler is called by a thread of the client's callbacks, one call at a time. If it throws, following ends with that.
     * @return what is followed
     */
    public EventSubscription inbox(InboxFilter filter, Consumer<? super InboxPage> handler) {
        InboxWatch watch = new InboxWatch(core, filter, handler);
        core.watch(watch);
        return new EventSubscription(watch.ended(), () -> core.context().loop().execute(() -> watch.finish(null)));
    }

    // ---- the client ----

    /** {@return what the client has done and has} */
    public ClientStats stats() {
        ClientStats known = last;
        return known == null ? core.stats().join() : known;
    }

    /**
     * Ends every subscription, fails what is queued with {@code closed}, and disconnects. It waits until that is done, not for calls
     * of the application's code. The JDK's HTTP client ends its own thread when it is not used any more. Closing twice has no
     * effect.
     */
    @Override
    public void close() {
        synchronized (closing) {
            if (last != null) {
                return;
            }
            last = core.close().join();
        }
        end.run();
    }
}
