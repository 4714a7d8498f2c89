package io.flowscript.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.testsupport.server.Http;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.AotDetector;
import org.springframework.boot.SpringApplicationAotProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.aot.AbstractAotProcessor;

/** An application that Spring prepares ahead of time. It is prepared and compiled once, as the plugin of Spring Boot does it. */
@Tag("slow")
@Timeout(120)
class AheadOfTimeTest {

    private static final int LONGEST_SECONDS = 100;

    private static final String[] SETTINGS = {
        "--spring.autoconfigure.exclude=org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration",
        "--server.port=0",
        "--server.address=127.0.0.1",
        "--flowscript.console=true",
        "--flowscript.workflows=classpath*:workflows/*.json,classpath:/workflows/exp?nse.json,file:elsewhere/*.json",
        "--logging.config=classpath:console-logback.xml",
        "--management.endpoints.web.exposure.include=flowscript",
        "--spring.main.banner-mode=off"
    };

    @TempDir
    static Path folder;

    private static Path classes;
    private static Path resources;

    @BeforeAll
    static void prepare() throws IOException {
        Path sources = folder.resolve("sources");
        classes = Files.createDirectories(folder.resolve("classes"));
        resources = folder.resolve("resources");
        new SpringApplicationAotProcessor(
                        PreparedApplication.class,
                        AbstractAotProcessor.Settings.builder()
                                .sourceOutput(sources)
                                .resourceOutput(resources)
                                .classOutput(classes)
                                .groupId("shop")
                                .artifactId("shop")
                                .build(),
                        with("--flowscript.store=file"))
                .process();
        compile(sources);
    }

    private static String[] with(String... settings) {
        return Stream.concat(
                        Stream.concat(Arrays.stream(SETTINGS), Arrays.stream(settings)),
                        Stream.of("--flowscript.store-file=" + folder.resolve("flows.db")))
                .toArray(String[]::new);
    }

    private static void compile(Path sources) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"), "-d", classes.toString()));
        try (Stream<Path> files = Files.walk(sources)) {
            files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
    }

    private static Process start(String... settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dspring.aot.enabled=true",
                "-cp",
                String.join(
                        File.pathSeparator,
                        classes.toString(),
                        resources.toString(),
                        System.getProperty("java.class.path")),
                PreparedApplication.class.getName()));
        command.addAll(List.of(with(settings)));
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
        // One that hangs would keep who reads its output.
        CompletableFuture.delayedExecutor(LONGEST_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
        return process;
    }

    private static String basic(String person) {
        return "Basic " + Base64.getEncoder().encodeToString((person + ":pw").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("A prepared application serves: it runs a workflow, asks, takes the answer and has the console")
    void serves() throws Exception {
        Process process = start("--flowscript.store=file");
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            int port = output.lines()
                    .filter(line -> line.startsWith(PreparedApplication.STARTED))
                    .mapToInt(line -> Integer.parseInt(line.substring(PreparedApplication.STARTED.length())))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("It has not started"));
            runsAWorkflow(new Http(URI.create("http://127.0.0.1:" + port)));
            process.outputWriter(StandardCharsets.UTF_8).close();
            assertThat(process.waitFor()).isZero();
            assertThat(folder.resolve("flows.db")).exists();
        } finally {
            process.destroyForcibly();
        }
    }

    private static void runsAWorkflow(Http http) throws Exception {
        String execute = "/flow/workflows/expense/execute";
        assertThat(http.post(execute, Map.of()).status()).isEqualTo(401);
        Http.Reply started = http.post(execute, Map.of(), "Authorization", basic("ann"));
        assertThat(started.status()).isEqualTo(201);
        String run = "/flow/executions/" + started.get("executionId");

        await().until(() -> !asked(http, started).isEmpty());
        Map<?, ?> question = (Map<?, ?>) asked(http, started).get(0);
        Http.Reply answered = http.post(
                run + "/resume",
                Map.of("tokenId", question.get("tokenId"), "data", Map.of()),
                "Authorization",
                basic("max"));
        assertThat(answered.status()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(
                        http.get(run + "/status", "Authorization", basic("max")).get("status"))
                .isEqualTo("completed"));
        assertThat(http.get("/flow/console/", "Authorization", basic("ann")).text())
                .contains("<title>");
    }

    private static List<?> asked(Http http, Http.Reply started) throws Exception {
        return (List<?>)
                http.get("/flow/interactions?executionId=" + started.get("executionId"), "Authorization", basic("max"))
                        .get("interactions");
    }

    @Test
    @DisplayName("A prepared application that is started with another store says that the store was chosen before")
    void anotherStore() throws Exception {
        Process process = start("--flowscript.store=memory");
        process.outputWriter(StandardCharsets.UTF_8).close(); // one that starts ends at once
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).isEqualTo(1);
            assertThat(output + Files.readString(folder.resolve("errors.txt")))
                    .contains("APPLICATION FAILED TO START")
                    .contains("flowscript.store is \"memory\", and had another value");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @DisplayName("A setting that would have no effect in a prepared application is refused")
    void refused() {
        FlowScriptProperties off = properties("flowscript.enabled", "false");
        assertRefused(() -> new FlowScriptAutoConfiguration().flowScript(off, null, null), "flowscript.enabled");
        FlowScriptProperties memory = properties("flowscript.store", "memory");
        assertRefused(
                () -> new FlowScriptStoreAutoConfiguration().flowScriptDataSourceStore(memory, null, null),
                "flowscript.store is \"memory\"");
        FlowScriptProperties unadapted = properties("flowscript.adapt-security", "false");
        assertRefused(
                () -> new FlowScriptSecurityAutoConfiguration.FilterChains().flowScriptSecurity(null, unadapted),
                "flowscript.adapt-security");
    }

    @Test
    @DisplayName(
            "When a bean is missing, a prepared application says that the setting may have come too late, and others do not")
    void hint() {
        assertThat(PreparedSettings.hint()).isEmpty();
        System.setProperty(AotDetector.AOT_ENABLED, "true");
        try {
            assertThat(PreparedSettings.hint()).contains("prepared ahead of time");
        } finally {
            System.clearProperty(AotDetector.AOT_ENABLED);
        }
    }

    private static FlowScriptProperties properties(String name, String value) {
        return new Binder(new MapConfigurationPropertySource(Map.of(name, value)))
                .bindOrCreate("flowscript", FlowScriptProperties.class);
    }

    private static void assertRefused(ThrowingCallable making, String name) {
        assertThatThrownBy(making)
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("invalid_setting"))
                .hasMessageContaining(name)
                .hasMessageContaining("prepared ahead of time");
    }

    @Test
    @DisplayName(
            "What is written for a native image has the places of workflows, the properties, and what the actuator writes as JSON")
    @SuppressWarnings("unchecked")
    void metadata() throws IOException {
        byte[] written =
                Files.readAllBytes(resources.resolve("META-INF/native-image/shop/shop/reachability-metadata.json"));
        Map<String, List<Map<String, Object>>> metadata = (Map<String, List<Map<String, Object>>>)
                new JsonReader(100).read(new String(written, StandardCharsets.UTF_8));
        assertThat(metadata.get("resources").stream().map(entry -> entry.get("glob")))
                .contains("workflows/*.json", "workflows/exp*nse.json", "META-INF/resources/console/**")
                .noneMatch(glob -> String.valueOf(glob).contains("elsewhere"));
        Stream<String> bound = Stream.concat(
                        Stream.of(FlowScriptProperties.class),
                        Arrays.stream(FlowScriptProperties.class.getDeclaredClasses()))
                .filter(Class::isRecord)
                .map(Class::getName);
        assertThat(metadata.get("reflection").stream()
                        .filter(entry -> entry.containsKey("methods"))
                        .map(entry -> String.valueOf(entry.get("type"))))
                .containsAll(bound.toList())
                .contains(
                        "io.flowscript.spring.boot.FlowScriptEndpoint$Figures",
                        "io.flowscript.engine.EngineStats",
                        "io.flowscript.engine.EngineCounts",
                        "io.flowscript.engine.EngineHealth$Shards",
                        "io.flowscript.events.delivery.BridgeStats");
    }
}
