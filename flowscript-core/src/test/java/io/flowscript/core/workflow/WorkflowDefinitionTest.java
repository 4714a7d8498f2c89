package io.flowscript.core.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flowscript.core.workflow.Element.Branch;
import io.flowscript.core.workflow.Element.Exit;
import io.flowscript.core.workflow.Element.Loop;
import io.flowscript.core.workflow.Element.LoopTo;
import io.flowscript.core.workflow.Element.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WorkflowDefinitionTest {

    private static WorkflowDefinition withNodes(@Nullable Object... elements) {
        return WorkflowDefinition.of(Map.of("id", "w", "nodes", Arrays.asList(elements)));
    }

    private static List<@Nullable Object> array(@Nullable Object... items) {
        return Arrays.asList(items);
    }

    private static Map<String, @Nullable Object> object(String key, @Nullable Object value) {
        return Collections.singletonMap(key, value);
    }

    @Nested
    class Reads {

        @Test
        void aNodesName() {
            assertThat(withNodes("a").elements()).containsExactly(new Step("/nodes/0", "a", null));
        }

        @Test
        void aNodeWithAConfig() {
            assertThat(withNodes(object("a", Map.of("x", 1))).elements())
                    .containsExactly(new Step("/nodes/0", "a", Map.of("x", 1)));
        }

        @Test
        void anEmptyConfig() {
            assertThat(withNodes(object("a", Map.of())).elements())
                    .containsExactly(new Step("/nodes/0", "a", Map.of()));
        }

        @Test
        @DisplayName("F21: the literals exit and loopTo:name are no nodes")
        void theLiterals() {
            assertThat(withNodes("exit", "loopTo:a b").elements())
                    .containsExactly(new Exit("/nodes/0"), new LoopTo("/nodes/1", "a b"));
        }

        @Test
        @DisplayName("F25: a flow is null, one element, or a sequence")
        void everyFormOfAFlow() {
            Map<String, @Nullable Object> flows = new LinkedHashMap<>();
            flows.put("nothing", null);
            flows.put("name", "a");
            flows.put("config", object("b", Map.of("x", 1)));
            flows.put("leave", "exit");
            flows.put("again", "loopTo:c");
            flows.put("empty", List.of());
            flows.put("sequence", array("d", "exit"));

            Branch branch = (Branch) withNodes(array("check", flows)).elements().get(0);

            assertThat(branch.pointer()).isEqualTo("/nodes/0");
            assertThat(branch.condition()).isEqualTo(new Step("/nodes/0/0", "check", null));
            assertThat(branch.flows().keySet()).containsExactlyElementsOf(flows.keySet());
            assertThat(branch.flows())
                    .containsEntry("nothing", List.of())
                    .containsEntry("name", List.of(new Step("/nodes/0/1/name", "a", null)))
                    .containsEntry("config", List.of(new Step("/nodes/0/1/config", "b", Map.of("x", 1))))
                    .containsEntry("leave", List.of(new Exit("/nodes/0/1/leave")))
                    .containsEntry("again", List.of(new LoopTo("/nodes/0/1/again", "c")))
                    .containsEntry("empty", List.of())
                    .containsEntry(
                            "sequence",
                            List.of(new Step("/nodes/0/1/sequence/0", "d", null), new Exit("/nodes/0/1/sequence/1")));
        }

        @Test
        @DisplayName(
                "F25: an array in a flow is a sequence even if it looks like a branch; a branch in it is an element of it")
        void aFlowIsAlwaysASequence() {
            Branch branch = (Branch) withNodes(array("outer", object("yes", array("inner", object("a", Map.of())))))
                    .elements()
                    .get(0);
            assertThat(branch.flows().get("yes"))
                    .containsExactly(
                            new Step("/nodes/0/1/yes/0", "inner", null), new Step("/nodes/0/1/yes/1", "a", Map.of()));

            Branch nested = (Branch) withNodes(array("outer", object("yes", array(array("inner", object("a", "b"))))))
                    .elements()
                    .get(0);
            assertThat(nested.flows().get("yes"))
                    .containsExactly(new Branch(
                            "/nodes/0/1/yes/0",
                            new Step("/nodes/0/1/yes/0/0", "inner", null),
                            Map.of("a", List.of(new Step("/nodes/0/1/yes/0/1/a", "b", null)))));
        }

        @Test
        void aLoopWithANestedBranchAndLoop() {
            Loop loop = (Loop) withNodes(array(
                            object("forEach", Map.of("items", "$.a")),
                            array("a", array("check", object("x", null)), array("while", array("b")))))
                    .elements()
                    .get(0);
            assertThat(loop)
                    .isEqualTo(new Loop(
                            "/nodes/0",
                            new Step("/nodes/0/0", "forEach", Map.of("items", "$.a")),
                            List.of(
                                    new Step("/nodes/0/1/0", "a", null),
                                    new Branch(
                                            "/nodes/0/1/1",
                                            new Step("/nodes/0/1/1/0", "check", null),
                                            Map.of("x", List.of())),
                                    new Loop(
                                            "/nodes/0/1/2",
                                            new Step("/nodes/0/1/2/0", "while", null),
                                            List.of(new Step("/nodes/0/1/2/1/0", "b", null))))));
        }

        @Test
        void namesWithSlashesAndTildesHaveEscapedPointers() {
            Branch branch = (Branch)
                    withNodes(array("a", object("x/y~z", "b"))).elements().get(0);
            assertThat(branch.flows().get("x/y~z")).containsExactly(new Step("/nodes/0/1/x~1y~0z", "b", null));
        }

        @Test
        void theFieldsForPeople() {
            WorkflowDefinition full = WorkflowDefinition.of(Map.of(
                    "id",
                    "w",
                    "name",
                    "A name",
                    "description",
                    "What for",
                    "version",
                    2,
                    "metadata",
                    Map.of("a", 1),
                    "initialState",
                    Map.of("n", 1),
                    "nodes",
                    List.of()));
            assertThat(full.problems()).isEmpty();
            assertThat(full.name()).isEqualTo("A name");
            assertThat(full.description()).isEqualTo("What for");
            assertThat(full.initialState()).isEqualTo(Map.of("n", 1));
            assertThat(full.elements()).isEmpty();

            WorkflowDefinition least = withNodes();
            assertThat(least.name()).isEqualTo("w");
            assertThat(least.description()).isEmpty();
            assertThat(least.initialState()).isEmpty();
            assertThat(least.source()).isEqualTo("w");
            assertThat(WorkflowDefinition.of(least.document(), "w.json").source())
                    .isEqualTo("w.json");
        }

        @Test
        void aCopyThatNobodyCanChange() {
            List<@Nullable Object> nodes = new ArrayList<>(List.of("a"));
            Map<String, @Nullable Object> document = new LinkedHashMap<>(Map.of("id", "w", "nodes", nodes));
            WorkflowDefinition definition = WorkflowDefinition.of(document);
            String hash = definition.hash();
            nodes.add("b");
            document.put("id", "x");
            assertThat(definition.document()).isEqualTo(Map.of("id", "w", "nodes", List.of("a")));
            assertThat(definition.hash()).isEqualTo(hash);
        }
    }

    @Nested
    class Refuses {

        static Stream<Arguments> wrongElements() {
            return Stream.of(
                    Arguments.of(null, "", "invalid_element"),
                    Arguments.of(3, "", "invalid_element"),
                    Arguments.of(true, "", "invalid_element"),
                    Arguments.of("", "", "invalid_node_name"),
                    Arguments.of("  ", "", "invalid_node_name"),
                    Arguments.of("x".repeat(129), "", "invalid_node_name"),
                    Arguments.of("loopTo:", "", "invalid_loop_to"),
                    Arguments.of(Map.of(), "", "invalid_step"),
                    Arguments.of(Map.of("a", Map.of(), "b", Map.of()), "", "invalid_step"),
                    Arguments.of(object("a", "text"), "/a", "invalid_config"),
                    Arguments.of(object("a", null), "/a", "invalid_config"),
                    Arguments.of(object("a", List.of()), "/a", "invalid_config"),
                    Arguments.of(object("", Map.of()), "/", "invalid_node_name"),
                    Arguments.of(object("exit", Map.of()), "/exit", "reserved_name"),
                    Arguments.of(object("loopTo:a", Map.of()), "/loopTo:a", "reserved_name"),
                    Arguments.of(array(), "", "invalid_array"),
                    Arguments.of(array("a"), "", "invalid_array"),
                    Arguments.of(array("a", "b"), "", "invalid_array"),
                    Arguments.of(array("a", null), "", "invalid_array"),
                    Arguments.of(array("a", object("x", "b"), "c"), "", "invalid_array"),
                    Arguments.of(array(3, object("x", "b")), "/0", "invalid_condition"),
                    Arguments.of(array("exit", object("x", "b")), "/0", "invalid_condition"),
                    Arguments.of(array("loopTo:a", object("x", "b")), "/0", "invalid_condition"),
                    Arguments.of(array(array("a", Map.of("x", "b")), object("x", "b")), "/0", "invalid_condition"),
                    Arguments.of(array(Map.of(), object("x", "b")), "/0", "invalid_step"),
                    Arguments.of(array("a", object(" ", "b")), "/1/ ", "invalid_edge"),
                    Arguments.of(array("a", object("x", 3)), "/1/x", "invalid_element"),
                    Arguments.of(array("a", object("x", array("b", null))), "/1/x/1", "invalid_element"),
                    Arguments.of(array("exit", array("b")), "/0", "invalid_controller"),
                    Arguments.of(array(null, array("b")), "/0", "invalid_controller"),
                    Arguments.of(array("while", array(3)), "/1/0", "invalid_element"),
                    Arguments.of(array("while", array(Map.of())), "/1/0", "invalid_step"));
        }

        @ParameterizedTest(name = "{0} at {1}: {2}")
        @MethodSource("wrongElements")
        @DisplayName("F25: a shape that is none is refused with its place")
        void aWrongElement(@Nullable Object element, String below, String code) {
            assertThat(withNodes("fine", element).problems())
                    .filteredOn(Problem::isError)
                    .extracting(Problem::pointer, Problem::code)
                    .containsExactly(tuple("/nodes/1" + below, code));
        }

        static Stream<Arguments> wrongDocuments() {
            List<Object> nodes = List.of();
            return Stream.of(
                    Arguments.of(Map.of("nodes", nodes), "", "missing_id"),
                    Arguments.of(Map.of("id", " ", "nodes", nodes), "/id", "invalid_id"),
                    Arguments.of(Map.of("id", 3, "nodes", nodes), "/id", "invalid_id"),
                    Arguments.of(Map.of("id", "x".repeat(129), "nodes", nodes), "/id", "invalid_id"),
                    Arguments.of(Map.of("id", "w"), "", "missing_nodes"),
                    Arguments.of(object2("nodes", null), "/nodes", "invalid_field"),
                    Arguments.of(object2("nodes", "a"), "/nodes", "invalid_field"),
                    Arguments.of(Map.of("id", "w", "nodes", nodes, "name", 3), "/name", "invalid_field"),
                    Arguments.of(
                            Map.of("id", "w", "nodes", nodes, "description", nodes), "/description", "invalid_field"),
                    Arguments.of(Map.of("id", "w", "nodes", nodes, "version", nodes), "/version", "invalid_field"),
                    Arguments.of(Map.of("id", "w", "nodes", nodes, "metadata", "x"), "/metadata", "invalid_field"),
                    Arguments.of(
                            Map.of("id", "w", "nodes", nodes, "initialState", 3), "/initialState", "invalid_field"));
        }

        private static Map<String, @Nullable Object> object2(String key, @Nullable Object value) {
            Map<String, @Nullable Object> document = new LinkedHashMap<>(Map.of("id", "w"));
            document.put(key, value);
            return document;
        }

        @ParameterizedTest(name = "{0} at {1}: {2}")
        @MethodSource("wrongDocuments")
        void aWrongDocument(Map<String, @Nullable Object> document, String pointer, String code) {
            assertThat(WorkflowDefinition.of(document).problems())
                    .extracting(Problem::pointer, Problem::code)
                    .containsExactly(tuple(pointer, code));
        }

        @Test
        void everythingAtOnceInTheOrderOfTheDocument() {
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put("intialState", Map.of());
            document.put("nodes", array("a", Map.of(), array("b", object("x", array("c", null))), 3));
            document.put("name", 7);
            assertThat(WorkflowDefinition.of(document).problems())
                    .extracting(Problem::pointer)
                    .containsExactly("", "/intialState", "/nodes/1", "/nodes/2/1/x/1", "/nodes/3", "/name");
        }

        @Test
        void aHundredProblemsAndTheNumberOfTheOthers() {
            Object[] wrong = new Object[250];
            Arrays.fill(wrong, 3);
            List<Problem> problems = withNodes(wrong).problems();
            assertThat(problems).hasSize(101);
            assertThat(problems.get(99).pointer()).isEqualTo("/nodes/99");
            assertThat(problems.get(100).code()).isEqualTo("too_many_problems");
            assertThat(problems.get(100).message()).contains("150 more");
        }

        @Test
        void branchesThatAreNestedTooDeep() {
            Object deep = "a";
            for (int i = 0; i < WorkflowDefinition.MAX_DEPTH; i++) {
                deep = array("check", object("x", array(deep)));
            }
            assertThat(withNodes(deep).problems()).extracting(Problem::code).containsExactly("too_deep");
            Object justFine = ((Map<?, ?>) ((List<?>) deep).get(1)).get("x");
            assertThat(WorkflowDefinition.of(Map.of("id", "w", "nodes", justFine == null ? List.of() : justFine))
                            .problems())
                    .isEmpty();
        }

        @Test
        void aDocumentNestedTenThousandDeep() {
            Object deep = "a";
            for (int i = 0; i < 10_000; i++) {
                deep = array("while", array(deep));
            }
            WorkflowDefinition refused = withNodes(deep);
            assertThat(refused.problems()).extracting(Problem::code).containsExactly("too_deep");
            assertThat(refused.problems().get(0).pointer()).startsWith("/nodes/0/1/0/1");
            assertThat(refused.id()).isEqualTo("w");
            assertThat(refused.elements()).isEmpty();
        }

        @Test
        void moreElementsThanAreAllowed() {
            Object[] many = new Object[WorkflowDefinition.MAX_ELEMENTS + 5];
            Arrays.fill(many, "a");
            assertThat(withNodes(many).problems())
                    .extracting(Problem::pointer, Problem::code)
                    .containsExactly(tuple("/nodes/" + WorkflowDefinition.MAX_ELEMENTS, "too_many_elements"));
            assertThat(withNodes(Arrays.copyOf(many, WorkflowDefinition.MAX_ELEMENTS))
                            .problems())
                    .isEmpty();
        }

        @Test
        void aValueThatIsNotJson() {
            WorkflowDefinition refused = withNodes(object("a", Map.of("when", new Thread())));
            assertThat(refused.problems())
                    .extracting(Problem::pointer, Problem::code)
                    .containsExactly(tuple("/nodes/0/a/when", "invalid_document"));
        }
    }

    @Nested
    class Warns {

        @Test
        void ofAFieldThatIsMisspelt() {
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put("id", "w");
            document.put("intialState", Map.of());
            document.put("nodes", List.of());
            Problem problem = WorkflowDefinition.of(document).problems().get(0);
            assertThat(problem.isError()).isFalse();
            assertThat(problem.suggestion()).isEqualTo("initialState");
            assertThat(problem.toString())
                    .startsWith("/intialState: ")
                    .contains("Did you mean \"initialState\"?")
                    .endsWith("[unknown_field]");
        }

        @Test
        void ofEmptyAndUnreachableThings() {
            Map<String, @Nullable Object> flows = new LinkedHashMap<>();
            flows.put("exit", "b");
            flows.put("loopTo:b", null);
            List<Problem> problems = withNodes(array("a", Map.of()), array("while", array()), array("a", flows))
                    .problems();
            assertThat(problems).noneMatch(Problem::isError);
            assertThat(problems)
                    .extracting(Problem::pointer, Problem::code)
                    .containsExactly(
                            tuple("/nodes/0/1", "empty_branch"),
                            tuple("/nodes/1/1", "empty_loop"),
                            tuple("/nodes/2/1/exit", "unreachable_flow"),
                            tuple("/nodes/2/1/loopTo:b", "unreachable_flow"));
        }
    }

    @Nested
    class Hash {

        @Test
        void doesNotDependOnTheOrderOfKeysNorOnHowANumberIsWritten() {
            Map<String, @Nullable Object> first = new LinkedHashMap<>();
            first.put("id", "w");
            first.put("nodes", array(object("a", Map.of("x", 1))));
            Map<String, @Nullable Object> second = new LinkedHashMap<>();
            second.put("nodes", array(object("a", Map.of("x", 1.0))));
            second.put("id", "w");
            assertThat(WorkflowDefinition.of(first).hash())
                    .isEqualTo(WorkflowDefinition.of(second).hash())
                    .matches("[0-9a-f]{64}");
        }

        @Test
        void isThatOfTheCanonicalDocument() {
            // printf '{"id":"w","nodes":["a"]}' | sha256sum
            assertThat(withNodes("a").hash())
                    .isEqualTo("5a00b5411741ee684ca4b9fbe60eeab585cbcf1b8c9f7650fe39a0fd40a81db2");
        }

        private static Map<String, @Nullable Object> complete() {
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put("id", "w");
            document.put("name", "one");
            document.put("description", "one");
            document.put("version", "1");
            document.put("metadata", Map.of("owner", "ada"));
            document.put("initialState", Map.of("a", 1));
            document.put("nodes", array("a"));
            return document;
        }

        @ParameterizedTest
        @CsvSource({"name,two", "description,two", "version,2"})
        void doesNotDependOnATextForPeople(String field, String other) {
            Map<String, @Nullable Object> changed = complete();
            changed.put(field, other);
            assertSameVersion(changed);
            changed.remove(field);
            assertSameVersion(changed);
        }

        @Test
        void doesNotDependOnMetadata() {
            Map<String, @Nullable Object> changed = complete();
            changed.put("metadata", Map.of("owner", "bea"));
            assertSameVersion(changed);
        }

        private static void assertSameVersion(Map<String, @Nullable Object> changed) {
            WorkflowDefinition other = WorkflowDefinition.of(changed);
            WorkflowDefinition one = WorkflowDefinition.of(complete());
            assertThat(other.hash()).isEqualTo(one.hash());
            assertThat(other).as("another document").isNotEqualTo(one);
        }

        @Test
        void dependsOnTheIdTheInitialStateTheSecretsAndTheNodes() {
            Map<String, @Nullable Object> id = complete();
            id.put("id", "v");
            Map<String, @Nullable Object> state = complete();
            state.put("initialState", Map.of("a", 2));
            Map<String, @Nullable Object> none = complete();
            none.remove("initialState");
            Map<String, @Nullable Object> nodes = complete();
            nodes.put("nodes", array(object("a", Map.of("description", "of a step"))));
            Map<String, @Nullable Object> settings = complete();
            settings.put("nodes", array(Map.of("a", Map.of(), "timeout", "1m")));
            Map<String, @Nullable Object> secrets = complete();
            secrets.put("secrets", array("$.card"));
            Map<String, @Nullable Object> further = complete();
            further.put("secrets", array("$.card", "$.pin"));
            assertThat(Stream.of(complete(), id, state, none, nodes, settings, secrets, further)
                            .map(document -> WorkflowDefinition.of(document).hash()))
                    .doesNotHaveDuplicates();
        }

        @Test
        void doesNotDependOnHowSecretsAreWritten() {
            Map<String, @Nullable Object> none = complete();
            none.put("secrets", array());
            assertSameVersion(none);
            Map<String, @Nullable Object> one = complete();
            one.put("secrets", array("$.card", "$.pin"));
            Map<String, @Nullable Object> other = complete();
            other.put("secrets", array("pin", "state.card", "$['card']"));
            assertThat(WorkflowDefinition.of(one).hash())
                    .isEqualTo(WorkflowDefinition.of(other).hash());
        }

        @Test
        void doesNotDependOnTheOrderOfFlowsAndConfigs() {
            Map<String, @Nullable Object> flows = new LinkedHashMap<>();
            flows.put("yes", "b");
            flows.put("no", "c");
            Map<String, @Nullable Object> turned = new LinkedHashMap<>();
            turned.put("no", "c");
            turned.put("yes", "b");
            assertThat(withNodes(array("a", flows)).hash())
                    .isEqualTo(withNodes(array("a", turned)).hash());
            turned.put("yes", "d");
            assertThat(withNodes(array("a", flows)).hash())
                    .isNotEqualTo(withNodes(array("a", turned)).hash());
        }

        @Test
        void changesWithTheOrderOfElementsAndWithTypes() {
            assertThat(Stream.of(
                                    withNodes("a", "b"),
                                    withNodes("b", "a"),
                                    withNodes("a,b"),
                                    withNodes(object("a", Map.of("x", 1))),
                                    withNodes(object("a", Map.of("x", "1"))),
                                    withNodes(object("a", object("x", null))),
                                    withNodes(object("a", Map.of())))
                            .map(WorkflowDefinition::hash))
                    .doesNotHaveDuplicates();
        }
    }

    @Nested
    class Secrets {

        private static WorkflowDefinition marking(@Nullable Object secrets, Map<String, ?> state) {
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put("id", "w");
            document.put("initialState", state);
            document.put("secrets", secrets);
            document.put("nodes", array());
            return WorkflowDefinition.of(document);
        }

        private static List<String> problems(@Nullable Object secrets, Map<String, ?> state) {
            return marking(secrets, state).problems().stream()
                    .map(problem -> problem.pointer() + " " + problem.code())
                    .toList();
        }

        @Test
        void areReadInTheirNormalForm() {
            WorkflowDefinition definition = marking(array("customer.pin", "$['card no']"), Map.of());
            assertThat(definition.problems()).isEmpty();
            assertThat(definition.secrets()).hasToString("[$.customer.pin, $[\"card no\"]]");
            assertThat(withNodes().secrets().isEmpty()).isTrue();
            assertThat(Workflow.named("w").secrets("$.a").build().secrets()).hasToString("[$.a]");
        }

        @Test
        void areRefusedWhereTheyAreNoPaths() {
            assertThat(problems("$.card", Map.of())).containsExactly("/secrets invalid_field");
            assertThat(problems(array("$.card", "$.a.", 7, null, "$", "$.cards[0].no"), Map.of()))
                    .containsExactly(
                            "/secrets/1 invalid_secret",
                            "/secrets/2 invalid_secret",
                            "/secrets/3 invalid_secret",
                            "/secrets/4 invalid_secret",
                            "/secrets/5 invalid_secret");
            assertThat(problems(Collections.nCopies(101, "$.a"), Map.of()))
                    .containsExactly("/secrets too_many_secrets");
            assertThat(problems(Collections.nCopies(100, "$.a"), Map.of())).isEmpty();
        }

        @Test
        @DisplayName("A secret in the script itself is refused; an empty value is none")
        void areNotInTheScript() {
            assertThat(problems(
                            array("$.card", "$.customer.pin"), Map.of("card", "4111", "customer", Map.of("pin", 1))))
                    .containsExactly("/secrets/0 secret_in_script", "/secrets/1 secret_in_script");
            Map<String, @Nullable Object> empty = new LinkedHashMap<>();
            empty.put("a", null);
            empty.put("b", "");
            empty.put("c", array());
            empty.put("d", Map.of());
            assertThat(problems(array("$.a", "$.b", "$.c", "$.d", "$.e"), empty))
                    .isEmpty();
        }
    }
}
