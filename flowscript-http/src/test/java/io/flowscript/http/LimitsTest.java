package io.flowscript.http;

import static io.flowscript.http.AttackedServer.JSON;
import static io.flowscript.http.AttackedServer.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.http.AttackedServer.Reply;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A limit is taken exactly, and refused one past it")
class LimitsTest {

    @ParameterizedTest
    @CsvSource({
        "/executions?limit=, 1000, 1001",
        "/executions?limit=, 1, 0",
        "/interactions?limit=, 1000, 1001",
        "/executions/e-1/events?limit=, 1000, 1001",
        "/executions/e-1/events?limit=, 1, 0",
        "/executions/e-1/events?wait=, 30, 31",
        "/executions/e-1/events?wait=, 0, -1",
        "/executions?limit=, 5, 99999999999999999999"
    })
    void numbers(String target, String taken, String refused) {
        try (AttackedServer server = new AttackedServer(settings -> settings)) {
            server.start("e-1");
            assertThat(server.get(target + taken).status()).isEqualTo(200);
            assertThat(server.get(target + refused).status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/executions?text=, 256, 257",
        "/interactions?text=, 256, 257",
        "/executions/e-1/events?nodes=, 256, 257",
        "/workflows/ask?hash=, 64, -1"
    })
    void lengths(String target, int taken, int refused) {
        try (AttackedServer server = new AttackedServer(settings -> settings)) {
            server.start("e-1");
            assertThat(server.get(target + "x".repeat(taken)).status()).isIn(200, 404);
            if (refused > 0) {
                assertThat(server.get(target + "x".repeat(refused)).status()).isEqualTo(400);
            }
        }
    }

    @Test
    void names() {
        try (AttackedServer server = new AttackedServer(settings -> settings)) {
            server.start("e-1");
            String names = IntStream.range(0, 1_000)
                    .mapToObj(i -> "n" + i)
                    .reduce((a, b) -> a + "," + b)
                    .orElseThrow();
            assertThat(server.get("/executions/e-1/events?nodes=" + names).status())
                    .isEqualTo(200);
            assertThat(server.get("/executions/e-1/events?nodes=" + names + ",more")
                            .status())
                    .isEqualTo(400);
        }
    }

    @Test
    void ids() {
        try (AttackedServer server = new AttackedServer(settings -> settings)) {
            assertThat(execute(server, "x".repeat(128)).status()).isEqualTo(201);
            assertThat(execute(server, "x".repeat(129)).status()).isEqualTo(400);
        }
    }

    private static Reply execute(AttackedServer server, String id) {
        return server.post("/workflows/ask/execute", "{\"executionId\":\"" + id + "\"}", JSON);
    }

    @Test
    @DisplayName(
            "The rate of requests of one address: its burst, none more, and as many as the rate says a second later")
    void requests() {
        try (AttackedServer server = new AttackedServer(settings -> settings.requestsPerSecond(5))) {
            assertThat(statuses(server, 10)).containsOnly(200);
            Reply refused = server.get("/health");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.headers()).containsKey("Retry-After");
            server.clock.advance(Duration.ofSeconds(1));
            assertThat(statuses(server, 5)).containsOnly(200);
            assertThat(statuses(server, 1)).containsOnly(429);
            assertThat(server.refused).containsOnly("rate_limited").hasSize(2);
        }
    }

    @Test
    @DisplayName("and OPTIONS, paths that refuse and links count as much as others")
    void everythingCounts() {
        try (AttackedServer server = new AttackedServer(settings -> settings.requestsPerSecond(1))) {
            server.send(head("OPTIONS", "/workflows"), "");
            server.send(head("DELETE", "/workflows"), "");
            assertThat(server.get("/health").status()).isEqualTo(429);
        }
    }

    @Test
    void bodies() {
        try (AttackedServer server = new AttackedServer(settings -> settings.maxBodyBytes(10))) {
            assertThat(server.post("/workflows/ask/execute", "{       }", JSON).status())
                    .isEqualTo(201);
            assertThat(server.post("/workflows/ask/execute", "{        }", JSON).status())
                    .isEqualTo(201);
            assertThat(server.post("/workflows/ask/execute", "{         }", JSON)
                            .status())
                    .isEqualTo(413);
        }
    }

    private static IntStream statuses(AttackedServer server, int requests) {
        return IntStream.range(0, requests).map(i -> server.get("/health").status());
    }
}
