package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.http.AttackedServer.Reply;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What is hidden from an identity comes out of no resource")
class HiddenDataTest {

    private static final String NAME = "Zaphod";

    /** From {@code al}, names are hidden. For {@code eve} the redactor fails. */
    private final AttackedServer server = new AttackedServer(
            AccessPolicy.EVERYONE,
            (who, workflowId, executionId) -> {
                if (who.name().equals("eve")) {
                    throw new IllegalStateException("no rights today");
                }
                return who.name().equals("al")
                        ? Redaction.NONE.mask("**.name", "by", "seenBy", "error")
                        : Redaction.NONE;
            },
            settings -> settings);

    private String token = "";

    @BeforeEach
    void start() {
        server.flows.start("ask", Map.of("name", NAME, "amount", 7), "run");
        Interaction asked = server.flows
                .executions()
                .find("run")
                .orElseThrow()
                .interactions()
                .get(0);
        token = asked.token().tokenId();
        Identity somebody = Identity.of(NAME);
        server.flows.interactions().revise(asked.token(), Map.of("name", NAME, "amount", 7), somebody);
        server.flows.interactions().claim(asked.token(), somebody, Duration.ofMinutes(1));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Reply send(String who, String method, String path, String body) {
        String target = path.replace("{token}", token);
        String bearer = "Authorization: Bearer " + who;
        return method.equals("GET")
                ? server.get(target, bearer)
                : server.post(target, body.replace("{token}", token), bearer, AttackedServer.JSON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "GET  | /executions/run/status          | ",
                "GET  | /executions/run/events?limit=99 | ",
                "GET  | /executions                     | ",
                "GET  | /interactions                   | ",
                "GET  | /interactions/run/{token}       | ",
                "POST | /executions/run/resume          | {\"tokenId\":\"{token}\",\"data\":1}",
                "POST | /executions/run/claim           | {\"tokenId\":\"{token}\"}",
                "POST | /executions/run/release         | {\"tokenId\":\"{token}\"}"
            })
    void resources(String method, String path, String body) {
        for (String who : new String[] {"al", "eve"}) {
            Reply hidden = send(who, method, path, body);
            assertThat(hidden.status()).isLessThan(500);
            assertThat(hidden.body()).isNotEmpty().doesNotContain(NAME);
        }
        assertThat(send("ann", method, path, body).body()).contains(NAME);
    }

    @ParameterizedTest
    @CsvSource({
        "/interactions/count?text=Zaphod",
        "/interactions/count?claimedBy=Zaphod",
    })
    void searches(String path) {
        assertThat(send("al", "GET", path, "").body()).contains("\"count\":0");
        assertThat(send("eve", "GET", path, "").body()).contains("\"count\":0");
        assertThat(send("ann", "GET", path, "").body()).contains("\"count\":1");
    }

    @Test
    @DisplayName("and what is not hidden still does")
    void rest() {
        assertThat(send("al", "GET", "/executions/run/status", "").body())
                .contains("\"amount\":7", "\"name\":\"[hidden]\"");
        assertThat(send("eve", "GET", "/executions/run/status", "").body())
                .contains("\"omitted\":[\"state\"]")
                .doesNotContain("amount");
    }
}
