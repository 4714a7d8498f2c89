package io.flowscript.http;

import static io.flowscript.http.AttackedServer.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.http.AttackedServer.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What belongs to another tenant looks like what does not exist")
class TenantsTest {

    private static final String TOKEN = "{token}";

    /** Executions of a tenant begin with its name. */
    private final AccessPolicy byPrefix = (who, action, workflowId, executionId) ->
            executionId == null ? isAsk(workflowId) : executionId.startsWith(who.name() + ":");

    private final AttackedServer server = new AttackedServer(byPrefix, settings -> settings);
    private ExecutionSnapshot before;
    private String token = "";

    private static boolean isAsk(String workflowId) {
        return "ask".equals(workflowId);
    }

    @BeforeEach
    void start() {
        server.start("ann:1");
        before = snapshot();
        token = before.open().get(0).token().tokenId();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private ExecutionSnapshot snapshot() {
        return server.flows.executions().find("ann:1").orElseThrow().snapshot();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "GET  | /executions/{id}/status          | ",
                "GET  | /executions/{id}/events          | ",
                "GET  | /executions/{id}/events?after=a:9| ",
                "GET  | /executions/{id}/events?limit=0  | ",
                "GET  | /interactions/{id}/{token}       | ",
                "POST | /executions/{id}/cancel          | {}",
                "POST | /executions/{id}/resume          | {\"tokenId\":\"{token}\",\"data\":1}",
                "POST | /executions/{id}/resume          | {\"nodeId\":\"ask-1\",\"data\":1}",
                "POST | /executions/{id}/claim           | {\"tokenId\":\"{token}\"}",
                "POST | /executions/{id}/release         | {\"tokenId\":\"{token}\"}",
                "POST | /executions/{id}/ack             | {\"position\":\"a:1\"}",
                "POST | /workflows/ask/execute           | {\"executionId\":\"{id}\"}"
            })
    void oneByOne(String method, String path, String body) {
        Reply existing = send("bob", method, path, body, "ann:1");
        Reply missing = send("bob", method, path, body, "ann:2");
        assertThat(existing.status()).isIn(403, 404);
        assertThat(existing.status()).isEqualTo(missing.status());
        assertThat(existing.headers()).isEqualTo(missing.headers());
        assertThat(existing.body().replace("ann:1", "ann:2")).isEqualTo(missing.body());
        assertThat(existing.body()).doesNotContain(token);
        assertThat(snapshot()).as("nothing was done").isEqualTo(before);
        assertThat(server.flows.executions().size()).isEqualTo(1);
        assertThat(server.refused).as("both are reported alike").hasSize(2).allMatch(server.refused.get(0)::equals);
    }

    @ParameterizedTest
    @CsvSource({
        "/executions",
        "/executions/count",
        "/executions?text=ann",
        "/interactions",
        "/interactions/count",
        "/interactions?executionId=ann:1",
        "/workflows/ask/versions"
    })
    void lists(String path) {
        Reply theirs = send("bob", "GET", path, null, "");
        assertThat(theirs.status()).isEqualTo(200);
        assertThat(theirs.body()).doesNotContain("ann:1", token, "\"paused\":1", "\"count\":1");
        assertThat(send("ann", "GET", path, null, "").body()).isNotEqualTo(theirs.body());
    }

    @Test
    @DisplayName("and the owner gets in at the same doors")
    void owner() {
        assertThat(send("ann", "GET", "/executions/{id}/status", null, "ann:1").status())
                .isEqualTo(200);
        assertThat(send("ann", "GET", "/interactions/{id}/{token}", null, "ann:1")
                        .status())
                .isEqualTo(200);
        assertThat(send("ann", "POST", "/executions/{id}/cancel", "{}", "ann:1").status())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("A workflow that one may neither see nor start is not there either")
    void workflows() {
        List<Reply> replies = new ArrayList<>();
        for (String id : new String[] {"secret", "none"}) {
            server.flows.workflows();
            replies.add(send("bob", "GET", "/workflows/" + id, null, ""));
            replies.add(send("bob", "GET", "/workflows/" + id + "/versions", null, ""));
            replies.add(send("bob", "POST", "/workflows/" + id + "/execute", "{}", ""));
        }
        assertThat(replies).allMatch(reply -> reply.status() == 404);
        assertThat(replies.subList(0, 3)).isEqualTo(replies.subList(3, 6));
    }

    private Reply send(String who, String method, String path, String body, String executionId) {
        assertThat(Identity.of(who).name()).isEqualTo(who);
        String target = path.replace("{id}", executionId).replace(TOKEN, token);
        String content = body == null ? "" : body.replace("{id}", executionId).replace(TOKEN, token);
        return method.equals("GET")
                ? server.get(target, "Authorization: Bearer " + who)
                : server.post(target, content, JSON, "Authorization: Bearer " + who);
    }
}
