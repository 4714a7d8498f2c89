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
 * A client in the same process. It keeps every message that it received, up to {@value #MAX_RECEIVED}; then it reads no further until it
 * is {@link #clear cleared}, as a client does that cannot keep up. Made by {@link MemoryTransport#connect()}. Safe for use by any
 * thread.
 *
 * <p>It remembers what it is subscribed to and where it stands, and goes on there after {@link #reconnect}, in each execution that had
 * joined a subscription to many as in those that were subscribed to by themselves. A client of the first protocol version remembers
 * no position, and begins again, as those do.
 *
 * @since 0.1.0
 */
public final class MemoryClient {

    /** How many received messages are kept. */
    public static final int MAX_RECEIVED = 1_000_000;

    /** How many messages may wait to be taken by the server. */
    public static final int MAX_UNSENT = 100_000;

    /** How many bytes they may have together; a single message may have more. */
    public static final int MAX_UNSENT_BYTES = 1 << 24;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int SHOWN = 20;
    private static final List<String> LAST = List.of("workflow_completed", "workflow_failed", "workflow_cancelled");

    private final MemoryTransport transport;
    private final ClientInfo info;

    /** Tells its requests from those of other clients of the same identity, as ids of commands are to be unique. */
    private final String name = UUID.randomUUID().toString();

    /** Guards everything below; nothing is called with it held but the transport's set of clients. */
    private final Object lock = new Object();

    private final List<Map<String, @Nullable Object>> received = new ArrayList<>();
    private final Map<Map<String, Object>, Map<String, @Nullable Object>> subscribed = new LinkedHashMap<>();
    private final Map<String, Position> positions = new HashMap<>();
    private final Map<String, String> joined = new LinkedHashMap<>();

    /** What had joined a subscription to many, and was taken up by itself when this client came back; with the workflow that it runs. */
    private final Map<String, String> takenUp = new LinkedHashMap<>();

    private final Map<String, String> epochs = new HashMap<>();
    private @Nullable MemoryConnection link;
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

    // What it asks for.

    /**
     * Subscribes to an execution, from its first event on.
     *
     * @param executionId the execution, which need not exist yet
     * @return the id of the request
     */
    public String subscribe(String executionId) {
        return subscribe(Map.of("executionId", executionId));
    }

    /**
     * Subscribes to an execution, or moves to another place in it.
     *
     * @param executionId the execution
     * @param after the position of the last event seen
     * @return the id of the request
     */
    public String subscribe(String executionId, Position after) {
        return subscribe(subscription(executionId, after));
    }

    /**
     * Subscribes to what an execution emits from now on.
     *
     * @param executionId the execution
     * @return the id of the request
     */
    public String subscribeToLatest(String executionId) {
        return subscribe(Map.of("executionId", executionId, "after", "latest"));
    }

    /**
     * Subscribes as the protocol has it (section 2).
     *
     * @param request the data of the request: {@code executionId}, {@code workflowId} or {@code all}, and what else it says
     * @return the id of the request
     */
    public String subscribe(Map<String, ? extends @Nullable Object> request) {
        Map<String, @Nullable Object> data = entries(Json.object(request));
        List<Runnable> follow;
        synchronized (lock) {
            subscribed.put(scope(data), data);
            follow = follow(scope(data));
        }
        String id = request("subscribe", data);
        follow.forEach(Runnable::run);
        return id;
    }

    /**
     * Subscribes to an execution no longer.
     *
     * @param executionId the execution
     * @return the id of the request
     */
    public String unsubscribe(String executionId) {
        return unsubscribe(Map.of("executionId", executionId));
    }

    /**
     * Ends a subscription.
     *
     * @param scope what it was subscribed to by: {@code executionId}, {@code workflowId} or {@code all}
     * @return the id of the request
     */
    public String unsubscribe(Map<String, ? extends @Nullable Object> scope) {
        Map<String, @Nullable Object> data = entries(Json.object(scope));
        List<Runnable> follow;
        synchronized (lock) {
            subscribed.remove(scope(data));
            joined.values().removeIf(workflowId -> ofMany(workflowId) == null);
            follow = follow(scope(data));
        }
        String id = request("unsubscribe", data);
        follow.forEach(Runnable::run);
        return id;
    }

    /**
     * Answers a question.
     *
     * @param executionId the execution that asked
     * @param nodeId the visit that asked
     * @param answer any JSON value
     * @return the id of the request
     */
    public String resume(String executionId, String nodeId, @Nullable Object answer) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("executionId", executionId);
        data.put("nodeId", nodeId);
        data.put("data", answer);
        return request("resume", data);
    }

    /**
     * Answers a question as the protocol has it (section 2).
     *
     * @param request the data of the request: {@code executionId}, {@code nodeId} or {@code tokenId}, {@code data}, {@code seen}
     * @return the id of the request
     */
    public String resume(Map<String, ? extends @Nullable Object> request) {
        return request("resume", request);
    }

    /**
     * Takes a question on.
     *
     * @param executionId the execution that asked
     * @param nodeId the visit that asked
     * @return the id of the request
     */
    public String claim(String executionId, String nodeId) {
        return request("claim", Map.of("executionId", executionId, "nodeId", nodeId));
    }

    /**
     * Gives a question back.
     *
     * @param executionId the execution that asked
     * @param nodeId the visit that asked
     * @return the id of the request
     */
    public String release(String executionId, String nodeId) {
        return request("release", Map.of("executionId", executionId, "nodeId", nodeId));
    }

    /**
     * Asks what executions ask people, and to be told what changes in it where it says {@code live}. After {@link #reconnect} it has to be asked anew.
     *
     * @param query the data of the request, as the protocol has it (section 2)
     * @return the id of the request
     */
    public String interactions(Map<String, ? extends @Nullable Object> query) {
        return request("interactions", query);
    }

    /**
     * Says that everything that was received of an execution was seen.
     *
     * @param executionId the execution
     */
    public void ack(String executionId) {
        ack(executionId, position(executionId));
    }

    /**
     * Says that everything up to a position was seen. There is no reply.
     *
     * @param executionId the execution
     * @param upTo the position of the last event seen
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
     * @param input what it begins with
     * @return the id of the request
     */
    public String execute(String workflowId, Map<String, ? extends @Nullable Object> input) {
        return request("execute", Map.of("workflowId", workflowId, "input", input));
    }

    /**
     * Cancels an execution.
     *
     * @param executionId the execution
     * @return the id of the request
     */
    public String cancel(String executionId) {
        return request("cancel", Map.of("executionId", executionId));
    }

    /**
     * Asks whether the server is there.
     *
     * @return the id of the request
     */
    public String ping() {
        return request("ping", Map.of());
    }

    /**
     * Sends a message as it is.
     *
     * @param message any JSON object
     * @throws FlowScriptException with code {@code not_connected}, or {@code too_many_messages} when {@value #MAX_UNSENT} wait, or more than
     *     {@value #MAX_UNSENT_BYTES} bytes
     */
    public void send(Map<String, ? extends @Nullable Object> message) {
        send(ByteBuffer.wrap(JsonWriter.write(Json.object(message))));
    }

    /**
     * Sends a text, which need not be a message.
     *
     * @param text the text
     * @throws FlowScriptException as above
     */
    public void send(String text) {
        send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Sends bytes, which need not be a message.
     *
     * @param bytes read later; they must not be changed any more
     * @throws FlowScriptException as above
     */
    public void send(ByteBuffer bytes) {
        MemoryConnection connected;
        synchronized (lock) {
            connected = link;
        }
        if (connected == null) {
            throw new FlowScriptException("not_connected", "This client is not connected; reconnect() it first");
        }
        connected.send(bytes);
    }

    // What it received.

    /** {@return every message received that was not cleared, the oldest first, as immutable plain values} */
    public List<Map<String, @Nullable Object>> received() {
        synchronized (lock) {
            return List.copyOf(received);
        }
    }

    /**
     * The events of an execution, as far as they were received and not cleared.
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

    /** Forgets what was received, and reads on if it had stopped for lack of room. */
    public void clear() {
        synchronized (lock) {
            received.clear();
        }
        readOn();
    }

    /** {@return how many frames were received: fewer than messages where several came in one} */
    public int frames() {
        synchronized (lock) {
            return frames;
        }
    }

    /**
     * Waits for a message of a type, for ten seconds at the most.
     *
     * @param type the type
     * @return the first one received that was not cleared
     * @throws FlowScriptException with code {@code not_received}
     */
    public Map<String, @Nullable Object> await(String type) {
        return await(message -> type.equals(message.get("type")), PATIENCE);
    }

    /**
     * Waits for the reply to a request, for ten seconds at the most.
     *
     * @param requestId the id of the request
     * @return the first message that says it replies to it
     * @throws FlowScriptException with code {@code not_received}
     */
    public Map<String, @Nullable Object> awaitReply(String requestId) {
        return await(message -> requestId.equals(message.get("replyTo")), PATIENCE);
    }

    /**
     * Waits for a message.
     *
     * @param wanted tells it
     * @param patience how long to wait at the most
     * @return the first one received that was not cleared
     * @throws FlowScriptException with code {@code not_received}, naming what came instead
     */
    public Map<String, @Nullable Object> await(
            Predicate<? super Map<String, @Nullable Object>> wanted, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        int looked = 0;
        while (true) {
            List<Map<String, @Nullable Object>> fresh = awaitMoreThan(looked, deadline);
            for (Map<String, @Nullable Object> message : fresh) {
                if (wanted.test(message)) {
                    return message;
                }
            }
            looked += fresh.size();
            if (fresh.isEmpty()) {
                throw new FlowScriptException(
                        "not_received", "No such message came within " + patience + ". " + story());
            }
        }
    }

    /**
     * Where this client stands in an execution.
     *
     * @param executionId the execution
     * @return the position of the last event received, {@link Position#START} for none
     */
    public Position position(String executionId) {
        synchronized (lock) {
            return positions.getOrDefault(executionId, Position.START);
        }
    }

    /**
     * The data of a message.
     *
     * @param message a message
     * @return its data
     */
    public static Map<String, @Nullable Object> data(Map<String, @Nullable Object> message) {
        Object data = message.get("data");
        return entries(data instanceof Map ? data : Map.of());
    }

    // Its connection.

    /** {@return whether it is connected} */
    public boolean isConnected() {
        synchronized (lock) {
            return link != null;
        }
    }

    /** {@return why the server ended the last connection, see {@link io.flowscript.core.bridge.CloseCode}; 0 when it did not} */
    public int closeCode() {
        synchronized (lock) {
            return closeCode;
        }
    }

    /** {@return the same, for people; empty when it did not} */
    public String closeReason() {
        synchronized (lock) {
            return closeReason;
        }
    }

    /**
     * Waits for the server to end the connection, for ten seconds at the most.
     *
     * @return the code it gave, see {@link io.flowscript.core.bridge.CloseCode}
     * @throws FlowScriptException with code {@code not_closed}
     */
    public int awaitClose() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (lock) {
            if (!sleepUntil(() -> closeCode != 0, deadline)) {
                throw new FlowScriptException("not_closed", "The server did not end the connection. " + story());
            }
            return closeCode;
        }
    }

    /** Ends the connection, without a word to the server beforehand. Harmless when there is none. */
    public void disconnect() {
        MemoryConnection ended;
        synchronized (lock) {
            ended = link;
            use(null);
        }
        if (ended != null) {
            ended.leave();
        }
    }

    /**
     * Connects, after {@link #disconnect} if need be, and subscribes to what it was subscribed to, each from where it stands.
     *
     * @throws FlowScriptException as {@link MemoryTransport#connect()}
     */
    public void reconnect() {
        disconnect();
        EventBridge bridge = transport.bridge();
        MemoryConnection fresh = new MemoryConnection(this, info.framing(), bridge.maxMessageBytes());
        List<Runnable> again;
        synchronized (lock) {
            use(fresh);
            closeCode = 0;
            closeReason = "";
            again = again();
        }
        try {
            // Asked again: who closes the transport meanwhile either sees this client there, or is seen here.
            fresh.opened(transport.bridge().connect(fresh, info));
        } catch (RuntimeException e) {
            disconnect();
            throw e;
        }
        again.forEach(Runnable::run);
    }

    /** Reads no further: what the server sends is held up, as by a client that is slow. */
    public void stall() {
        synchronized (lock) {
            stalled = true;
        }
    }

    /** Reads on after {@link #stall}. */
    public void resume() {
        synchronized (lock) {
            stalled = false;
        }
        readOn();
    }

    /** Gives no sign of life any more when the server asks for one. */
    public void playDead() {
        synchronized (lock) {
            silent = true;
        }
    }

    // For the link.

    /** Whether it takes what is sent. */
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
            if (link == from) {
                received.addAll(messages);
                messages.forEach(this::track);
                frames += inFrames;
                lock.notifyAll();
            }
        }
    }

    void closed(MemoryConnection from, int code, String reason) {
        synchronized (lock) {
            if (link == from) {
                use(null);
                closeCode = code;
                closeReason = reason;
                lock.notifyAll();
            }
        }
    }

    /** With the lock held, so that the transport's count and this client never tell different things. */
    private void use(@Nullable MemoryConnection connection) {
        link = connection;
        if (connection == null) {
            transport.remove(this);
        } else {
            transport.add(this);
        }
    }

    /** What was read has strings for keys, which the type of a Map cannot say by itself. */
    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> entries(Object frozenMap) {
        return (Map<String, @Nullable Object>) frozenMap;
    }

    private void readOn() {
        MemoryConnection connected;
        synchronized (lock) {
            connected = link;
        }
        if (connected != null) {
            connected.readOn();
        }
    }

    private String request(String type, Map<String, ? extends @Nullable Object> data) {
        String id;
        synchronized (lock) {
            id = name + "-" + ++requests;
        }
        send(Map.of("type", type, "id", id, "data", data));
        return id;
    }

    private static Map<String, @Nullable Object> subscription(String executionId, Position after) {
        return at(Map.of("executionId", executionId), after);
    }

    /** The same request, from a position on. */
    private static Map<String, @Nullable Object> at(Map<String, @Nullable Object> request, Position after) {
        Map<String, @Nullable Object> moved = new LinkedHashMap<>(request);
        moved.put("after", after.seq());
        moved.put("epoch", after.epoch());
        return moved;
    }

    /** What a subscription is ended by. */
    private static Map<String, Object> scope(Map<String, @Nullable Object> data) {
        for (String key : List.of("executionId", "workflowId", "all")) {
            Object value = data.get(key);
            if (value != null) {
                return Map.of(key, value);
            }
        }
        return Map.of();
    }

    /** With the lock held: the requests that take everything up where it was. */
    private List<Runnable> again() {
        if (info.framing() == Framing.SINGLE) {
            positions.clear();
            joined.clear();
        }
        takenUp.clear();
        List<Runnable> again = new ArrayList<>();
        joined.forEach((executionId, workflowId) -> {
            Map<String, @Nullable Object> many = ofMany(workflowId);
            Position at = positions.get(executionId);
            if (many != null && at != null && !subscribed.containsKey(Map.of("executionId", executionId))) {
                // By itself, from where it stood, and to its end: it may have ended meanwhile, and then joins nothing
                // any more.
                takenUp.put(executionId, workflowId);
                again.add(() -> request("subscribe", at(alone(many, executionId), at)));
            }
        });
        for (Map.Entry<Map<String, Object>, Map<String, @Nullable Object>> entry : subscribed.entrySet()) {
            Map<String, @Nullable Object> request = entry.getValue();
            Position at = request.get("executionId") instanceof String id ? positions.get(id) : null;
            Map<String, @Nullable Object> moved = at == null ? request : at(request, at);
            again.add(() -> request("subscribe", moved));
        }
        return again;
    }

    /** With the lock held: the subscription to many that executions of a workflow join, null when there is none. */
    private @Nullable Map<String, @Nullable Object> ofMany(String workflowId) {
        Map<String, @Nullable Object> workflow = subscribed.get(Map.of("workflowId", workflowId));
        return workflow == null ? subscribed.get(Map.of("all", true)) : workflow;
    }

    /** With the lock held: what was taken up by itself does as a subscription to many does that has changed. */
    private List<Runnable> follow(Map<String, Object> changed) {
        List<Runnable> requests = new ArrayList<>();
        takenUp.keySet().removeIf(executionId -> changed.equals(Map.of("executionId", executionId)));
        takenUp.forEach((executionId, workflowId) -> {
            Map<String, @Nullable Object> many = ofMany(workflowId);
            requests.add(
                    many == null
                            ? () -> request("unsubscribe", Map.of("executionId", executionId))
                            : () -> request("subscribe", alone(many, executionId)));
        });
        takenUp.values().removeIf(workflowId -> ofMany(workflowId) == null);
        return changed.containsKey("executionId") ? List.of() : requests;
    }

    /** The same request for one execution, which stays where it is. */
    private static Map<String, @Nullable Object> alone(Map<String, @Nullable Object> many, String executionId) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>(many);
        one.keySet().removeAll(List.of("workflowId", "all"));
        one.put("executionId", executionId);
        return one;
    }

    /** With the lock held. */
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
            if (ofMany(workflowId) != null) {
                joined.put(executionId, workflowId);
            }
        } else if (LAST.contains(type)) {
            joined.remove(executionId);
            takenUp.remove(executionId);
        }
    }

    private List<Map<String, @Nullable Object>> awaitMoreThan(int looked, long deadline) {
        synchronized (lock) {
            if (!sleepUntil(() -> received.size() > looked, deadline)) {
                return List.of();
            }
            return List.copyOf(received.subList(looked, received.size()));
        }
    }

    /** With the lock held. {@return false when the time is over} */
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

    private String story() {
        synchronized (lock) {
            List<Map<String, @Nullable Object>> last =
                    received.subList(Math.max(0, received.size() - SHOWN), received.size());
            return "It is " + (link == null ? "not connected (close code " + closeCode + ")" : "connected")
                    + " and has received " + received.size() + " messages, at last "
                    + last.stream().map(MemoryClient::line).toList();
        }
    }

    private static String line(Map<String, @Nullable Object> message) {
        Object code = data(message).get("code");
        return message.get("type") + (code == null ? "" : " (" + code + ")");
    }
}
