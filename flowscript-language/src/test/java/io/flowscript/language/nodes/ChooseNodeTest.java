package io.flowscript.language.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Value;
import io.flowscript.language.forms.SchemaFormValidator;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code choose} in workflows that run. */
class ChooseNodeTest {

    private static final List<?> TRAVEL = List.of(
            Map.of("value", "train", "label", "By train"),
            Map.of("value", "plane", "label", "By plane", "edge", "fly"),
            "walk",
            Map.of("value", 17),
            "error");

    private static Map<String, ?> mark(String value) {
        return Map.of("setData", Map.of("path", "went", "value", value));
    }

    private static Object[] travel(Map<String, ?> config) {
        return new Object[] {
            Map.of("choose", config),
            List.of("choose", Map.of("train", mark("train"), "fly", mark("fly"), "chosen", mark("other")))
        };
    }

    @ParameterizedTest
    @CsvSource({"train, train, By train", "plane, fly, By plane", "walk, chosen, walk", "error, chosen, error"})
    void leavesByTheEdgeOfTheOptionWhereTheBranchHasAFlowForIt(String value, String edge, String label) {
        try (HumanRun run = HumanRun.of(Map.of(), travel(Map.of("options", TRAVEL, "stateKey", "travel")))) {
            run.answered("ada", Map.of("choice", value));
            assertThat(run.state().get("travel").raw()).isEqualTo(Map.of("choice", value, "label", label, "by", "ada"));
            assertThat(run.state().get("went").asString()).isEqualTo(edge.equals("chosen") ? "other" : edge);
            assertThat(run.isCompleted()).isTrue();
        }
    }

    @Test
    @DisplayName("a number leads to the edge that is named like it, however it is written")
    void aNumberWithAnExponentLeadsToItsEdge() {
        for (Object options : List.of(List.of(new BigDecimal("1E+3"), "none"), "prices", "$.prices")) {
            try (HumanRun run = HumanRun.of(
                    Map.of("prices", List.of(new BigDecimal("1E+3"), new BigDecimal("2.50"))),
                    Map.of("choose", Map.of("options", options)),
                    List.of("choose", Map.of("1000", mark("found"), "chosen", mark("missed"))))) {
                assertThat(Value.of(run.question().uiHints())
                                .get("options[0].label")
                                .raw())
                        .isEqualTo("1000");
                run.answered("ada", Map.of("choice", 1000));
                assertThat(run.state().get("went").asString()).isEqualTo("found");
            }
        }
    }

    @ParameterizedTest(name = "restarted: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName(
            "F10: an answer that is not an option is refused with the list of options, and the interaction stays open")
    void onlyOptionsAreTaken(boolean restarts) {
        try (HumanRun run = HumanRun.of(restarts, Map.of(), travel(Map.of("options", TRAVEL)))) {
            for (Object wrong : List.of(
                    Map.of("choice", "car"), Map.of(), "train", Map.of("choice", "17"), Map.of("choice", List.of()))) {
                assertThat(run.answer("ada", wrong)).isInstanceOf(Receipt.Invalid.class);
            }
            run.answered("ada", Map.of("choice", 17.0, "label", "forged", "by", "somebody else"));
            assertThat(run.state().raw()).isEqualTo(Map.of("went", "other"));
        }
    }

    @Test
    void labelsAreHintsAndNothingThatAnAnswerSaysOfItselfIsKept() {
        try (HumanRun run = HumanRun.of(
                Map.of("who", "Ada"),
                Map.of("choose", Map.of("options", TRAVEL, "title", "{{who}}, how?", "description", "D")))) {
            assertThat(run.question().uiHints())
                    .isEqualTo(Map.of(
                            "title",
                            "Ada, how?",
                            "description",
                            "D",
                            "options",
                            List.of(
                                    Map.of("value", "train", "label", "By train"),
                                    Map.of("value", "plane", "label", "By plane"),
                                    Map.of("value", "walk", "label", "walk"),
                                    Map.of("value", 17, "label", "17"),
                                    Map.of("value", "error", "label", "error"))));
            run.answered(null, Map.of("choice", "train", "label", "forged", "by", "root", "timedOut", true));
            assertThat(run.edge()).isEqualTo("chosen");
            assertThat(run.data().raw()).isEqualTo(Map.of("choice", "train", "label", "By train"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rooms", "$.rooms", "{{rooms}}"})
    void optionsOfTheState(String options) {
        Map<String, ?> input = Map.of("rooms", List.of("blue", Map.of("value", "red", "label", "The red room")));
        try (HumanRun run = HumanRun.of(true, input, Map.of("choose", Map.of("options", options)))) {
            assertThat(run.answer("ada", Map.of("choice", "green"))).isInstanceOf(Receipt.Invalid.class);
            assertThat(run.answered("ada", Map.of("choice", "red")).data().get("label"))
                    .hasToString("The red room");
        }
    }

    @Test
    @DisplayName(
            "Options from the state cannot lead to exit, to another step, or to an edge that the branch does not have")
    void optionsOfTheStateLeadNowhereElse() {
        Object script = List.of(Map.of("choose", Map.of("options", "ways")), Map.of("default", mark("safe")));
        for (String value : List.of("exit", "loopTo:choose", "timeout", "error", "other")) {
            try (HumanRun run = HumanRun.of(Map.of("ways", List.of(value)), script)) {
                run.answered("ada", Map.of("choice", value));
                assertThat(run.state().get("went")).as(value).hasToString("safe");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing | not_an_array   | there is nothing at nothing",
                "text    | not_an_array   | there is a value of type string at text",
                "empty   | invalid_config | \"options\" must be an array of 1 to 1000 options",
                "twice   | invalid_config | the option a is there twice",
                "exit    | invalid_config | \"options[0].edge\" must be the name of an edge that is not one of",
            })
    void wrongOptionsOfTheStateFailTheAttemptByThePath(String path, String code, String message) {
        Map<String, ?> input = Map.of(
                "text",
                "a",
                "empty",
                List.of(),
                "twice",
                List.of("a", Map.of("value", "a")),
                "exit",
                List.of(Map.of("value", "a", "edge", "exit")));
        try (HumanRun run = HumanRun.of(input, Map.of("choose", Map.of("options", path)))) {
            assertThat(run.code()).isEqualTo(code);
            assertThat(run.error()).contains(message);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "{{many}}"})
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @DisplayName("I5: far too many options are refused before anything is done with them")
    void farTooManyOptions(String path) {
        List<String> many = IntStream.range(0, 200_000).mapToObj(i -> "o" + i).toList();
        try (HumanRun run = HumanRun.of(Map.of("many", many), Map.of("choose", Map.of("options", path)))) {
            assertThat(run.code()).isEqualTo("invalid_config");
            assertThat(run.error()).contains("\"options\" must be an array of 1 to 1000 options");
        }
    }

    @Test
    @DisplayName("I5: of very many faults in the options, the first are told")
    void manyFaults() {
        List<Map<String, Integer>> wrong = IntStream.range(0, 1_000)
                .mapToObj(i -> Map.of("valve", i, "lable", i, "edgy", i))
                .toList();
        assertThat(BuiltInNodes.all(new SchemaFormValidator()).get("choose").check(Map.of("options", wrong)))
                .hasSize(20)
                .contains("\"options[0].value\" is missing; it must be a text, a number, or true or false");
    }

    @Test
    @DisplayName("Numbers are the same option however they are written")
    void sameNumberTwice() {
        List<Object> twice = List.of(new BigDecimal("1.0"), 0, "1", 1e0);
        try (HumanRun run = HumanRun.of(Map.of("twice", twice), Map.of("choose", Map.of("options", "twice")))) {
            assertThat(run.error()).contains("the option 1 is there twice");
        }
    }

    @Test
    void aFlowToWhichNoOptionLeadsIsMisspelled() {
        Object script = List.of(
                Map.of("choose", Map.of("options", List.of("train", "plane"))),
                Map.of("trian", mark("train"), "chosen", mark("other")));
        try (HumanRun run = HumanRun.of(Map.of(), script)) {
            assertThat(run.code()).isEqualTo("invalid_config");
            assertThat(run.error()).contains("a flow for \"trian\", to which no option leads; did you mean \"train\"?");
        }
    }

    @Test
    void nobodyChose() {
        Object script = List.of(
                Map.of("choose", Map.of("options", List.of("a"), "timeout", "P1D", "stateKey", "c")),
                Map.of("timeout", mark("nowhere")));
        try (HumanRun run = HumanRun.of(Map.of(), script)) {
            assertThat(run.advance(Duration.ofDays(1)).state().raw()).isEqualTo(Map.of("went", "nowhere"));
        }
    }
}
