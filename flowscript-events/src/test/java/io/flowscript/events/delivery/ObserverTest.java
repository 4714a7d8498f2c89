package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.assertSeqs;
import static io.flowscript.events.delivery.Messages.ofType;
import static io.flowscript.events.delivery.Messages.types;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.engine.Execution;
import io.flowscript.events.memory.MemoryClient;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("An observer is told what becomes of clients, exactly as often as it happens")
class ObserverTest {

    private static final List<String> OF_CLIENTS = List.of(
            "connected",
            "closed",
            "commandHandled",
            "delivered",
            "filtered",
            "holeTold",
            "refused",
            "answered",
            "executionStarted");

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private Fixture fixture = Fixture.with().observer(observer(told::add)).build();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    @DisplayName(
            "Each event is delivered once to each client, in batches; bytes are those that the transport was given")
    void delivered() {
        Live live = fixture.startLive("run");
        MemoryClient one = fixture.connect();
        MemoryClient other = fixture.connect();
        one.subscribe("run");
        other.subscribe("run");
        fixture.run();
        assertThat(sum("delivered")).isEqualTo(2 * 2);

        told.clear();
        live.emit(1_000);
        fixture.run();
        assertSeqs(one, "run", 1, 1_002);
        assertThat(sum("delivered")).isEqualTo(2 * 1_000);
        assertThat(told("delivered")).as("once for each batch").hasSizeLessThan(200);
        assertThat(told("filtered")).isEmpty();

        told.clear();
        other.stall();
        live.emit("test:tick", "x");
        fixture.run();
        long bytes = fixture.bridge.stats().outstandingBytes();
        assertThat(bytes).isPositive();
        String call = "delivered(1, " + bytes + ")";
        assertThat(told("delivered")).as("handed over, taken or not").containsExactly(call, call);
    }

    @Test
    @DisplayName("What comes while a client is there has a latency; what it catches up on has none")
    void live() {
        Live live = fixture.startLive("run");
        live.emit(100);
        fixture.run();
        MemoryClient client = fixture.connect();
        client.subscribe(Map.of("executionId", "run", "from", 1));
        fixture.run();
        assertThat(sum("delivered")).isGreaterThanOrEqualTo(100);
        assertThat(told("deliveredLive")).isEmpty();

        fixture.pass(Duration.ofSeconds(10));
        long now = fixture.clock.instant().toEpochMilli();
        live.emit(1);
        fixture.run();
        assertThat(told("deliveredLive")).containsExactly("deliveredLive(" + now + ")");
    }

    @Test
    void aReplyIsABatchWithoutEvents() {
        MemoryClient client = fixture.connect();
        told.clear();
        client.ping();
        fixture.run();
        assertThat(told("delivered")).singleElement().asString().startsWith("delivered(0, ");
    }

    @Test
    @DisplayName(
            "Each event is either delivered to a client or filtered or replaced, once, however small the batches are")
    void filtered() {
        for (int frames : List.of(1, 3, 1_000)) {
            fixture.close();
            fixture = Fixture.with()
                    .observer(observer(told::add))
                    .limits(limits -> limits.batchFrames(frames))
                    .build();
            Live live = fixture.startLive("run");
            for (int i = 0; i < 100; i++) {
                live.emit("test:progress", i, "thing-" + i % 3);
                live.emit("test:tick", i);
                live.set("$.i", i);
            }
            live.end();
            fixture.run();
            long latest = live.execution().events().latest();
            told.clear();
            MemoryClient client = fixture.connect();
            client.subscribe(Map.of(
                    "executionId",
                    "run",
                    "conflate",
                    true,
                    "types",
                    List.of("workflow_event", "state_updated", "workflow_completed")));
            fixture.run();

            long sent = client.events("run").size();
            assertThat(types(client)).contains("events_skipped", "workflow_completed");
            assertThat(sum("delivered")).isEqualTo(sent).isPositive();
            assertThat(sum("filtered")).isEqualTo(latest - 301).isPositive();
            assertThat(sum("conflated")).isEqualTo(301 - sent).isPositive();
        }
    }

    @Test
    void holes() {
        fixture.close();
        fixture = Fixture.with().observer(observer(told::add)).retention(10).build();
        Live live = fixture.startLive("run");
        MemoryClient one = fixture.connect();
        MemoryClient other = fixture.connect();
        one.subscribe("run");
        other.subscribe("run");
        fixture.run();
        assertThat(told("holeTold")).isEmpty();
        live.emit(100);
        fixture.run();

        assertThat(ofType(one, "events_missed")).hasSize(1);
        assertThat(told("holeTold")).containsExactly("holeTold(retention)", "holeTold(retention)");
        assertThat(sum("delivered")).isEqualTo(2 * (2 + 10));
    }

    @Test
    @DisplayName("A request that is refused is told once, whoever refuses it")
    void refused() {
        fixture.close();
        fixture = Fixture.with()
                .observer(observer(told::add))
                .limits(limits -> limits.maxSubscriptions(2).maxPending(1))
                .build();
        Execution asking = fixture.flows.start("ask", Map.of(), "asking");
        fixture.run();
        Interaction asked = asking.interactions().get(0);
        MemoryClient client = fixture.connect();
        fixture.run();
        told.clear();

        client.send("no json");
        client.send("{\"type\":\"fly\",\"data\":{}}");
        client.execute("nothing", Map.of());
        client.cancel("nothing");
        client.ack("asking");
        client.resume("asking", asked.token().nodeId(), "no integer");
        client.resume("asking", asked.token().nodeId(), 7);
        client.resume("asking", asked.token().nodeId(), 8);
        client.subscribe("later");
        client.subscribe("later still"); // as many wait as may
        client.subscribe("run");
        client.interactions(Map.of("cursor", "of nobody"));
        fixture.run();
        fixture.pass(Duration.ofMinutes(5)); // "later" did not come to be

        List<Object> codes = client.received().stream()
                .map(MemoryClient::data)
                .map(data -> data.get("code"))
                .filter(code -> code != null)
                .toList();
        assertThat(told("refused"))
                .containsExactlyInAnyOrderElementsOf(
                        codes.stream().map(code -> "refused(" + code + ")").toList());
        assertThat(told("refused"))
                .contains(
                        "refused(invalid_json)",
                        "refused(unknown_type)",
                        "refused(workflow_not_found)",
                        "refused(execution_not_found)",
                        "refused(validation_failed)",
                        "refused(already_resolved)",
                        "refused(too_many_subscriptions)",
                        "refused(invalid_message)");
        assertThat(told("answered"))
                .containsExactly(
                        "answered(validation_failed, 0)", "answered(accepted, 0)", "answered(already_resolved, 0)");
        assertThat(told("commandHandled"))
                .as("all that could be read")
                .containsExactly(
                        "commandHandled(execute)",
                        "commandHandled(cancel)",
                        "commandHandled(ack)",
                        "commandHandled(resume)",
                        "commandHandled(resume)",
                        "commandHandled(resume)",
                        "commandHandled(subscribe)",
                        "commandHandled(subscribe)",
                        "commandHandled(interactions)");
    }

    @Test
    void nothingButBadMessages() {
        fixture.close();
        fixture = Fixture.with()
                .observer(observer(told::add))
                .limits(limits -> limits.messagesPerSecond(1).messageBurst(3))
                .build();
        MemoryClient client = fixture.connect();
        for (int i = 0; i < 10; i++) {
            client.send("{");
        }
        fixture.run();

        assertThat(client.closeCode()).isEqualTo(CloseCode.POLICY);
        assertThat(ofType(client, "error")).hasSize(3);
        assertThat(told("refused"))
                .hasSameSizeAs(ofType(client, "error"))
                .isNotEmpty()
                .containsOnly("refused(invalid_json)");
        assertThat(told("closed")).containsExactly("closed(memory, " + CloseCode.POLICY + ")");
    }

    @Test
    @DisplayName("Each connection is told of once when it begins and once when it ends, with the code that ended it")
    void connections() {
        fixture.close();
        fixture = Fixture.with()
                .observer(observer(told::add))
                .limits(limits -> limits.maxConnections(3))
                .build();
        MemoryClient leaves = fixture.connect();
        MemoryClient dies = fixture.connect();
        MemoryClient stays = fixture.connect();
        assertThatThrownBy(() -> fixture.connect()).isInstanceOf(FlowScriptException.class);
        assertThat(told("connected")).hasSize(3);
        assertThat(told("refused")).containsExactly("refused(too_many_connections)");

        leaves.disconnect();
        leaves.disconnect();
        fixture.run();
        assertThat(told("closed")).containsExactly("closed(memory, " + CloseCode.NORMAL + ")");

        dies.playDead();
        fixture.passSlowly(120);
        assertThat(dies.closeCode()).isEqualTo(CloseCode.HEARTBEAT_MISSED);
        assertThat(told("closed")).last().isEqualTo("closed(memory, " + CloseCode.HEARTBEAT_MISSED + ")");

        fixture.bridge.close();
        fixture.run();
        assertThat(stays.closeCode()).isEqualTo(CloseCode.GOING_AWAY);
        assertThatThrownBy(() -> fixture.connect()).isInstanceOf(FlowScriptException.class);
        assertThat(told("closed")).hasSize(3).last().isEqualTo("closed(memory, " + CloseCode.GOING_AWAY + ")");
        assertThat(told("connected")).hasSize(3);
        assertThat(told("refused")).last().isEqualTo("refused(server_closing)");
    }

    @Test
    @DisplayName("I7: an observer that throws changes nothing for a client")
    void throwing() {
        List<Map<String, Object>> without = scenario(FlowScriptObserver.NONE);
        List<String> logged = Collections.synchronizedList(new ArrayList<>());
        Logger logger = Logger.getLogger(FlowScriptObserver.class.getName());
        logger.setFilter(entry -> !logged.add(entry.getMessage()));
        try {
            List<Map<String, Object>> with = scenario(observer(call -> {
                told.add(call);
                throw new IllegalStateException(call);
            }));
            assertThat(types(with)).isEqualTo(types(without));
            assertThat(logged).hasSameSizeAs(methods());
        } finally {
            logger.setFilter(null);
        }
        assertThat(methods()).containsAll(OF_CLIENTS);
    }

    @Test
    @DisplayName("No lock is held: another thread can use the engine and the bridge during each call")
    void noLockIsHeld() {
        List<String> locked = new ArrayList<>();
        List<Map<String, Object>> without = scenario(FlowScriptObserver.NONE);
        List<Map<String, Object>> with = scenario(observer(call -> {
            told.add(call);
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                if (fixture != null) {
                    fixture.bridge.stats();
                    fixture.bridge.operations().receipts();
                    fixture.flows
                            .executions()
                            .list(null, null, null, 10)
                            .forEach(each -> assertThat(each.result()).isNotNull());
                }
            });
            try {
                other.get(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                locked.add(call);
            }
        }));
        assertThat(types(with)).isEqualTo(types(without));
        assertThat(methods()).containsAll(OF_CLIENTS);
        assertThat(locked).isEmpty();
    }

    /** Everything that an observer is told of clients happens; gives what one of them received. */
    private List<Map<String, Object>> scenario(FlowScriptObserver observer) {
        fixture.close();
        told.clear();
        fixture = Fixture.with().observer(observer).retention(10).build();
        Live live = fixture.startLive("run");
        fixture.flows.start("ask", Map.of(), "asking");
        fixture.run();
        MemoryClient client = fixture.connect();
        client.subscribe("run");
        client.subscribe(Map.of("executionId", "asking", "types", List.of("workflow_completed")));
        fixture.run();
        live.emit(100);
        fixture.run();
        client.send("no json");
        Interaction asked = fixture.flows
                .executions()
                .find("asking")
                .orElseThrow()
                .interactions()
                .get(0);
        client.resume("asking", asked.token().nodeId(), 7);
        client.execute("burst", Map.of());
        fixture.run();
        client.disconnect();
        fixture.run();
        assertThat(fixture.bridge.stats().connections()).isZero();
        return client.received();
    }

    private List<String> methods() {
        return told.stream()
                .map(call -> call.substring(0, call.indexOf('(')))
                .distinct()
                .toList();
    }

    private List<String> told(String method) {
        return told.stream().filter(call -> call.startsWith(method + "(")).toList();
    }

    /** The sum of the first arguments of a method. */
    private long sum(String method) {
        Pattern first = Pattern.compile(method + "\\((\\d+).*");
        return told(method).stream()
                .map(first::matcher)
                .filter(Matcher::matches)
                .mapToLong(call -> Long.parseLong(call.group(1)))
                .sum();
    }

    /** Hands each call, as text, to something. */
    private static FlowScriptObserver observer(Consumer<String> calls) {
        return (FlowScriptObserver) Proxy.newProxyInstance(
                FlowScriptObserver.class.getClassLoader(),
                new Class<?>[] {FlowScriptObserver.class},
                (proxy, method, arguments) -> {
                    List<Object> given = arguments == null ? List.of() : Arrays.asList(arguments);
                    String text = given.toString();
                    calls.accept(method.getName() + "(" + text.substring(1, text.length() - 1) + ")");
                    return null;
                });
    }
}
