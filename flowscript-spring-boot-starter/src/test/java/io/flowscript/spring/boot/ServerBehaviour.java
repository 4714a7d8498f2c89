package io.flowscript.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.testsupport.server.Http;
import io.flowscript.testsupport.server.RawClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.password.PasswordEncoder;

/** An application with the usual login of Spring Boot, in one container. It is started again after the tests that stop it. */
@Tag("integration")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServerBehaviour {

    private static final int MANY = 1_000;
    private static final String JSON = "application/json";

    private final List<RawClient> clients = new ArrayList<>();
    private ConfigurableApplicationContext application;

    /** The application: two people, and a servlet of its own. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Approval.class)
    static class App {

        @Bean
        UserDetailsService people() {
            return name -> User.withUsername(name)
                    .password("pw")
                    .roles(name.equals("max") ? "manager" : "employee")
                    .build();
        }

        /** Passwords here are no secret, and to encode a thousand takes a minute. */
        @Bean
        PasswordEncoder plain() {
            return new PasswordEncoder() {
                @Override
                public String encode(CharSequence raw) {
                    return raw.toString();
                }

                @Override
                public boolean matches(CharSequence raw, String encoded) {
                    return encode(raw).equals(encoded);
                }
            };
        }

        @Bean
        ServletRegistrationBean<OwnServlet> ownServlet() {
            return new ServletRegistrationBean<>(new OwnServlet(), "/own");
        }
    }

    /** {@return the settings that choose the container} */
    abstract List<String> container();

    @BeforeEach
    void start() {
        if (application == null || !application.isActive()) {
            application = run();
        }
    }

    private ConfigurableApplicationContext run() {
        List<String> arguments = new ArrayList<>(container());
        arguments.addAll(List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--server.servlet.context-path=/shop",
                "--flowscript.console=true",
                "--management.endpoints.web.exposure.include=prometheus",
                "--flowscript.transports.max-event-requests-per-client=" + 2 * MANY,
                "--flowscript.transports.closing-time=9s", // who is late is cut, and a machine with other work is late
                "--spring.main.banner-mode=off"));
        SpringApplication spring = new SpringApplication(App.class);
        spring.setRegisterShutdownHook(false);
        return spring.run(arguments.toArray(String[]::new));
    }

    @AfterEach
    void disconnect() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        clients.clear();
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private int port() {
        return ((WebServerApplicationContext) application).getWebServer().getPort();
    }

    private Http http() {
        return new Http(URI.create("http://127.0.0.1:" + port()));
    }

    private static String basic(String person) {
        return "Basic " + Base64.getEncoder().encodeToString((person + ":pw").getBytes(StandardCharsets.UTF_8));
    }

    private Http.Reply get(String path, String person) throws Exception {
        return http().get(path, "Authorization", basic(person), "Accept", JSON);
    }

    /** Sends a request whose answer may be no JSON. */
    private HttpResponse<String> send(String method, String path, String person, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(method.equals("POST") ? "{}" : ""))
                .header("Content-Type", JSON)
                .header("Authorization", basic(person));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String scrape() {
        byte[] metrics = application
                .getBean(PrometheusScrapeEndpoint.class)
                .scrape(PrometheusOutputFormat.CONTENT_TYPE_004, null)
                .getBody();
        return new String(metrics, StandardCharsets.UTF_8);
    }

    private RawClient open() throws IOException {
        RawClient client = RawClient.to(port());
        clients.add(client);
        return client;
    }

    private RawClient stream(Execution run) throws IOException {
        RawClient client = open();
        client.send(("GET /shop/flow/executions/" + run.id() + "/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        + "Authorization: " + basic("max") + "\r\nAccept: text/event-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    private RawClient.Answer upgrade(RawClient client, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
        all.addAll(List.of(headers));
        client.send(("GET /shop/flow/ws HTTP/1.1\r\nHost: 127.0.0.1:" + port() + "\r\n" + String.join("\r\n", all)
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        return client.readHead();
    }

    @Test
    @DisplayName("Who has not logged in gets 401, over HTTP and before a WebSocket opens; a browser gets the login")
    void noLogin() throws Exception {
        Http.Reply refused = http().get("/shop/flow/workflows", "Accept", JSON);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.response().headers().firstValue("WWW-Authenticate"))
                .as("what would have a browser ask for a password beside the page")
                .isEmpty();
        assertThat(http().post("/shop/flow/workflows/expense/execute", Map.of()).status())
                .isEqualTo(401);
        assertThat(http().get("/shop/flow/executions/x/events", "Accept", "text/event-stream")
                        .status())
                .isEqualTo(401);
        assertThat(upgrade(open()).status()).isEqualTo(401);

        Http.Reply page = http().get("/shop/flow/console/", "Accept", "text/html,*/*");
        assertThat(page.status()).isEqualTo(302);
        assertThat(page.response().headers().firstValue("Location").orElseThrow())
                .endsWith("/shop/login");
    }

    @Test
    @DisplayName("A client is who has logged in, with the roles as groups")
    void roles() throws Exception {
        Http.Reply started =
                http().post("/shop/flow/workflows/expense/execute", Map.of(), "Authorization", basic("ann"));
        assertThat(started.status()).isEqualTo(201);
        String id = started.body().get("executionId").toString();
        Execution run =
                application.getBean(FlowScript.class).executions().find(id).orElseThrow();
        await().until(() -> !run.interactions().isEmpty());

        String asked = "/shop/flow/interactions?executionId=" + id;
        assertThat((List<?>) get(asked, "ann").body().get("interactions")).isEmpty();
        List<?> seen = (List<?>) get(asked, "max").body().get("interactions");
        assertThat(seen).hasSize(1);

        Map<String, Object> answer = Map.of("tokenId", ((Map<?, ?>) seen.get(0)).get("tokenId"), "data", Map.of());
        String resume = "/shop/flow/executions/" + id + "/resume";
        assertThat(http().post(resume, answer, "Authorization", basic("ann")).status())
                .isIn(403, 404);
        assertThat(http().post(resume, answer, "Authorization", basic("max")).status())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("A WebSocket opens for who has logged in, and not for a page of another origin")
    void webSocket() throws Exception {
        RawClient client = open();
        assertThat(upgrade(client, "Authorization: " + basic("max")).status()).isEqualTo(101);
        assertThat(new String(client.readMessage().payload(), StandardCharsets.UTF_8))
                .contains("\"type\":\"connected\"");

        assertThat(upgrade(open(), "Authorization: " + basic("max"), "Origin: https://evil.example")
                        .status())
                .isEqualTo(403);
    }

    @Test
    @DisplayName(
            "What a page of another origin sends is refused without a token, and the application's own pages still need one")
    void forgery() throws Exception {
        String execute = "/shop/flow/workflows/expense/execute";
        String own = "http://127.0.0.1:" + port();
        assertThat(send("POST", execute, "ann", "Origin", "https://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(send("POST", execute, "ann", "Origin", own).statusCode()).isEqualTo(201);
        assertThat(send("POST", "/shop/own", "ann", "Origin", own).statusCode()).isEqualTo(403);
        assertThat(send("GET", "/shop/own", "ann").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("The console is below the path for who has logged in")
    void console() throws Exception {
        HttpResponse<String> page = send("GET", "/shop/flow/console/", "ann", "Accept", "text/html");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>");
        assertThat(get("/shop/flow/stats", "ann").status()).isEqualTo(200);
    }

    @Test
    @DisplayName(
            "What Prometheus scrapes from the registry of the actuator has the metrics of the engine and of its clients")
    void metrics() throws IOException {
        Execution run = application.getBean(FlowScript.class).start("expense", Map.of());
        await().until(() -> !run.interactions().isEmpty());
        RawClient client = open();
        assertThat(upgrade(client, "Authorization: " + basic("max")).status()).isEqualTo(101);
        client.readMessage();

        await().untilAsserted(() -> assertThat(scrape())
                .containsPattern("(?m)^flowscript_executions_started_total\\{workflow=\"expense\"} [1-9]")
                .containsPattern("(?m)^flowscript_executions_loaded [1-9]")
                .containsPattern("(?m)^flowscript_executions\\{status=\"paused\"} [1-9]")
                .containsPattern("(?m)^flowscript_interactions\\{age=\"1h\"} [1-9]")
                .containsPattern("(?m)^flowscript_connections\\{transport=\"websocket\"} [1-9]"));
    }

    @Test
    @Tag("slow")
    @DisplayName(
            "When the application stops, 1,000 streams end with a good-bye within 2 seconds of the processor, before the container waits for them")
    void goodBye() throws Exception {
        Execution run = application.getBean(FlowScript.class).start("expense", Map.of());
        await().until(() -> !run.interactions().isEmpty());
        for (int i = 0; i < MANY; i++) {
            stream(run);
        }
        for (RawClient client : clients) {
            assertThat(client.readHead().status()).isEqualTo(200);
        }
        RawClient socket = open();
        assertThat(upgrade(socket, "Authorization: " + basic("max")).status()).isEqualTo(101);
        socket.readMessage();

        ClientsLifecycle lifecycle = application.getBean(ClientsLifecycle.class);
        long used = processorNanos();
        long begun = System.nanoTime();
        lifecycle.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("less than the 30 seconds for requests that are under way")
                .isLessThan(Duration.ofSeconds(10));
        // What other processes take from this one does not count.
        assertThat(Duration.ofNanos(processorNanos() - used)).isLessThan(Duration.ofSeconds(2));
        assertThat(socket.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(1001);

        long usedBefore = processorNanos();
        long closing = System.nanoTime();
        application.close();
        assertThat(Duration.ofNanos(System.nanoTime() - closing))
                .as("less than the 30 seconds for requests that are under way")
                .isLessThan(Duration.ofSeconds(25));
        assertThat(Duration.ofNanos(processorNanos() - usedBefore)).isLessThan(Duration.ofSeconds(5));
    }

    private static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    @Test
    @DisplayName("The container does not wait for streams when the application stops, since clients are told before")
    void clientsGoFirst() throws Exception {
        Execution run = application.getBean(FlowScript.class).start("expense", Map.of());
        RawClient stream = stream(run);
        assertThat(stream.readHead().status()).isEqualTo(200);
        RawClient socket = open();
        assertThat(upgrade(socket, "Authorization: " + basic("max")).status()).isEqualTo(101);
        socket.readMessage();

        long begun = System.nanoTime();
        application.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("less than the 30 seconds for requests that are under way")
                .isLessThan(Duration.ofSeconds(10));
        assertThat(socket.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(1001);
    }

    @Test
    @DisplayName("After a pause of the application, clients are let in again")
    void pause() throws Exception {
        ClientsLifecycle lifecycle = application.getBean(ClientsLifecycle.class);
        lifecycle.stop();
        assertThat(upgrade(open(), "Authorization: " + basic("max")).status()).isNotEqualTo(101);
        lifecycle.start();
        assertThat(upgrade(open(), "Authorization: " + basic("max")).status()).isEqualTo(101);
    }
}
