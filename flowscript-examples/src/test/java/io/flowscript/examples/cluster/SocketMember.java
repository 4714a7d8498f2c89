package io.flowscript.examples.cluster;

import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.testkit.crash.ClusterMember;
import io.flowscript.testkit.crash.ClusterWorkflow;
import io.flowscript.testkit.crash.Observation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A server as a client of its WebSocket sees it. Each person has one connection, over which events and replies come. A person
 * comes back with a position, and sends a command again under its {@code id}, when the connection is lost and after the
 * codes after which that helps. Safe for use by any thread.
 */
abstract class SocketMember implements ClusterMember, AutoCloseable {

    /** Who asks what nobody in particular asks. */
    private static final String NOBODY = "nobody";

    /** The epochs of the logs, as clients keep them for their positions. */
    private static final ConcurrentMap<String, String> EPOCHS = new ConcurrentHashMap<>();

    private final ConcurrentMap<String, SocketConnection> connections = new ConcurrentHashMap<>();

    /** {@return where the server listens} */
    abstract int port();

    private SocketConnection connection(String by) throws Unavailable, InterruptedException {
        SocketConnection known = connections.get(by);
        if (known != null && known.isOpen()) {
            return known;
        }
        SocketConnection opened = SocketConnection.open(port(), by);
        SocketConnection before = connections.put(by, opened);
        if (before != null) {
            before.close();
        }
        return opened;
    }

    /** Sends a request, and gives the reply; an {@code error} is a fault unless it says to send the request again. */
    private Value ask(String by, String type, String id, Map<String, ?> data) throws Unavailable, InterruptedException {
        Value reply = connection(by).ask(type, id, data);
        if (reply.get("type").asString().equals("error")) {
            throw ProtocolClient.again(reply.get("data").get("code").asString(), reply.toString());
        }
        return reply;
    }

    @Override
    public String start(String by, String key, String executionId) throws Unavailable, InterruptedException {
        Map<String, Object> data = new HashMap<>(Map.of("workflowId", ClusterWorkflow.ID));
        if (executionId != null) {
            data.put("executionId", executionId);
        }
        return ask(by, "execute", key, data).get("data").get("executionId").asString();
    }

    @Override
    public PauseToken question(String executionId) throws Unavailable, InterruptedException {
        List<Value> open = ask(NOBODY, "interactions", SocketConnection.newId(), Map.of("executionId", executionId))
                .get("data")
                .get("interactions")
                .asList();
        return open.isEmpty()
                ? null
                : new PauseToken(
                        executionId,
                        open.get(0).get("nodeId").asString(),
                        open.get(0).get("tokenId").asString());
    }

    @Override
    public Observation.Answered answer(PauseToken token, String by, String key, String answer)
            throws Unavailable, InterruptedException {
        Value reply = ask(
                by,
                "resume",
                key,
                Map.of(
                        "executionId",
                        token.executionId(),
                        "nodeId",
                        token.nodeId(),
                        "tokenId",
                        token.tokenId(),
                        "data",
                        answer));
        String code = "accepted";
        if (!reply.get("type").asString().equals("resume_success")) {
            code = reply.get("data").get("code").asString();
            if (ProtocolClient.isForAgain(code)) {
                throw new Unavailable(code);
            }
        }
        return new Observation.Answered(
                token.executionId(), token.nodeId(), token.tokenId(), by, answer, code, null); // the reply has no time
    }

    @Override
    public boolean cancel(String executionId, String by, String key) throws Unavailable, InterruptedException {
        Value reply = ask(by, "cancel", key, Map.of("executionId", executionId));
        return reply.get("data").get("status").asString().equals("cancelled");
    }

    @Override
    public Value state(String executionId) throws Unavailable, InterruptedException {
        try (SocketConnection.Subscription following =
                connection(NOBODY).subscribe(executionId, Map.of("executionId", executionId, "after", "latest"))) {
            Value status = following.status();
            return Value.of(status.get("data").asMap().get("state")); // a path "state" would name the root
        }
    }

    @Override
    public Follower follow(String by, String executionId, long after) throws Unavailable, InterruptedException {
        Map<String, Object> data = new HashMap<>(Map.of("executionId", executionId));
        if (after > 0) {
            data.put("after", after);
            String epoch = EPOCHS.get(executionId);
            if (epoch != null) {
                data.put("epoch", epoch);
            }
        }
        SocketConnection.Subscription following = connection(by).subscribe(executionId, data);
        EPOCHS.put(executionId, following.epoch());
        return following;
    }

    @Override
    public void close() {
        connections.values().forEach(SocketConnection::close);
    }
}
