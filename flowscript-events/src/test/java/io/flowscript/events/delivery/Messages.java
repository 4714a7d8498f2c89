package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.events.memory.MemoryClient;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Looking at what clients received. */
final class Messages {

    private Messages() {}

    static List<String> types(MemoryClient client) {
        return types(client.received());
    }

    static List<String> types(List<Map<String, Object>> messages) {
        return messages.stream().map(message -> (String) message.get("type")).toList();
    }

    static List<Long> seqs(MemoryClient client, String executionId) {
        return client.events(executionId).stream()
                .map(message -> ((Number) message.get("seq")).longValue())
                .toList();
    }

    static void assertSeqs(MemoryClient client, String executionId, long from, long to) {
        assertThat(seqs(client, executionId))
                .as("numbers of the events of " + executionId)
                .isEqualTo(LongStream.rangeClosed(from, to).boxed().toList());
    }

    static List<Map<String, Object>> ofType(MemoryClient client, String type) {
        return client.received().stream()
                .filter(message -> type.equals(message.get("type")))
                .toList();
    }

    static Map<String, Object> data(MemoryClient client, String type) {
        List<Map<String, Object>> found = ofType(client, type);
        assertThat(found).as(type + " in " + types(client)).isNotEmpty();
        return MemoryClient.data(found.get(found.size() - 1));
    }

    static Object code(MemoryClient client, String requestId) {
        return MemoryClient.data(client.awaitReply(requestId)).get("code");
    }
}
