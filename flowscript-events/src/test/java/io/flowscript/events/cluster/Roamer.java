package io.flowscript.events.cluster;

import io.flowscript.core.log.Position;
import io.flowscript.events.memory.MemoryClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/** Somebody who follows one execution in one process after the other, and says each time where they were. */
final class Roamer {

    private final String executionId;
    private final List<Long> heard = new ArrayList<>();
    private Position position = Position.START;
    private MemoryClient client;

    Roamer(String executionId) {
        this.executionId = executionId;
    }

    String executionId() {
        return executionId;
    }

    /** Leaves the process for another one. */
    synchronized void roam(ClusterProcess to) {
        take();
        if (client != null) {
            client.disconnect();
        }
        client = to.connect();
        if (client != null) {
            String unused = client.subscribe(executionId, position);
        }
    }

    private void take() {
        if (client == null) {
            return;
        }
        for (Map<String, Object> message : client.received()) {
            if (message.containsKey("seq")) {
                heard.add(((Number) Objects.requireNonNull(message.get("seq"))).longValue());
            } else if (Objects.equals(message.get("type"), "events_missed")) {
                heard.add(-1L); // a hole was told
            }
        }
        Position now = client.position(executionId);
        position = now.equals(Position.START) ? position : now;
        client.clear();
    }

    synchronized boolean hasAll(long last) {
        take();
        return heard.size() >= last;
    }

    synchronized void check(long last, List<String> wrong) {
        take();
        if (!LongStream.rangeClosed(1, last).boxed().toList().equals(heard)) {
            wrong.add("Who roams has heard " + heard + " of " + executionId + ", not 1 to " + last);
        }
    }
}
