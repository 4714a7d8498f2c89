package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.store.StateCipher;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a store does with the executions of workflows that mark secrets. */
@Timeout(120)
abstract class Secrets {

    static final String HIDDEN = "4111-8fe1c0ffee";

    /** The columns with encrypted bytes, each with what names a row in it. */
    private static final Map<String, String> COLUMNS =
            Map.of("flowscript_execution", "snapshot", "flowscript_value", "value", "flowscript_events", "events");

    abstract JdbcStore open();

    abstract JdbcStore open(StateCipher cipher);

    abstract Connection connect() throws SQLException;

    private FlowScript engine(StateCipher cipher) {
        return PaymentWorkflow.engine().store(open(cipher)).build();
    }

    private static Interaction asked(Execution execution, String node) {
        return Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .until(
                        () -> execution.interactions().stream()
                                .filter(open -> open.nodeName().equals(node))
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    private static void answer(FlowScript flows, Interaction asked) {
        assertThat(flows.interactions()
                        .answer(asked.token(), Map.of("who", "bob", "code", "code " + HIDDEN), AnswerOptions.NONE))
                .isInstanceOf(Receipt.Accepted.class);
    }

    /** Starts an execution and answers its first question. */
    private static Execution begin(FlowScript flows, String workflow, String id) {
        Execution execution = flows.start(workflow, PaymentWorkflow.input(HIDDEN), id);
        answer(flows, asked(execution, "askFirst"));
        asked(execution, "askAgain");
        return execution;
    }

    private static ExecutionResult end(FlowScript flows, Execution execution) throws Exception {
        answer(flows, asked(execution, "askAgain"));
        return execution.result().get(30, TimeUnit.SECONDS);
    }

    private static void assertCode(String code, ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(parts);
    }

    /** A row with bytes, and the number of its execution. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Stored(String table, long execution, byte[] bytes) {

        String text() {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private List<Stored> rows(String id) throws SQLException {
        List<Stored> rows = new ArrayList<>();
        try (Connection connection = connect()) {
            for (Map.Entry<String, String> column : COLUMNS.entrySet()) {
                String execution = column.getKey().equals("flowscript_execution") ? "number" : "execution";
                try (PreparedStatement select = connection.prepareStatement("SELECT v." + execution + ", v."
                        + column.getValue() + " FROM " + column.getKey() + " AS v JOIN flowscript_execution AS e ON"
                        + " e.number = v." + execution + " WHERE e.id = ?")) {
                    select.setString(1, id);
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            rows.add(new Stored(column.getKey(), row.getLong(1), row.getBytes(2)));
                        }
                    }
                }
            }
        }
        return rows;
    }

    private static List<Stored> of(List<Stored> rows, String table) {
        return rows.stream().filter(row -> row.table().equals(table)).toList();
    }

    private void replace(Stored row, byte[] bytes) throws SQLException {
        String name = COLUMNS.get(row.table());
        String execution = row.table().equals("flowscript_execution") ? "number" : "execution";
        try (Connection connection = connect();
                PreparedStatement update = connection.prepareStatement("UPDATE " + row.table() + " SET " + name
                        + " = ? WHERE " + execution + " = ? AND " + name + " = ?")) {
            update.setBytes(1, bytes);
            update.setLong(2, row.execution());
            update.setBytes(3, row.bytes());
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("Every row of an execution with secrets is encrypted, and each starts with the id of the newest key")
    void allIsEncrypted() throws Exception {
        try (FlowScript flows = engine(TestKeys.cipher("k1"))) {
            begin(flows, PaymentWorkflow.SECRET, "secret");
            begin(flows, PaymentWorkflow.OPEN, "open");
        }
        List<Stored> secret = rows("secret");
        assertThat(secret).extracting(Stored::table).containsAll(COLUMNS.keySet());
        assertThat(secret)
                .allSatisfy(row -> assertThat(row.text()).startsWith("k1:").doesNotContain(HIDDEN, "askAgain", "\n"));
        assertThat(rows("open")).allSatisfy(row -> assertThat(row.text()).startsWith("{"));
        assertThat(rows("open")).anySatisfy(row -> assertThat(row.text()).contains(HIDDEN, "Ada"));
    }

    @Test
    @DisplayName("An execution with secrets goes on after a restart with all of its values, and is read as it was")
    void goesOn() throws Exception {
        StateCipher cipher = TestKeys.cipher("k1");
        try (FlowScript flows = engine(cipher)) {
            begin(flows, PaymentWorkflow.SECRET, "secret");
        }
        try (FlowScript flows = engine(cipher)) {
            Execution execution = flows.executions().find("secret").orElseThrow();
            assertThat(execution.state("customer.pin").asString()).isEqualTo("pin of card-" + HIDDEN);
            assertThat(execution.state("vault").asString()).startsWith("vault-" + HIDDEN);
            ExecutionResult result = end(flows, execution);
            assertThat(result.error()).isEqualTo("Step \"charge\" at /nodes/4 failed: The card [secret] is refused");
        }
        try (JdbcStore store = open(cipher)) {
            StoredExecution stored = store.find("secret", Integer.MAX_VALUE).orElseThrow();
            assertThat(stored.snapshot().state()).containsEntry("card", "card-" + HIDDEN);
            assertThat(stored.events()).hasSize((int) stored.lastSeq());
            assertThat(store.events("secret", 3, 4)).isEqualTo(stored.events().subList(3, 7));
        }
        assertThat(rows("secret")).allSatisfy(row -> assertThat(row.text()).startsWith("k1:"));
    }

    @Test
    @DisplayName("A large secret that a step leaves as it is is not encrypted and written again")
    void unchanged() throws Exception {
        try (FlowScript flows = engine(TestKeys.cipher("k1"))) {
            Execution execution = flows.start(PaymentWorkflow.SECRET, PaymentWorkflow.input(HIDDEN), "secret");
            Interaction first = asked(execution, "askFirst");
            List<Stored> before = rows("secret");
            answer(flows, first);
            asked(execution, "askAgain");
            List<Stored> after = rows("secret");

            assertThat(of(before, "flowscript_value")).hasSize(1);
            assertThat(of(after, "flowscript_value").get(0).bytes())
                    .isEqualTo(of(before, "flowscript_value").get(0).bytes());
            assertThat(of(after, "flowscript_execution").get(0).bytes())
                    .isNotEqualTo(of(before, "flowscript_execution").get(0).bytes());
        }
    }

    @Test
    @DisplayName("A workflow with secrets is refused with no_cipher without a cipher, unless it is not stored")
    void noCipher() {
        try (JdbcStore store = open()) {
            assertThat(store.keepsSecrets()).isFalse();
            assertThatThrownBy(() -> PaymentWorkflow.engine().store(store).build())
                    .isInstanceOfSatisfying(InvalidWorkflowException.class, e -> {
                        assertThat(e.problems()).hasSize(1);
                        assertThat(e.problems().get(0).code()).isEqualTo("no_cipher");
                        assertThat(e.problems().get(0).pointer()).isEqualTo("/secrets");
                    });
        }
        try (FlowScript flows = PaymentWorkflow.engine()
                .store(open())
                .durability(PaymentWorkflow.SECRET, io.flowscript.core.store.Durability.OFF)
                .build()) {
            Execution execution = flows.start(PaymentWorkflow.SECRET, PaymentWorkflow.input(HIDDEN));
            asked(execution, "askFirst");
        }
        try (JdbcStore store = open()) {
            assertThat(AllExecutions.in(store)).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "A new key encrypts, old ones decrypt; without an old key its executions stay in the store, until all is"
                    + " encrypted again")
    void rotation() throws Exception {
        try (FlowScript flows = engine(TestKeys.cipher("k1"))) {
            begin(flows, PaymentWorkflow.SECRET, "old");
            flows.start(PaymentWorkflow.SECRET, PaymentWorkflow.input(HIDDEN), "further");
            asked(flows.executions().find("further").orElseThrow(), "askFirst");
        }
        try (FlowScript flows = engine(TestKeys.cipher("k2", "k1"))) {
            begin(flows, PaymentWorkflow.SECRET, "new");
            Execution further = flows.executions().find("further").orElseThrow();
            answer(flows, asked(further, "askFirst"));
            asked(further, "askAgain");
        }
        assertThat(rows("old")).allSatisfy(row -> assertThat(row.text()).startsWith("k1:"));
        assertThat(rows("new")).allSatisfy(row -> assertThat(row.text()).startsWith("k2:"));
        assertThat(of(rows("further"), "flowscript_execution").get(0).text()).startsWith("k2:");
        assertThat(of(rows("further"), "flowscript_events"))
                .anySatisfy(row -> assertThat(row.text()).startsWith("k1:"))
                .anySatisfy(row -> assertThat(row.text()).startsWith("k2:"));

        List<String> log = logged(() -> {
            try (FlowScript flows = engine(TestKeys.cipher("k2"))) {
                assertThat(flows.executions().find("old")).isEmpty();
                assertThat(flows.executions().find("new")).isPresent();
                end(flows, flows.executions().find("new").orElseThrow());
            }
        });
        assertThat(log).anySatisfy(line -> assertThat(line).contains("old", "stays in the store", "\"k1\""));
        try (JdbcStore store = open(TestKeys.cipher("k2"))) {
            assertCode("no_cipher_key", () -> store.find("old", 0), "Execution old", "\"k1\"", "[k2]");
            assertThat(store.list(new io.flowscript.core.store.ExecutionQuery.Newest(null, null, Long.MAX_VALUE, 10)))
                    .as("those that cannot be decrypted are left out")
                    .noneMatch(each -> each.snapshot().executionId().equals("old"))
                    .anyMatch(each -> each.snapshot().executionId().equals("new"));
            assertCode("no_cipher_key", () -> store.events("further", 0, 1), "Execution further", "\"k1\"");
            assertCode("no_cipher_key", store::reencrypt, "\"k1\"");
        }
        try (JdbcStore store = open()) {
            assertCode("no_cipher", () -> store.find("old", 0), "Execution old", "cipher");
            assertCode("no_cipher", store::reencrypt, "cipher");
        }

        try (FlowScript flows = PaymentWorkflow.engine()
                .store(open(TestKeys.cipher("k2", "k1")))
                .build()) {
            assertThat(flows.executions().find("old")).isPresent();
        }
        List<RecordedEvent> events;
        try (JdbcStore store = open(TestKeys.cipher("k2", "k1"))) {
            events = store.find("old", Integer.MAX_VALUE).orElseThrow().events();
            assertThat(store.reencrypt()).isPositive();
            assertThat(store.reencrypt()).isZero();
        }
        for (String id : List.of("old", "further", "new")) {
            assertThat(rows(id)).allSatisfy(row -> assertThat(row.text()).startsWith("k2:"));
        }
        try (JdbcStore store = open(TestKeys.cipher("k2"))) {
            assertThat(store.find("old", Integer.MAX_VALUE).orElseThrow().events())
                    .isEqualTo(events);
        }
        try (FlowScript flows = engine(TestKeys.cipher("k2"))) {
            Execution old = flows.executions().find("old").orElseThrow();
            assertThat(old.state("vault").asString()).startsWith("vault-" + HIDDEN);
            assertThat(end(flows, old).code()).isEqualTo("node_failed");
        }
    }

    @Test
    @Tag("slow")
    @DisplayName("What is encrypted again while it is written stays what was written last")
    void reencryptedMeanwhile() throws Exception {
        StateCipher keys = TestKeys.cipher("k1", "k2");
        AtomicBoolean second = new AtomicBoolean();
        StateCipher turning = new StateCipher() {
            @Override
            public String newestKey() {
                return second.get() ? "k2" : "k1";
            }

            @Override
            public byte[] encrypt(String keyId, byte[] plain, byte[] context) {
                return keys.encrypt(keyId, plain, context);
            }

            @Override
            public byte[] decrypt(String keyId, byte[] encrypted, byte[] context) {
                return keys.decrypt(keyId, encrypted, context);
            }
        };
        int runs = 8;
        int steps = 15;
        try (JdbcStore store = open(turning)) {
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
                List<SecretRun> all = new ArrayList<>();
                for (int i = 0; i < runs; i++) {
                    all.add(new SecretRun("run-" + i));
                }
                for (int step = 0; step < steps; step++) {
                    all.stream()
                            .map(run -> store.commit(run.step()).toCompletableFuture())
                            .toList()
                            .forEach(CompletableFuture::join);
                }
            });
            while (!written.isDone()) {
                second.set(!second.get());
                store.reencrypt();
            }
            written.get(60, TimeUnit.SECONDS);
            second.set(!second.get());
            store.reencrypt();
        }
        try (JdbcStore store = open(TestKeys.cipher(second.get() ? "k2" : "k1"))) {
            for (int i = 0; i < runs; i++) {
                StoredExecution stored =
                        store.find("run-" + i, Integer.MAX_VALUE).orElseThrow();
                assertThat(stored.snapshot().steps()).isEqualTo(steps);
                assertThat(stored.snapshot().state()).containsEntry("vault", SecretRun.vault(steps));
                assertThat(stored.events()).hasSize(steps);
            }
        }
    }

    @Test
    @DisplayName("A byte that was changed is noticed, in each table")
    void changedBytes() throws Exception {
        StateCipher cipher = TestKeys.cipher("k1");
        try (FlowScript flows = engine(cipher)) {
            begin(flows, PaymentWorkflow.SECRET, "secret");
        }
        try (JdbcStore store = open(cipher)) {
            for (String table : COLUMNS.keySet()) {
                Stored row = of(rows("secret"), table).get(0);
                for (int at : new int[] {3, row.bytes().length / 2, row.bytes().length - 5}) {
                    byte[] changed = row.bytes().clone();
                    changed[at] = (byte) (changed[at] == 'A' ? 'B' : 'A');
                    replace(row, changed);
                    assertCode(
                            "decryption_failed",
                            () -> store.find("secret", Integer.MAX_VALUE),
                            "Execution secret",
                            "\"k1\"");
                    replace(new Stored(table, row.execution(), changed), row.bytes());
                }
                byte[] otherKey = row.bytes().clone();
                otherKey[0] = 'x';
                replace(row, otherKey);
                assertCode("no_cipher_key", () -> store.find("secret", Integer.MAX_VALUE), "\"x1\"");
                replace(new Stored(table, row.execution(), otherKey), row.bytes());

                byte[] noBase64 = row.bytes().clone();
                noBase64[10] = '*';
                replace(row, noBase64);
                assertCode("decryption_failed", () -> store.find("secret", Integer.MAX_VALUE), "Execution secret");
                replace(new Stored(table, row.execution(), noBase64), row.bytes());
            }
            assertThat(store.find("secret", Integer.MAX_VALUE)).isPresent();
        }
    }

    @Test
    @DisplayName("What was moved to another execution or to another place is noticed, and so is what is not encrypted")
    void movedBytes() throws Exception {
        StateCipher cipher = TestKeys.cipher("k1");
        try (FlowScript flows = engine(cipher)) {
            begin(flows, PaymentWorkflow.SECRET, "one");
            begin(flows, PaymentWorkflow.SECRET, "two");
            begin(flows, PaymentWorkflow.OPEN, "open");
        }
        try (JdbcStore store = open(cipher)) {
            ThrowingCallable find = () -> store.find("one", Integer.MAX_VALUE);
            for (String table : COLUMNS.keySet()) {
                Stored row = of(rows("one"), table).get(0);
                byte[] moved = of(rows("two"), table).get(0).bytes();
                replace(row, moved);
                assertCode("decryption_failed", find, "Execution one");
                replace(new Stored(table, row.execution(), moved), row.bytes());
            }
            Stored snapshot = of(rows("one"), "flowscript_execution").get(0);
            byte[] open = of(rows("open"), "flowscript_execution").get(0).bytes();
            replace(snapshot, open);
            assertCode("decryption_failed", find, "Execution one", "not encrypted");
            replace(new Stored(snapshot.table(), snapshot.execution(), open), snapshot.bytes());

            List<Stored> events = of(rows("one"), "flowscript_events");
            replace(events.get(0), events.get(1).bytes());
            assertCode("decryption_failed", find, "Execution one");
        }
    }

    /** {@return what the engine logs, with what was thrown} */
    private static List<String> logged(ThrowingCallable code) throws Exception {
        List<String> lines = java.util.Collections.synchronizedList(new ArrayList<>());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                lines.add(entry.getMessage() + " " + entry.getThrown());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("io.flowscript");
        logger.addHandler(handler);
        try {
            code.call();
            return lines;
        } catch (Throwable e) {
            throw new AssertionError(e);
        } finally {
            logger.removeHandler(handler);
        }
    }
}
