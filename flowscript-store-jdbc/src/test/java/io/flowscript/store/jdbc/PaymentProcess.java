package io.flowscript.store.jdbc;

import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;

/** The program of another process: it begins an execution with secrets and one without, and ends as if it were killed. */
final class PaymentProcess {

    static final int KILLED = 137;
    static final String HIDDEN = "4000-5eed0fdeadbeef";
    static final String SHOWN = "5500-0b5e55ed";

    private PaymentProcess() {}

    public static void main(String[] arguments) {
        JdbcStore store = JdbcStore.open(Path.of(arguments[0]), TestKeys.cipher("k1"));
        FlowScript flows = PaymentWorkflow.engine().store(store).build();
        Execution secret = flows.start(PaymentWorkflow.SECRET, PaymentWorkflow.input(HIDDEN), "secret");
        flows.start(PaymentWorkflow.OPEN, Map.of("card", SHOWN), "open");
        answer(flows, secret, "askFirst");
        answer(flows, secret, "askAgain");
        secret.result().join();
        Execution waiting = flows.start(PaymentWorkflow.SECRET, PaymentWorkflow.input(HIDDEN), "waiting");
        answer(flows, waiting, "askFirst");
        Runtime.getRuntime().halt(KILLED);
    }

    private static void answer(FlowScript flows, Execution execution, String node) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> execution.interactions().stream()
                        .anyMatch(open -> open.nodeName().equals(node)));
        flows.interactions()
                .answer(
                        execution.interactions().get(0).token(),
                        Map.of("who", HIDDEN, "code", "code of the answer"),
                        AnswerOptions.NONE);
    }
}
