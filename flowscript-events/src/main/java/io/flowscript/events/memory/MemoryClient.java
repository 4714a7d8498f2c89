package io.flowscript.events.memory;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.json.Json;
import io.flowscript.core.log.Position;
import io.flowscript.json.codec.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client in the same process, made by {@link MemoryTransport#connect()}. It keeps every message that it has received,
 * up to {@value #MAX_RECEIVED}. Then it stops reading, like a client that is too slow, until it is
 * {@link #clear cleared}.
 *
 * <p>It remembers its subscriptions and its position in each execution. After {@link #reconnect} it continues from
 * there. This includes the executions that a subscription to a workflow or to all executions has covered. A client of
 * protocol version 1 ({@link io.flowscript.core.bridge.ClientInfo.Framing#SINGLE}) remembers no position and starts resubscriptions, as such
 * clients do.
 *
 * <p>Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class MemoryClient {

    /** The largest number of received messages that are kept. */
    public static final int MAX_RECEIVED = 1_000_000;

    /** The largest number of messages that wait until the server takes them. */
    public static final int MAX_UNSENT = 100_000;

    /** The largest number of bytes of all waiting messages together; a single message may be larger. */
    public static final int MAX_UNSENT_BYTES = 1 << 24;

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    private static final int MESSAGES_IN_ERROR = 20;
    private static final List<String> FINAL_EVENTS =
            List.of("workflow_completed", "workflow_failed", "workflow_cancelled");

    private final MemoryTransport transport;
    private final ClientInfo info;

    /** Prefix of request ids: ids of commands must be unique among all clients of one identity. */
    private final String idPrefix = UUID.randomUUID().toString();

    /** Guards all fields below. While it is held, only the transport's set of clients is called. */
    private final Object lock = new Object();

    private final List<Map<String, @Nullable Object>> received = new ArrayList<>();
    /** The requests of the subscriptions, by scope. */
    private final Map<Map<String, Object>, Map<String, @Nullable Object>> subscribed = new LinkedHashMap<>();

    private final Map<String, Position> positions = new HashMap<>();
    /** The executions that a wide subscription covers, with the workflow of each. */
    private final Map<String, String> joined = new LinkedHashMap<>();

    /**
     * Executions that a wide subscription has covered and that have a subscription of their own since a reconnect; with
     * the workflow of each. A wide subscription is one to a workflow or to all executions.
     */
    private final Map<String, String> resumedSingly = new LinkedHashMap<>();

    private final Map<String, String> epochs = new HashMap<>();
    private @Nullable MemoryConnection connection;
    private boolean stalled;
    private boolean silent;
    private int frames;
    private int requests;
    private int closeCode;
    private String closeReason = "";

    MemoryClient(MemoryTransport transport, ClientInfo info) {
        this.transport = transport;
        this.info = info;
    }

    // Requests

    /**
     * Subscribes to an execution from its first event on.
     *
     * @param executionId the execution, which need not exist yet
     * @return the id of the request
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public String subscribe(String executionId) {
        return subscribe(Map.of("executionId", executionId));
    }

    /**
     * Subscribes to an execution from a position on. An existing subscription moves there.
     *
     * @param executionId the execution
     * @param after the position of the last event seen
     * @return the id of the request
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public String subscribe(String executionId, Position after) {
        return subscribe(subscription(executionId, after));
    }

    /**
     * Subscribes to the events that an execution emits from now on.
     *
     * @param executionId the execution
     * @return the id of the request
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public String subscribeToLatest(String executionId) {
        return subscribe(Map.of("executionId", executionId, "after", "latest"));
    }

    /**
     * Subscribes with a request of the protocol (section 2).
     *
     * @param request the data of the request: one of {@code executionId}, {@code workflowId} and {@code all}, and the
     *     options
     * @return the id of the request
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public String subscribe(Map<String, ? extends @Nullable Object> request) {
        Map<String, @Nullable Object> data = entries(Json.object(request));
        List<Runnable> updates;
        synchronized (lock) {
            subscribed.put(scope(data), data);
            updates = singleUpdates(scope(data));
        }
        String id = request("subscribe", data);
        updates.forEach(Runnable::run);
        return id;
    }

    /**
     * Ends the subscription to an execution.
     *
     * @param executionId the execution
     * @return the id of the request
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public String unsubscribe(String executionId) {
        return unsubscribe(Map.of("executionId", executionId));
    }

    /**
     * Ends a subscription.
     *
     * @param scope the scope of the subscription: one of {@code executionId}, {@code workflowId} and {@code all}
     * @return the id of the request
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public String unsubscribe(Map<String, ? extends @Nullable Object> scope) {
        Map<String, @Nullable Object> data = entries(Json.object(scope));
        List<Runnable> updates;
        synchronized (lock) {
            subscribed.remove(scope(data));
            joined.values().removeIf(workflowId -> wideRequest(workflowId) == null);
            updates = singleUpdates(scope(data));
        }
        String id = request("unsubscribe", data);
        updates.forEach(Runnable::run);
        return id;
    }

    /**
     * Answers an interaction.
     *
     * @param executionId the execution of the interaction
     * @param nodeId the node visit of the interaction
     * @param answer any JSON value
     * @return the id of the request
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public String resume(String executionId, String nodeId, @Nullable Object answer) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("executionId", executionId);
        data.put("nodeId", nodeId);
        data.put("data", answer);
        return request("resume", data);
    }

    /**
     * Answers an interaction with a request of the protocol (section 2).
     *
     * @param request the data of the request: {@code executionId}, {@code nodeId} or {@code tokenId}, {@code data},
     *     {@code seen}
     * @return the id of the request
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public String resume(Map<String, ? extends @Nullable Object> request) {
        return request("resume", request);
    }

    /**
     * Claims an interaction.
     *
     * @param executionId the execution of the interaction
     * @param nodeId the node visit of the interaction
     * @return the id of the request
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public String claim(String executionId, String nodeId) {
        return request("claim", Map.of("executionId", executionId, "nodeId", nodeId));
    }

    /**
     * Releases the claim of an interaction.
     *
     * @param executionId the execution of the interaction
     * @param nodeId the node visit of the interaction
     * @return the id of the request
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public String release(String executionId, String nodeId) {
        return request("release", Map.of("executionId", executionId, "nodeId", nodeId));
    }

    /**
     * Lists interactions; with {@code live}, also subscribes to their changes. After {@link #reconnect} the request
     * must be sent again.
     *
     * @param query the data of the request (protocol, section 2)
     * @return the id of the request
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public String interactions(Map<String, ? extends @Nullable Object> query) {
        return request("interactions", query);
    }

    /**
     * Acknowledges every event of an execution that this client has received. There is no reply.
     *
     * @param executionId the execution
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public void ack(String executionId) {
        ack(executionId, position(executionId));
    }

    /**
     * Acknowledges every event of an execution up to a position. There is no reply.
     *
     * @param executionId the execution
     * @param upTo the position of the last event seen
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public void ack(String executionId, Position upTo) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("executionId", executionId);
        data.put("seq", upTo.seq());
        data.put("epoch", upTo.epoch());
        request("ack", data);
    }

    /**
     * Starts a workflow.
     *
     * @param workflowId the workflow
     * @param input the input of the execution
     * @return the id of the request
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public String execute(String workflowId, Map<String, ? extends @Nullable Object> input) {
        return request("execute", Map.of("workflowId", workflowId, "input", input));
    }

    /**
     * Cancels an execution.
     *
     * @param executionId the execution
     * @return the id of the request
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public String cancel(String executionId) {
        return request("cancel", Map.of("executionId", executionId));
    }

    /**
     * Sends a {@code ping} message.
     *
     * @return the id of the request
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public String ping() {
        return request("ping", Map.of());
    }

    /**
     * Sends a message unchanged.
     *
     * @param message any JSON object
     * @throws FlowScriptException with code {@code not_connected}; or {@code too_many_messages} when
     *     {@value #MAX_UNSENT} messages or more than {@value #MAX_UNSENT_BYTES} bytes would wait until the server takes
     *     them
     */
    public void send(Map<String, ? extends @Nullable Object> message) {
        send(ByteBuffer.wrap(JsonWriter.write(Json.object(message))));
    }

    /**
     * Sends a text, which need not be a valid message.
     *
     * @param text the text
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public void send(String text) {
        send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Sends bytes, which need not be a valid message.
     *
     * @param bytes the bytes; they are read later and must not be changed
     * @throws FlowScriptException as {@link #send(Map)}
     */
    public void send(ByteBuffer bytes) {
        MemoryConnection connected;
        synchronized (lock) {
            connected = connection;
        }
        if (connected == null) {
            throw new FlowScriptException("not_connected", "This client is not connected; call reconnect() first");
        }
        connected.send(bytes);
    }

    // Received messages

    /** {@return every received message that was not cleared, the oldest first, as immutable plain values} */
    public List<Map<String, @Nullable Object>> received() {
        synchronized (lock) {
            return List.copyOf(received);
        }
    }

    /**
     * Returns the received events of an execution that were not cleared.
     *
     * @param executionId the execution
     * @return the messages with a {@code seq}, the oldest first
     */
    public List<Map<String, @Nullable Object>> events(String executionId) {
        List<Map<String, @Nullable Object>> events = new ArrayList<>();
        for (Map<String, @Nullable Object> message : received()) {
            if (message.containsKey("seq") && executionId.equals(data(message).get("executionId"))) {
                events.add(message);
            }
        }
        return events;
    }

    /** Forgets the received messages. If this client has stopped reading because it was full, it reads on. */
    public void clear() {
        synchronized (lock) {
            received.clear();
        }
        readOn();
    }

    /** {@return the number of received frames; one frame can hold several messages} */
    public int frames() {
        synchronized (lock) {
            return frames;
        }
    }

    /**
     * Waits up to ten seconds for a message of a type.
     *
     * @param type the type
     * @return the first received message of that type that was not cleared
     * @throws FlowScriptException with code {@code not_received} when the time is over or the thread is interrupted
     */
    public Map<String, @Nullable Object> await(String type) {
        return await(message -> type.equals(message.get("type")), DEFAULT_TIMEOUT);
    }

    /**
     * Waits up to ten seconds for the reply to a request.
     *
     * @param requestId the id of the request
     * @return the first received message with this {@code replyTo} that was not cleared
     * @throws FlowScriptException with code {@code not_received} when the time is over or the thread is interrupted
     */
    public Map<String, @Nullable Object> awaitReply(String requestId) {
        return await(message -> requestId.equals(message.get("replyTo")), DEFAULT_TIMEOUT);
    }

    /**
     * Waits for a message.
     *
     * @param wanted decides whether a message is the awaited one
     * @param timeout the longest time to wait
     * @return the first received message that {@code wanted} accepts and that was not cleared
     * @throws FlowScriptException with code {@code not_received} when the time is over or the thread is interrupted;
     *     the message names what was received instead
     */
    public Map<String, @Nullable Object> await(
            Predicate<? super Map<String, @Nullable Object>> wanted, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        int examined = 0;
        while (true) {
            List<Map<String, @Nullable Object>> fresh = awaitMoreThan(examined, deadline);
            for (Map<String, @Nullable Object> message : fresh) {
                if (wanted.test(message)) {
                    return message;
                }
            }
            examined += fresh.size();
            if (fresh.isEmpty()) {
                throw new FlowScriptException(
                        "not_received", "The awaited message was not received within " + timeout + ". " + describe());
            }
        }
    }

    /**
     * Returns this client's position in an execution.
     *
     * @param executionId the execution
     * @return the position of the last event received; {@link Position#START} when there is none
     */
    public Position position(String executionId) {
        synchronized (lock) {
            return positions.getOrDefault(executionId, Position.START);
        }
    }

    /**
     * Returns the data of a message.
     *
     * @param message a message
     * @return its {@code data}; empty when it has none
     */
    public static Map<String, @Nullable Object> data(Map<String, @Nullable Object> message) {
        Object data = message.get("data");
        return entries(data instanceof Map ? data : Map.of());
    }

    // Connection

    /** {@return whether this client is connected} */
    public boolean isConnected() {
        synchronized (lock) {
            return connection != null;
        }
    }

    /**
     * {@return the code with which the server closed the last connection; 0 when it did not}
     *
     * @see io.flowscript.core.bridge.CloseCode
     */
    public int closeCode() {
        synchronized (lock) {
            return closeCode;
        }
    }

    /** {@return the reason with which the server closed the last connection; empty when it did not} */
    public String closeReason() {
        synchronized (lock) {
            return closeReason;
        }
    }

    /**
     * Waits up to ten seconds for the server to close the connection.
     *
     * @return the close code, see {@link io.flowscript.core.bridge.CloseCode}
     * @throws FlowScriptException with code {@code not_closed} when the time is over or the thread is interrupted
     */
    public int awaitClose() {
        long deadline = System.nanoTime() + DEFAULT_TIMEOUT.toNanos();
        synchronized (lock) {
            if (!sleepUntil(() -> closeCode != 0, deadline)) {
                throw new FlowScriptException(
                        "not_closed",
                        "The server did not close the connection within " + DEFAULT_TIMEOUT + ". " + describe());
            }
            return closeCode;
        }
    }

    /** Ends the connection without notice to the server. Harmless when there is none. */
    public void disconnect() {
        MemoryConnection ended;
        synchronized (lock) {
            ended = connection;
            use(null);
        }
        if (ended != null) {
            ended.disconnect();
        }
    }

    /**
     * Connects, after a {@link #disconnect} if necessary, and repeats all subscriptions, each from its position.
     *
     * @throws FlowScriptException as {@link MemoryTransport#connect()}
     */
    public void reconnect() {
        disconnect();
        EventBridge bridge = transport.bridge();
        MemoryConnection fresh = new MemoryConnection(this, info.framing(), bridge.maxMessageBytes());
        List<Runnable> resubscriptions;
        synchronized (lock) {
            use(fresh);
            closeCode = 0;
            closeReason = "";
            resubscriptions = resubscriptions();
        }
        try {
            // bridge() is called again: if the transport was closed meanwhile, either close() has seen this client, or
            // this call fails.
            fresh.opened(transport.bridge().connect(fresh, info));
        } catch (RuntimeException e) {
            disconnect();
            throw e;
        }
        resubscriptions.forEach(Runnable::run);
    }

    /** Stops reading, like a client that is too slow: what the server sends waits. */
    public void stall() {
        synchronized (lock) {
            stalled = true;
        }
    }

    /** Continues reading after {@link #stall}. */
    public void resumeReading() {
        synchronized (lock) {
            stalled = false;
        }
        readOn();
    }

    /** Stops answering pings. */
    public void playDead() {
        synchronized (lock) {
            silent = true;
        }
    }

    // Called by the connection

    /** Whether the client reads what the server sends. */
    boolean isReading() {
        synchronized (lock) {
            return !stalled && received.size() < MAX_RECEIVED;
        }
    }

    boolean isSilent() {
        synchronized (lock) {
            return silent;
        }
    }

    void received(MemoryConnection from, List<Map<String, @Nullable Object>> messages, int inFrames) {
        synchronized (lock) {
            if (connection == from) {
                received.addAll(messages);
                messages.forEach(this::track);
                frames += inFrames;
                lock.notifyAll();
            }
        }
    }

    void closed(MemoryConnection from, int code, String reason) {
        synchronized (lock) {
            if (connection == from) {
                use(null);
                closeCode = code;
                closeReason = reason;
                lock.notifyAll();
            }
        }
    }

    /** Sets the connection. Called with the lock held, so that this client and the transport's count agree. */
    private void use(@Nullable MemoryConnection replacement) {
        connection = replacement;
        if (replacement == null) {
            transport.remove(this);
        } else {
            transport.add(this);
        }
    }

    /** Casts a frozen JSON object; its keys are always strings. */
    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> entries(Object frozenMap) {
        return (Map<String, @Nullable Object>) frozenMap;
    }

    private void readOn() {
        MemoryConnection connected;
        synchronized (lock) {
            connected = connection;
        }
        if (connected != null) {
            connected.readIncoming();
        }
    }

    private String request(String type, Map<String, ? extends @Nullable Object> data) {
        String id;
        synchronized (lock) {
            id = idPrefix + "-" + ++requests;
        }
        send(Map.of("type", type, "id", id, "data", data));
        return id;
    }

    private static Map<String, @Nullable Object> subscription(String executionId, Position after) {
        return at(Map.of("executionId", executionId), after);
    }

    /** Returns a copy of a request that starts after a position. */
    private static Map<String, @Nullable Object> at(Map<String, @Nullable Object> request, Position after) {
        Map<String, @Nullable Object> moved = new LinkedHashMap<>(request);
        moved.put("after", after.seq());
        moved.put("epoch", after.epoch());
        return moved;
    }

    /** Returns the scope of a subscription request. */
    private static Map<String, Object> scope(Map<String, @Nullable Object> data) {
        for (String key : List.of("executionId", "workflowId", "all")) {
            Object value = data.get(key);
            if (value != null) {
                return Map.of(key, value);
            }
        }
        return Map.of();
    }

    /** Returns the requests that repeat all subscriptions after a reconnect. Called with the lock held. */
    private List<Runnable> resubscriptions() {
        if (info.framing() == Framing.SINGLE) {
            positions.clear();
            joined.clear();
        }
        resumedSingly.clear();
        List<Runnable> resubscriptions = new ArrayList<>();
        joined.forEach((executionId, workflowId) -> {
            Map<String, @Nullable Object> many = wideRequest(workflowId);
            Position at = positions.get(executionId);
            if (many != null && at != null && !subscribed.containsKey(Map.of("executionId", executionId))) {
                // With its own subscription: if the execution has ended meanwhile, the wide subscription does not
                // cover it any more.
                resumedSingly.put(executionId, workflowId);
                resubscriptions.add(() -> request("subscribe", at(singleRequest(many, executionId), at)));
            }
        });
        for (Map.Entry<Map<String, Object>, Map<String, @Nullable Object>> entry : subscribed.entrySet()) {
            Map<String, @Nullable Object> request = entry.getValue();
            Position at = request.get("executionId") instanceof String id ? positions.get(id) : null;
            Map<String, @Nullable Object> moved = at == null ? request : at(request, at);
            resubscriptions.add(() -> request("subscribe", moved));
        }
        return resubscriptions;
    }

    /**
     * Returns the request of the wide subscription that covers a workflow's executions; null when there is none. Called
     * with the lock held.
     */
    private @Nullable Map<String, @Nullable Object> wideRequest(String workflowId) {
        Map<String, @Nullable Object> workflow = subscribed.get(Map.of("workflowId", workflowId));
        return workflow == null ? subscribed.get(Map.of("all", true)) : workflow;
    }

    /**
     * Returns the requests that apply a changed wide subscription to the executions that were resumed singly. Called
     * with the lock held.
     */
    private List<Runnable> singleUpdates(Map<String, Object> changed) {
        List<Runnable> requests = new ArrayList<>();
        resumedSingly.keySet().removeIf(executionId -> changed.equals(Map.of("executionId", executionId)));
        resumedSingly.forEach((executionId, workflowId) -> {
            Map<String, @Nullable Object> many = wideRequest(workflowId);
            requests.add(
                    many == null
                            ? () -> request("unsubscribe", Map.of("executionId", executionId))
                            : () -> request("subscribe", singleRequest(many, executionId)));
        });
        resumedSingly.values().removeIf(workflowId -> wideRequest(workflowId) == null);
        return changed.containsKey("executionId") ? List.of() : requests;
    }

    /** Turns a wide request into one for a single execution, without a position. */
    private static Map<String, @Nullable Object> singleRequest(Map<String, @Nullable Object> many, String executionId) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>(many);
        one.keySet().removeAll(List.of("workflowId", "all"));
        one.put("executionId", executionId);
        return one;
    }

    /** Updates positions and subscriptions from a received message. Called with the lock held. */
    private void track(Map<String, @Nullable Object> message) {
        Map<String, @Nullable Object> data = data(message);
        String type = String.valueOf(message.get("type"));
        if (!(data.get("executionId") instanceof String executionId)) {
            return;
        }
        boolean missed = type.equals("events_missed");
        if (data.get("epoch") instanceof String epoch && !missed) {
            epochs.put(executionId, epoch);
        }
        String epoch = epochs.get(executionId);
        if (message.get("seq") instanceof Number seq) {
            positions.put(executionId, new Position(epoch, seq.longValue()));
        } else if (type.equals("subscribed") && data.get("after") instanceof Number after) {
            positions.put(executionId, new Position(epoch, after.longValue()));
        } else if (type.equals("position") && data.get("seq") instanceof Number seq) {
            positions.put(executionId, new Position(epoch, seq.longValue()));
        } else if (data.get("to") instanceof Number to
                && (type.equals("events_skipped") || (missed && Objects.equals(data.get("epoch"), epoch)))) {
            positions.put(executionId, new Position(epoch, to.longValue()));
        }
        if (type.equals("execution_status") && data.get("workflowId") instanceof String workflowId) {
            if (wideRequest(workflowId) != null) {
                joined.put(executionId, workflowId);
            }
        } else if (FINAL_EVENTS.contains(type)) {
            joined.remove(executionId);
            resumedSingly.remove(executionId);
        }
    }

    private List<Map<String, @Nullable Object>> awaitMoreThan(int examined, long deadline) {
        synchronized (lock) {
            if (!sleepUntil(() -> received.size() > examined, deadline)) {
                return List.of();
            }
            return List.copyOf(received.subList(examined, received.size()));
        }
    }

    /** Waits with the lock held. {@return false when the time is over or the thread was interrupted} */
    private boolean sleepUntil(BooleanSupplier done, long deadline) {
        try {
            while (!done.getAsBoolean()) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                lock.wait(millis);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String describe() {
        synchronized (lock) {
            List<Map<String, @Nullable Object>> last =
                    received.subList(Math.max(0, received.size() - MESSAGES_IN_ERROR), received.size());
            return "The client is "
                    + (connection == null ? "not connected (close code " + closeCode + ")" : "connected")
                    + " and has received " + received.size() + " messages, the last ones "
                    + last.stream().map(MemoryClient::summary).toList();
        }
    }

    private static String summary(Map<String, @Nullable Object> message) {
        Object code = data(message).get("code");
        return message.get("type") + (code == null ? "" : " (" + code + ")");
    }
}
