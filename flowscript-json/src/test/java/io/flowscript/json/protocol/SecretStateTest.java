package io.flowscript.json.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.SecretPaths;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SecretStateTest {

    private static final ExecutionSnapshot SNAPSHOT = ExecutionSnapshot.builder()
            .executionId("e")
            .workflowId("w")
            .definitionHash("h")
            .secrets(SecretPaths.of(List.of(JsonPath.parse("$.customer.pin"))))
            .state(Map.of("amount", 250, "customer", Map.of("name", "Ada", "pin", 1234)))
            .createdAt(Instant.EPOCH)
            .epoch("epoch")
            .lastEventAt(Instant.EPOCH)
            .build();

    @Test
    @DisplayName("Clients get the state with its secrets masked, over REST and in messages of both versions")
    void masked() {
        assertThat(new ResourceView(WireSettings.DEFAULTS).execution(SNAPSHOT, Redaction.NONE))
                .containsEntry("state", Map.of("amount", 250, "customer", Map.of("name", "Ada", "pin", "[secret]")));
        ServerMessages messages = new ServerMessages(() -> Instant.EPOCH, WireSettings.DEFAULTS);
        for (ServerMessages version : List.of(messages, messages.forFirstVersion())) {
            assertThat(new String(version.executionStatus(null, SNAPSHOT, Redaction.NONE), UTF_8))
                    .contains("\"pin\":\"[secret]\"", "Ada", "250")
                    .doesNotContain("1234");
        }
    }

    @Test
    void leftOutWithoutState() {
        assertThat(new ResourceView(WireSettings.DEFAULTS.withoutState()).execution(SNAPSHOT, Redaction.NONE))
                .doesNotContainKey("state")
                .containsEntry("omitted", List.of("state"));
    }
}
