package io.flowscript.language;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.json.SnapshotCodec;
import io.flowscript.json.Workflows;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One dependency brings expressions, forms and nodes to every engine, without any wiring. */
class LanguageExtensionTest {

    private static final String ASKS = """
            {"id": "asks", "initialState": {"n": 0, "limit": 3}, "nodes": [
              [{"whileCondition": {"condition": "n < limit && !isEmpty(state)"}}, [{"incrementCounter": {"field": "n"}}]],
              {"setData": {"path": "size", "value": "{{n > 2 ? 'large' : 'small'}}"}},
              [{"validateData": {"dataPath": "$.n", "schema": {"type": "integer", "minimum": 3}}},
                {"valid": {"setFlag": {"flag": "checked"}}, "invalid": "exit"}],
              {"formInput": {"stateKey": "answer", "form": {"title": "How much?",
                "schema": {"type": "object", "required": ["amount"], "properties": {"amount": {"type": "number", "minimum": 1}}}}}}
            ]}
            """;

    @Test
    @DisplayName("F9, F10: an answer is checked against the form, and an invalid one leaves the interaction open")
    void expressionsFormsAndNodesAreThere() throws Exception {
        try (FlowScript flows =
                FlowScript.builder().workflow(Workflows.read(ASKS)).build()) {
            Execution run = flows.start("asks", Map.of());
            Awaitility.await().until(() -> run.status() == ExecutionStatus.PAUSED);

            Receipt refused = flows.interactions()
                    .answer(run.interactions().get(0).token(), Map.of("amount", 0), AnswerOptions.NONE);
            assertThat(refused).isInstanceOf(Receipt.Invalid.class);
            assertThat(((Receipt.Invalid) refused).violations())
                    .extracting(v -> v.path() + " " + v.message())
                    .containsExactly("$.amount must be at least 1");
            assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);

            assertThat(flows.interactions()
                            .answer(run.interactions().get(0).token(), Map.of("amount", 5), AnswerOptions.NONE))
                    .isInstanceOf(Receipt.Accepted.class);
            ExecutionResult result = run.result().get(20, SECONDS);
            assertThat(result.isCompleted()).as(String.valueOf(result.error())).isTrue();
            assertThat(result.state())
                    .containsEntry("n", 3)
                    .containsEntry("size", "large")
                    .containsEntry("checked", true)
                    .containsEntry("answer", Map.of("amount", 5));
        }
    }

    @Test
    @DisplayName("F16: a paused execution is written as JSON, read by another engine and completed there")
    void aPausedExecutionSurvivesAsJson() throws Exception {
        byte[] json;
        try (FlowScript first =
                FlowScript.builder().workflow(Workflows.read(ASKS)).build()) {
            Execution run = first.start("asks", Map.of(), "e-1");
            Awaitility.await().until(() -> run.status() == ExecutionStatus.PAUSED);
            json = SnapshotCodec.write(run.snapshot());
        }
        try (FlowScript second =
                FlowScript.builder().workflow(Workflows.read(ASKS)).build()) {
            Execution run = second.restore(SnapshotCodec.read(json));
            Receipt receipt = second.interactions()
                    .answer(run.interactions().get(0).token(), Map.of("amount", 7), AnswerOptions.NONE);
            assertThat(receipt).isInstanceOf(Receipt.Accepted.class);
            assertThat(run.result().get(20, SECONDS).state()).containsEntry("answer", Map.of("amount", 7));
        }
    }

    @Test
    void aWrongExpressionOrSchemaIsFoundWhenTheWorkflowIsTakenIn() {
        String wrong = """
                {"id": "wrong", "nodes": [
                  [{"whileCondition": {"condition": "name.getClass()"}}, ["log"]],
                  {"validateData": {"dataPath": "$.n", "schema": {"type": "strng"}}},
                  {"validateData": {"dataPath": "not a path", "schema": null}}
                ]}
                """;

        assertThatThrownBy(() ->
                        FlowScript.builder().workflow(Workflows.read(wrong)).build())
                .isInstanceOf(InvalidWorkflowException.class)
                .hasMessageContaining("methods cannot be called")
                .hasMessageContaining("at #/type: must be one of: array, boolean")
                .hasMessageContaining("\"dataPath\" must be a path into the state")
                .hasMessageContaining("\"schema\" must be a JSON Schema");
    }
}
