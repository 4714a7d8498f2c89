package io.flowscript.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.client.ClientEvent;
import io.flowscript.client.ClientSettings;
import io.flowscript.client.Credentials;
import io.flowscript.client.EventStream;
import io.flowscript.client.EventSubscription;
import io.flowscript.client.FlowScriptClient;
import io.flowscript.client.InboxFilter;
import io.flowscript.client.InboxItem;
import io.flowscript.client.RemoteExecution;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Position;
import io.flowscript.examples.server.ExampleServer;
import io.flowscript.examples.server.ServerOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of the guide to the Java client, compiled and run. */
@Timeout(60)
class JavaClientGuideTest {

    private static final DocExamples GUIDE = new DocExamples("docs/guide-java-client.md");

    private static ExampleServer started;
    private static URI server;

    @TempDir
    static Path definitions;

    @BeforeAll
    static void start() {
        started = ExampleServer.start(new ServerOptions(0, definitions));
        server = URI.create("http://localhost:" + started.port());
    }

    @AfterAll
    static void end() {
        started.close();
    }

    @Test
    void theFirstProgramFollowsAndAnswers() {
        List<Receipt> receipts = new ArrayList<>();
        // Guide: URI.create("http://localhost:3013")
        try (FlowScriptClient client = FlowScriptClient.builder(server).build()) {
            RemoteExecution run = client.execute("expense-approval", Map.of("employee", "bob", "amount", 250))
                    .join();
            for (ClientEvent event : run.events().read(Duration.ofMinutes(1))) {
                System.out.println(event);
                if (event instanceof ClientEvent.Happened happened
                        && happened.event() instanceof HumanEvent.InputRequired asked) {
                    Receipt receipt = run.answer(asked.tokenId(), Map.of("decision", "approved"))
                            .join();
                    receipts.add(receipt);
                }
            }
            assertThat(receipts).hasOnlyElementsOfType(Receipt.Accepted.class).isNotEmpty();
            assertThat(run.result(Duration.ofSeconds(20)).get("$.approved").raw())
                    .isEqualTo(true);
        }
    }

    @Test
    void aKeptPositionIsWhereTheNextSubscriptionGoesOn() throws Exception {
        try (FlowScriptClient client = FlowScriptClient.builder(server).build()) {
            RemoteExecution run = client.execute("data-processing", Map.of()).join();
            run.result(Duration.ofSeconds(20));
            EventStream events = run.events();
            Database database = new Database();
            Position kept = Position.after(3);
            EventSubscription subscription = events.from(kept).forEach(event -> {
                database.inTransaction(() -> {
                    handle(event);
                    database.keep(event.executionId(), event.position());
                });
            });
            subscription.ended().get(20, TimeUnit.SECONDS);
            assertThat(handled.get(0).position().seq()).isEqualTo(4);
            assertThat(database.positions.get(run.id()).seq()).isEqualTo(3 + handled.size());
        }
    }

    private final List<ClientEvent> handled = new ArrayList<>();

    private void handle(ClientEvent event) {
        handled.add(event);
    }

    private static final class Database {

        private final Map<String, Position> positions = new ConcurrentHashMap<>();

        void inTransaction(Runnable work) {
            work.run();
        }

        void keep(String executionId, Position position) {
            positions.put(executionId, position);
        }
    }

    private static volatile List<InboxItem> shown = List.of();

    private static void show(List<InboxItem> items) {
        shown = items;
    }

    @Test
    void theInboxIsFollowed() {
        String token = "none";
        FlowScriptClient client = FlowScriptClient.builder(server)
                .credentials(refused -> Credentials.bearer(refused ? renew() : token))
                .build();
        EventSubscription inbox = client.inbox(InboxFilter.ALL.mine(), page -> show(page.items()));
        client.execute("expense-approval", Map.of("employee", "bob", "amount", 250))
                .join();
        Awaitility.await().until(() -> client.stats().connections() == 1);
        inbox.close();
        client.close();
        assertThat(shown).isNotNull();
    }

    private static String renew() {
        return "renewed";
    }

    @Test
    void settingsAreSetBeforeTheClientIsBuilt() {
        FlowScriptClient client = FlowScriptClient.builder(server)
                .settings(ClientSettings.defaults().connections(8).maxBackoff(Duration.ofMinutes(1)))
                .build();
        client.close();
        assertThat(client.stats().connections()).isZero();
    }

    static List<String> javaBlocks() throws Exception {
        return GUIDE.blocks("java");
    }

    @ParameterizedTest
    @MethodSource("javaBlocks")
    void everyJavaExampleOfTheGuideIsInThisFile(String block) throws Exception {
        DocExamples.assertIsIn(
                JavaClientGuideTest.class, block.replace("URI.create(\"http://localhost:3013\")", "server"));
    }
}
