package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the bridge holds for a client that has subscribed and to which nothing happens. */
@Timeout(60)
@Tag("slow")
class IdleClientMemoryTest {

    private static final int CLIENTS = 2_000;
    private static final int ROUNDS = 5;

    @ParameterizedTest
    @EnumSource(Framing.class)
    @DisplayName("an idle client holds at most 1.2 KB of the bridge")
    void anIdleClientIsSmall(Framing framing) {
        try (FlowScript flows = FlowScript.builder()
                        .node("waits", context -> new Sleep(Duration.ofHours(1), "later"))
                        .workflow(WorkflowDefinition.of(Map.of("id", "waits", "nodes", List.of("waits"))))
                        .build();
                FlowScriptBridge bridge = FlowScriptBridge.builder(flows)
                        .limits(BridgeLimits.defaults().maxConnections((ROUNDS + 1) * CLIENTS))
                        .build()) {
            flows.start("waits", Map.of(), "one");
            List<GreetedClient> clients = new ArrayList<>((ROUNDS + 1) * CLIENTS);
            connect(bridge, framing, clients); // what all share is there after them
            long[] growth = new long[ROUNDS];
            long before = used();
            for (int round = 0; round < ROUNDS; round++) {
                connect(bridge, framing, clients);
                long now = used();
                growth[round] = (now - before) / CLIENTS;
                before = now;
            }
            Arrays.sort(growth);
            assertThat(growth[ROUNDS / 2]) // what else is collected or kept in the process disturbs single rounds
                    .as("bytes for each client, %s, of %s", framing, Arrays.toString(growth))
                    .isBetween(300L, 1_200L);
        }
    }

    private static void connect(FlowScriptBridge bridge, Framing framing, List<GreetedClient> clients) {
        for (int i = 0; i < CLIENTS; i++) {
            GreetedClient client = new GreetedClient();
            clients.add(client);
            bridge.connect(client, new ClientInfo(Identity.ANONYMOUS, framing))
                    .receive(
                            ByteBuffer.wrap(
                                    "{\"type\":\"subscribe\",\"data\":{\"executionId\":\"one\",\"after\":\"latest\"}}"
                                            .getBytes(StandardCharsets.UTF_8)),
                            () -> client.isHandled = true);
        }
        Awaitility.await().until(() -> clients.stream().allMatch(client -> client.isHandled));
    }

    /** The heap in use right after a collection, without what threads have reserved since. */
    private static long used() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage)
                .filter(Objects::nonNull)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
    }

    /** Takes everything at once, and keeps nothing. */
    private static final class GreetedClient implements ClientChannel {

        /** Whether the subscription was replied to, after which the bridge wants the next message. */
        private volatile boolean isHandled;

        @Override
        public void send(List<ByteBuffer> frames, SendCallback done) {
            done.sent();
        }

        @Override
        public void close(int code, String reason) {
            // the end of the test
        }
    }
}
