package io.flowscript.language.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.Assignment;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Escalation;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.json.codec.JsonReader;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all nodes that ask people take in their configs. */
class HumanSettingsTest {

    private static final Map<String, Map<String, ?>> ANSWERS = Map.of(
            "formInput", Map.of("n", 1),
            "approve", Map.of("decision", "rejected"),
            "choose", Map.of("choice", "a"));

    static List<String> nodes() {
        return List.of("formInput", "approve", "choose");
    }

    private static Map<String, Object> config(String node, Map<String, ?> settings) {
        Map<String, Object> config = new LinkedHashMap<>(settings);
        if (node.equals("choose")) {
            config.put("options", List.of("a", "b"));
        } else if (node.equals("formInput")) {
            config.put("form", Map.of("schema", Map.of("type", "object", "required", List.of("n"))));
        }
        return Map.of(node, config);
    }

    private static HumanRun run(boolean restarts, String node, Map<String, ?> settings) {
        Map<String, ?> input = Map.of(
                "requester",
                "rosa",
                "boss",
                "ada",
                "team",
                List.of("bob", "cleo"),
                "wait",
                "P1D",
                "soon",
                3_600_000,
                "n",
                7);
        return HumanRun.of(restarts, input, config(node, settings));
    }

    @ParameterizedTest
    @MethodSource("nodes")
    void everySettingIsInTheQuestionAndTakesTemplates(String node) {
        Map<String, ?> settings = Map.of(
                "assignees", "{{team}}",
                "groups", List.of("finance", "{{boss}}-team"),
                "notBy", List.of("{{requester}}"),
                "timeout", "{{wait}}",
                "reminders", List.of("{{soon}}", "PT2H"),
                "escalate",
                        List.of(
                                Map.of("after", "PT3H", "assignees", "{{boss}}"),
                                Map.of("after", "PT4H", "groups", List.of("{{boss}}s"))),
                "contextKeys", List.of("n", "{{boss}}", "$.team[1]"),
                "reason", "because of {{n}}");
        try (HumanRun run = run(false, node, settings)) {
            Question question = run.question();
            assertThat(question.assignment())
                    .isEqualTo(new Assignment(List.of("bob", "cleo"), List.of("finance", "ada-team")));
            assertThat(question.excluded()).containsExactly("rosa");
            assertThat(question.within()).isEqualTo(Duration.ofDays(1));
            assertThat(question.reminders()).containsExactly(Duration.ofHours(1), Duration.ofHours(2));
            assertThat(question.escalations())
                    .containsExactly(
                            new Escalation(Duration.ofHours(3), new Assignment(List.of("ada"), List.of())),
                            new Escalation(Duration.ofHours(4), new Assignment(List.of(), List.of("adas"))));
            assertThat(question.context()).isEqualTo(Map.of("n", 7, "team[1]", "cleo"));
            assertThat(question.reason()).isEqualTo("because of 7");
        }
    }

    @ParameterizedTest
    @MethodSource("nodes")
    void oneValueStandsForAnArrayOfOne(String node) {
        Map<String, ?> settings = Map.of(
                "assignees", "ada",
                "groups", "g",
                "notBy", "rosa",
                "reminders", 1,
                "escalate", Map.of("after", 2, "groups", "h"));
        try (HumanRun run = run(false, node, settings)) {
            assertThat(run.question().assignment()).isEqualTo(new Assignment(List.of("ada"), List.of("g")));
            assertThat(run.question().reminders()).containsExactly(Duration.ofMillis(1));
            run.advance(Duration.ofMillis(2));
            assertThat(run.asked().assignment()).isEqualTo(new Assignment(List.of(), List.of("h")));
        }
    }

    @ParameterizedTest
    @MethodSource("nodes")
    void remindersAndEscalationsHappenBeforeTheTimeoutAcrossRestarts(String node) {
        Map<String, ?> settings =
                Map.of("timeout", "P3D", "reminders", "P1D", "escalate", Map.of("after", "P2D", "groups", "directors"));
        try (HumanRun run = run(true, node, settings)) {
            run.advance(Duration.ofDays(1)).advance(Duration.ofDays(1)).advance(Duration.ofDays(1));
            assertThat(run.types())
                    .filteredOn(type -> type.startsWith("human:"))
                    .containsExactly(
                            "human:input:required",
                            "human:input:reminded",
                            "human:input:escalated",
                            "human:input:timeout");
            assertThat(run.edge()).isEqualTo("timeout");
            assertThat(run.code()).isEqualTo("unhandled_edge");
        }
    }

    @ParameterizedTest
    @MethodSource("nodes")
    @DisplayName("At the timeout, the node continues with the default answer, as if a person had given it")
    void aDefaultAnswer(String node) {
        Map<String, ?> settings =
                Map.of("timeout", "P1D", "onTimeout", Map.of("answer", ANSWERS.get(node)), "stateKey", "kept");
        try (HumanRun run = run(true, node, settings)) {
            assertThat(run.advance(Duration.ofDays(1)).isCompleted()).isTrue();
            assertThat(run.edge())
                    .isEqualTo(Map.of("formInput", "submitted", "approve", "rejected", "choose", "chosen")
                            .get(node));
            Map<String, Object> expected = new LinkedHashMap<>(ANSWERS.get(node));
            if (!node.equals("formInput")) {
                expected.put("timedOut", true);
            }
            if (node.equals("choose")) {
                expected.put("label", "a");
            }
            assertThat(run.state().get("kept").raw()).isEqualTo(expected);
            assertThat(run.types()).contains("human:input:timeout").doesNotContain("human:input:received");
        }
    }

    @Test
    void aDefaultAnswerCanTurnAFormDownOrDecideWithoutVotes() {
        Map<String, ?> down = Map.of("timeout", 1, "onTimeout", Map.of("answer", Map.of("_cancelled", true)));
        try (HumanRun run = run(false, "formInput", down)) {
            assertThat(run.advance(Duration.ofMillis(1)).edge()).isEqualTo("cancelled");
        }
        Map<String, ?> votes = Map.of(
                "timeout",
                1,
                "quorum",
                Map.of("approvals", 2),
                "onTimeout",
                Map.of("answer", Map.of("decision", "approved", "votes", List.of(Map.of("by", "nobody")))));
        try (HumanRun run = run(false, "approve", votes)) {
            run.answered("ada", Map.of("decision", "approved")).advance(Duration.ofMillis(1));
            assertThat(run.data().raw()).isEqualTo(Map.of("decision", "approved", "timedOut", true));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{requester}}", "{{nothingOfThatName}}"})
    @DisplayName("A default answer from a template is checked when the interaction is opened, not at the timeout")
    void aDefaultAnswerIsCheckedEarly(String decision) {
        Map<String, ?> settings = Map.of("timeout", "P2D", "onTimeout", Map.of("answer", Map.of("decision", decision)));
        try (HumanRun run = run(false, "approve", settings)) {
            assertThat(run.isAsking()).isFalse();
            assertThat(run.code()).isEqualTo("invalid_config");
            assertThat(run.error()).contains("\"onTimeout.answer\" is not a valid answer: $.decision");
        }
    }

    @ParameterizedTest
    @MethodSource("nodes")
    void itCanFailInstead(String node) {
        Map<String, ?> settings = Map.of("timeout", "P1D", "onTimeout", "fail");
        try (HumanRun run = run(true, node, settings)) {
            run.advance(Duration.ofDays(1));
            assertThat(run.code()).isEqualTo("expired");
            assertThat(run.error()).contains("Nobody answered within the timeout of P1D");
        }
    }

    @Test
    void aFailureGoesByTheErrorFlow() {
        Object script = List.of(
                Map.of("approve", Map.of("timeout", 5, "onTimeout", "fail")),
                Map.of("error", Map.of("setFlag", Map.of("flag", "late"))));
        try (HumanRun run = HumanRun.of(Map.of(), script)) {
            assertThat(run.advance(Duration.ofMillis(5)).state().raw()).isEqualTo(Map.of("late", true));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "notBy     | {{nobody}}   | \"notBy\" must be a name, or an array of names, not \"{{nobody}}\"",
                "notBy     | ['{{nobody}}'] | \"notBy\" must be a name, or an array of names, not [\"{{nobody}}\"]",
                "assignees | {{empty}}    | \"assignees\" must be a name, or an array of names, not []",
                "assignees | {{n}}        | \"assignees\" must be a name, or an array of names, not 7",
                "groups    | {{nothing}}  | \"groups\" must be a name, or an array of names, not null",
                "timeout   | {{word}}     | \"timeout\" must be a number of milliseconds, or an ISO 8601 duration",
                "reminders | {{word}}     | \"reminders\" must be a time after which people are reminded",
            })
    @DisplayName("A template that names nobody fails the attempt; it does not mean anybody")
    void templatesThatNameNobody(String field, String template, String message) {
        String value = template.startsWith("[") ? template : "'" + template + "'";
        Map<String, ?> input = json("{'empty': [], 'n': 7, 'nothing': null, 'word': 'soon'}");
        try (HumanRun run = HumanRun.of(input, json("{'approve': {'" + field + "': " + value + "}}"))) {
            assertThat(run.code()).isEqualTo("invalid_config");
            assertThat(run.error()).contains(message);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "{'assignee': 'ada'} | Did you mean \"assignees\"? [unknown_field]",
                "{'assignees': 7} | \"assignees\" must be a name, or an array of names, not 7",
                "{'assignees': []} | \"assignees\" must be a name, or an array of names, not []",
                "{'groups': ['a', ' ']} | \"groups\" must be a name, or an array of names, not [\"a\",\" \"]",
                "{'notBy': {'name': 'ada'}} | \"notBy\" must be a name, or an array of names, not a value of type object",
                "{'timeout': '2 days'} | \"timeout\" must be a number of milliseconds, or an ISO 8601 duration such as \"P2D\", more than 0 and at most 100 years, not \"2 days\"",
                "{'timeout': 0} | more than 0 and at most 100 years, not 0",
                "{'onTimeout': 'fail'} | \"onTimeout\" needs a \"timeout\"",
                "{'timeout': 1, 'onTimeout': 'reject'} | \"onTimeout\" must be \"edge\", \"fail\", or an answer such as {\"answer\": {...}}, not \"reject\"",
                "{'timeout': 1, 'onTimeout': {'anwser': 1}} | there is no field \"onTimeout.anwser\"; did you mean \"answer\"?",
                "{'reminders': 'often'} | \"reminders\" must be a time after which people are reminded, or an array of such",
                "{'reminders': ['P1D', 0]} | not [\"P1D\",0]",
                "{'timeout': 'P2D', 'reminders': ['P1D', 'P2D']} | \"reminders\": P2D must be before the timeout; after it, nobody is reminded",
                "{'timeout': 'P2D', 'escalate': {'after': 'P3D', 'groups': 'g'}} | \"escalate\": P3D must be before the timeout; after it, nothing is escalated",
                "{'escalate': 'P1D'} | \"escalate\" must be an object such as",
                "{'escalate': [{'after': 'P1D', 'groups': 'g'}, {'groups': 'g'}]} | \"escalate[1].after\" is missing",
                "{'escalate': [{'after': 'P1D'}]} | \"escalate[0]\": name \"assignees\" or \"groups\", or both",
                "{'escalate': {'after': 'P1D', 'group': 'g'}} | there is no field \"escalate.group\"; did you mean \"groups\"?",
                "{'escalate': {'after': 'P1D', 'people': 'g'}} | there is no field \"escalate.people\"; the fields are after, assignees, groups",
                "{'contextKeys': 'amount'} | \"contextKeys\" must be an array of paths into the state, not \"amount\"",
                "{'stateKey': '$'} | \"stateKey\" must be a path into the state, for the answer, not \"$\"",
                "{'reason': ['x']} | \"reason\" must be a text, not [\"x\"]",
            })
    void aWrongSettingIsReportedOnLoadingForEveryNode(String config, String message) {
        for (String node : nodes()) {
            refused(node, config(node, json(config)).get(node), message);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "formInput | {'form': 'text'} | \"form\" must be an object, not \"text\"",
                "formInput | {'form': {'schema': 'x'}} | \"form.schema\" must be a JSON Schema: an object, or true or false, not \"x\"",
                "formInput | {'form': {'schema': {'type': 'nubmer'}}} | \"form\": The form's schema is not valid",
                "formInput | {'form': {'shcema': {}}} | there is no field \"form.shcema\"; did you mean \"schema\"?",
                "formInput | {'form': {'title': {}}} | \"form.title\" must be a text",
                "formInput | {'timeout': 1, 'onTimeout': {'answer': 'x'}, 'form': {'schema': {'type': 'number'}}} | \"onTimeout.answer\" is not a valid answer: $ must be",
                "approve | {'title': []} | \"title\" must be a text, not []",
                "approve | {'timeout': 1, 'onTimeout': {'answer': {'decision': 'maybe'}}} | \"onTimeout.answer\" is not a valid answer: $.decision must be one of",
                "approve | {'quorum': 2} | \"quorum\" must be an object such as {\"approvals\": 2, \"of\": 3}, not 2",
                "approve | {'quorum': {'of': 2}} | \"quorum.approvals\" is missing; it must be a whole number from 1 to 1000",
                "approve | {'quorum': {'approvals': 0}} | \"quorum.approvals\" must be a whole number from 1 to 1000, not 0",
                "approve | {'quorum': {'approvals': 1.5}} | \"quorum.approvals\" must be a whole number from 1 to 1000, not 1.5",
                "approve | {'quorum': {'approvals': 3, 'of': 2}} | \"quorum\": 3 approvals are not possible with 2 votes",
                "approve | {'sendBack': {}} | \"sendBack\": name \"assignees\" or \"groups\", or both",
                "approve | {'sendBack': {'groups': 'g', 'rounds': 101}} | \"sendBack.rounds\" must be a whole number from 1 to 100, not 101",
                "approve | {'sendBack': {'groups': 'g', 'to': 1}} | there is no field \"sendBack.to\"; the fields are",
                "approve | {'sendBack': {'groups': 'g', 'form': {'schema': 1}}} | \"sendBack.form.schema\" must be a JSON Schema",
                "approve | {'sendBack': {'groups': 'g', 'escalate': {'after': 1}}} | \"sendBack.escalate\": name \"assignees\"",
                "approve | {'sendBak': {'groups': 'g'}} | /nodes/0/approve/sendBak: \"approve\" has no field \"sendBak\"; its fields are",
                "choose | {} | \"options\" is missing; it must be an array of 1 to 1000 options",
                "choose | {'options': []} | \"options\" must be an array of 1 to 1000 options",
                "choose | {'options': ['a', null]} | \"options\" must be an array of 1 to 1000 options",
                "choose | {'options': ['a', {'label': 'A'}]} | \"options[1].value\" is missing; it must be a text, a number, or true or false",
                "choose | {'options': [{'value': 'a', 'lable': 'A'}]} | there is no field \"options[0].lable\"; did you mean \"label\"?",
                "choose | {'options': [{'value': 'a', 'edge': 'timeout'}]} | \"options[0].edge\" must be the name of an edge that is not one of default, error, exit, timeout",
                "choose | {'options': ['a', 1, 'a']} | the option a is there twice",
                "choose | {'options': ['a'], 'timeout': 1, 'onTimeout': {'answer': {'choice': 'b'}}} | \"onTimeout.answer\" is not a valid answer: $.choice",
            })
    void aWrongConfigIsReportedOnLoading(String node, String config, String message) {
        refused(node, json(config), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'approve': {'quorum': {'approvals': '{{n}}', 'of': 3}, 'sendBack': {'assignees': '{{who}}', 'rounds': '{{n}}'}}}",
                "{'approve': {'quorum': '{{quorum}}', 'escalate': '{{escalations}}', 'sendBack': '{{back}}'}}",
                "{'approve': {'timeout': '{{t}}', 'onTimeout': '{{what}}', 'reminders': '{{times}}', 'notBy': ['{{a}}', 'b']}}",
                "{'formInput': {'form': '{{form}}', 'timeout': 1, 'onTimeout': {'answer': {'a': 1}}}}",
                "{'formInput': {'form': {'schema': '{{schema}}'}, 'timeout': 1, 'onTimeout': {'answer': '{{answer}}'}}}",
                "{'choose': {'options': '{{options}}', 'timeout': 1, 'onTimeout': {'answer': {'choice': 'x'}}}}",
                "{'choose': {'options': ['{{a}}', {'value': '{{b}}', 'edge': '{{c}}'}, '{{a}}']}}",
            })
    void aTemplateCanBeAnythingUntilItIsFilled(String step) {
        WorkflowDefinition workflow = WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of(json(step))));
        FlowScript.builder().workflow(workflow).build().close();
    }

    private static void refused(String node, Object config, String message) {
        assertThatThrownBy(() -> {
                    try (HumanRun run = HumanRun.of(Map.of(), Map.of(node, config))) {
                        assertThat(run.isAsking()).as("not refused").isFalse();
                    }
                })
                .as(node)
                .isInstanceOf(InvalidWorkflowException.class)
                .hasMessageContaining(message);
    }

    private static Map<String, @Nullable Object> json(String text) {
        return Value.of(new JsonReader(20).read(text.replace('\'', '"'))).asMap();
    }
}
