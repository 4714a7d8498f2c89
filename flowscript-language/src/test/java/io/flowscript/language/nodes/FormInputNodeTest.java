package io.flowscript.language.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Question;
import io.flowscript.language.forms.SchemaFormValidator;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code formInput} in workflows that run. */
class FormInputNodeTest {

    private static final Map<String, ?> NUMBER = Map.of("type", "number", "minimum", 1);

    private static final Object[] NUMBER_FORM = {
        Map.of("formInput", Map.of("stateKey", "n", "form", Map.of("schema", NUMBER))),
        List.of(
                "formInput",
                Map.of(
                        "submitted",
                        Map.of("setData", Map.of("path", "end", "value", "got {{n}}")),
                        "cancelled",
                        Map.of("setData", Map.of("path", "end", "value", "turned down"))))
    };

    private static HumanRun form(Map<String, ?> config) {
        return HumanRun.of(Map.of("amount", 250), Map.of("formInput", config));
    }

    @ParameterizedTest(name = "restarted: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("F10: an invalid answer leaves the form open; F20: the person is asked once")
    void askedOnce(boolean restarts) {
        try (HumanRun run = HumanRun.of(restarts, Map.of(), NUMBER_FORM)) {
            assertThat(run.answer("ada", "seven"))
                    .isInstanceOfSatisfying(
                            Receipt.Invalid.class,
                            invalid -> assertThat(invalid.violations()).hasSize(1));
            assertThat(run.answer("ada", 0)).isInstanceOf(Receipt.Invalid.class);
            assertThat(run.isAsking()).isTrue();
            run.answered("ada", 7);
            assertThat(run.state().raw()).isEqualTo(Map.of("n", 7, "end", "got 7"));
            assertThat(run.types()).filteredOn("human:input:required"::equals).hasSize(1);
            assertThat(run.isCompleted()).isTrue();
        }
    }

    @Test
    @DisplayName("The answer is written to the stateKey, in the config or beside it, and to formData without one")
    void theAnswerIsWritten() {
        for (Map<String, ?> step :
                List.of(Map.of("formInput", Map.of("stateKey", "x")), Map.of("formInput", Map.of(), "stateKey", "x"))) {
            try (HumanRun run = HumanRun.of(Map.of(), step)) {
                assertThat(run.answered("ada", 7).state().raw()).isEqualTo(Map.of("x", 7));
            }
        }
        try (HumanRun run = HumanRun.of(Map.of(), "formInput")) {
            assertThat(run.answered("ada", 7).state().raw()).isEqualTo(Map.of("formData", 7));
        }
        assertThatThrownBy(() -> HumanRun.of(Map.of(), Map.of("formInput", Map.of("stateKey", "x"), "stateKey", "x")))
                .hasMessageContaining("/nodes/0/stateKey: \"stateKey\" is written twice");
    }

    @Test
    void turnedDownWhateverItsSchemaSaysButOnlyByThatAnswer() {
        try (HumanRun run = HumanRun.of(Map.of(), NUMBER_FORM)) {
            assertThat(run.answer("ada", Map.of("_cancelled", true, "n", 7))).isInstanceOf(Receipt.Invalid.class);
            assertThat(run.answer("ada", Map.of("_cancelled", false))).isInstanceOf(Receipt.Invalid.class);
            run.answered("ada", Map.of("_cancelled", true));
            assertThat(run.state().raw()).isEqualTo(Map.of("end", "turned down"));
        }
    }

    @Test
    @DisplayName("F5: the form, what is shown with it and its deadline are in the interaction")
    void theWholeFormIsInTheQuestion() {
        Map<String, ?> schema = Map.of("type", "object", "required", List.of("n"));
        Map<String, ?> form = Map.of(
                "title",
                "For {{user.name}}",
                "description",
                "D",
                "schema",
                schema,
                "submitLabel",
                "S",
                "cancelLabel",
                "C",
                "defaultValues",
                Map.of("n", "{{amount}}"));
        Map<String, ?> config = Map.of(
                "form", form, "timeout", "P2D", "contextKeys", List.of("$.amount", "user.name", "state.missing"));
        Map<String, ?> input = Map.of("amount", 250, "user", Map.of("name", "Ada", "secret", "s"));
        try (HumanRun run = HumanRun.of(input, Map.of("formInput", config))) {
            Question question = run.question();
            assertThat(question.schema()).isEqualTo(schema);
            assertThat(question.uiHints())
                    .isEqualTo(Map.of("title", "For Ada", "description", "D", "submitLabel", "S", "cancelLabel", "C"));
            assertThat(question.defaults()).isEqualTo(Map.of("n", 250));
            assertThat(question.within()).isEqualTo(Duration.ofDays(2));
            assertThat(question.context()).isEqualTo(Map.of("amount", 250, "user.name", "Ada"));
        }
    }

    @Test
    void withoutAConfigItTakesAnyAnswerAndShowsNothing() {
        try (HumanRun run = HumanRun.of(Map.of("secret", 1), "formInput")) {
            Question question = run.question();
            assertThat(question.schema()).isNull();
            assertThat(question.uiHints()).isNull();
            assertThat(question.context()).isNull();
            assertThat(question.within()).isNull();
            assertThat(question.assignment().isForAnybody()).isTrue();
            assertThat(run.answered(null, List.of("x")).edge()).isEqualTo("submitted");
        }
    }

    static List<@Nullable Object> falsyAnswers() {
        return Arrays.asList(false, 0, "", List.of(), Map.of(), null);
    }

    @ParameterizedTest
    @MethodSource("falsyAnswers")
    @DisplayName("F15: false, 0, the empty string and null are answers")
    void falsy(@Nullable Object answer) {
        try (HumanRun run = form(Map.of("stateKey", "deep.a"))) {
            run.answered("ada", answer);
            assertThat(run.edge()).isEqualTo("submitted");
            assertThat(run.data().raw()).isEqualTo(answer);
            assertThat(run.state().get("deep.a").isMissing()).isFalse();
            assertThat(run.state().get("deep.a").raw()).isEqualTo(answer);
        }
    }

    @ParameterizedTest(name = "restarted: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("F12: a timeout of 30 days, in milliseconds, falls due then and not before")
    void thirtyDays(boolean restarts) {
        Object[] script = {
            Map.of("formInput", Map.of("timeout", 30L * 86_400_000, "stateKey", "a")),
            List.of("formInput", Map.of("timeout", Map.of("setFlag", Map.of("flag", "late"))))
        };
        try (HumanRun run = HumanRun.of(restarts, Map.of(), script)) {
            run.advance(Duration.ofDays(30).minusMillis(1));
            assertThat(run.isAsking()).isTrue();
            run.advance(Duration.ofMillis(1));
            assertThat(run.state().raw()).isEqualTo(Map.of("late", true));
        }
    }

    @Test
    void aFormThatNobodyFillsInFailsAWorkflowThatHasNoFlowForThat() {
        try (HumanRun run = form(Map.of("timeout", 1))) {
            assertThat(run.advance(Duration.ofSeconds(1)).code()).isEqualTo("unhandled_edge");
        }
    }

    private static final Map<String, ?> LEAVE = Map.of(
            "type",
            "object",
            "required",
            List.of("days", "reason"),
            "properties",
            Map.of(
                    "days",
                    Map.of("type", "integer", "maximum", 30),
                    "kind",
                    Map.of("enum", List.of("paid", "unpaid")),
                    "reason",
                    Map.of("type", "string", "minLength", 3)),
            "additionalProperties",
            false);

    @Test
    @DisplayName("Default values are held against the schema when the workflow is loaded; what is missing is no fault")
    void defaultValues() {
        assertThat(wrongDefaults(Map.of("days", "two")))
                .containsExactly("\"form\": \"defaultValues\": $.days must be a whole number, not a text");
        assertThat(wrongDefaults(Map.of("kind", "sick")))
                .singleElement()
                .asString()
                .contains("$.kind must be one of");
        assertThat(wrongDefaults(Map.of("days", 31))).singleElement().asString().contains("$.days must be at most 30");
        assertThat(wrongDefaults(Map.of("day", 3))).singleElement().asString().contains("$.day is not expected here");
        assertThat(wrongDefaults(List.of())).singleElement().asString().contains("$ must be an object");
        assertThat(wrongDefaults(Map.of("days", "{{days}}", "kind", "sick"))).hasSize(1);

        Map<String, Object> unset = new HashMap<>();
        unset.put("days", null);
        for (Map<String, ?> fine : List.of(
                Map.<String, Object>of(),
                unset,
                Map.of("reason", ""),
                Map.of("kind", ""),
                Map.of("days", 1),
                Map.of("days", "{{days}}"),
                Map.of("days", 1, "kind", "paid", "reason", "rest"))) {
            assertThat(wrongDefaults(fine)).as("%s", fine).isEmpty();
        }
    }

    private static List<String> wrongDefaults(Object defaults) {
        return BuiltInNodes.all(new SchemaFormValidator())
                .get("formInput")
                .check(Map.of("form", Map.of("schema", LEAVE, "defaultValues", defaults)));
    }

    @Test
    @DisplayName("Default values that templates fill in are held against the schema when the interaction is asked")
    void filledDefaultValues() {
        Map<String, ?> config = Map.of(
                "form", Map.of("schema", LEAVE, "defaultValues", Map.of("days", "{{amount}}", "reason", "{{why}}")));
        try (HumanRun run = HumanRun.of(Map.of("amount", "many"), Map.of("formInput", config))) {
            assertThat(run.code()).isEqualTo("invalid_config");
            assertThat(run.error()).contains("\"defaultValues\": $.days must be a whole number");
        }
        try (HumanRun run = HumanRun.of(Map.of("amount", 3), Map.of("formInput", config))) {
            assertThat(run.question().defaults()).isEqualTo(Map.of("days", 3, "reason", "{{why}}"));
        }
    }
}
