package io.flowscript.engine.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.ExpressionEvaluator;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.Problem;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CompilerTest {

    private static final Map<String, Node> NODES = nodes();

    /** Takes everything but a text with "((" in it. */
    private static final ExpressionEvaluator EVALUATOR = source -> {
        if (source.contains("((")) {
            throw new FlowScriptException("invalid_expression", "a bracket has no end");
        }
        return variables -> source;
    };

    private static Map<String, Node> nodes() {
        Map<String, Node> nodes = new LinkedHashMap<>();
        for (String name : List.of("a", "b", "c", "d", "validate")) {
            nodes.put(name, context -> Edge.of("done"));
        }
        nodes.put(
                "review",
                Node.named("review").edges("approved", "rejected", "timeout").run(context -> Edge.of("approved")));
        nodes.put(
                "decide",
                Node.named("decide").type(NodeType.CONTROL).edges("yes", "no").run(context -> Edge.of("yes")));
        nodes.put(
                "while",
                Node.named("while")
                        .edges(Edge.NEXT_ITERATION, Edge.EXIT_LOOP)
                        .expressions("condition")
                        .run(context -> Edge.exitLoop()));
        nodes.put(
                "pay",
                Node.named("pay")
                        .fields("amount", "currency")
                        .expressions("when")
                        .run(context -> Edge.of("done")));
        nodes.put("picky", new Node() {
            @Override
            public Outcome run(ExecutionContext context) {
                return Edge.of("done");
            }

            @Override
            public List<String> check(Map<String, @Nullable Object> config) {
                if (config.containsKey("boom")) {
                    throw new IllegalStateException("boom");
                }
                return config.containsKey("x") ? List.of() : List.of("\"x\" is missing", "really");
            }
        });
        return nodes;
    }

    private static Program compile(@Nullable Object... elements) {
        return Compiler.compile(definition(elements), NODES, EVALUATOR, List.of());
    }

    private static List<Problem> refusal(@Nullable Object... elements) {
        return catchThrowableOfType(InvalidWorkflowException.class, () -> compile(elements))
                .problems();
    }

    private static WorkflowDefinition definition(@Nullable Object... elements) {
        return WorkflowDefinition.of(Map.of("id", "w", "nodes", Arrays.asList(elements)));
    }

    private static Map<String, @Nullable Object> object(String key, @Nullable Object value) {
        return Collections.singletonMap(key, value);
    }

    private static List<@Nullable Object> array(@Nullable Object... items) {
        return Arrays.asList(items);
    }

    private static Map<String, @Nullable Object> edges(@Nullable Object... namesAndFlows) {
        Map<String, @Nullable Object> edges = new LinkedHashMap<>();
        for (int i = 0; i < namesAndFlows.length; i += 2) {
            edges.put(String.valueOf(namesAndFlows[i]), namesAndFlows[i + 1]);
        }
        return edges;
    }

    /** Each instruction on a line: what a reader can check against the document. */
    private static String listing(Program program) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < program.size(); i++) {
            Instruction at = program.at(i);
            out.append(i).append(' ').append("  ".repeat(program.loopDepth(i)));
            if (at instanceof Instruction.Run run) {
                out.append("run ").append(run.step().name());
                new java.util.TreeMap<>(run.targets())
                        .forEach((edge, to) ->
                                out.append(' ').append(edge).append("->").append(to));
                out.append(" next ").append(run.next());
            } else if (at instanceof Instruction.Loop loop) {
                out.append("loop ").append(loop.step().name()).append(" body ").append(loop.body());
                out.append(" next ").append(loop.next());
            } else if (at instanceof Instruction.Repeat repeat) {
                out.append("repeat ").append(repeat.loop());
            } else if (at instanceof Instruction.Jump jump) {
                out.append("jump ").append(jump.target());
            } else if (at instanceof Instruction.Exit exit) {
                out.append(exit.explicit() ? "exit" : "end");
            }
            out.append(" @").append(at.pointer()).append('\n');
        }
        return out.toString();
    }

    @Nested
    class Makes {

        @Test
        void anEmptyProgram() {
            assertThat(listing(compile())).isEqualTo("0 end @/nodes\n");
        }

        @Test
        void aSequence() {
            assertThat(listing(compile("a", object("b", Map.of("x", 1)), "exit")))
                    .isEqualTo("""
                            0 run a next 1 @/nodes/0
                            1 run b next 2 @/nodes/1
                            2 exit @/nodes/2
                            3 end @/nodes
                            """);
        }

        @Test
        void aBranchWhoseFlowsEndBehindIt() {
            assertThat(listing(compile(
                            array(
                                    "a",
                                    edges("x", "b", "nothing", null, "out", array("c", "exit"), "y", array("c", "d"))),
                            "d")))
                    .isEqualTo("""
                            0 run a nothing->8 out->1 x->3 y->5 next 8 @/nodes/0/0
                            1 run c next 2 @/nodes/0/1/out/0
                            2 exit @/nodes/0/1/out/1
                            3 run b next 4 @/nodes/0/1/x
                            4 jump 8 @/nodes/0
                            5 run c next 6 @/nodes/0/1/y/0
                            6 run d next 7 @/nodes/0/1/y/1
                            7 jump 8 @/nodes/0
                            8 run d next 9 @/nodes/1
                            9 end @/nodes
                            """);
        }

        @Test
        @DisplayName("F25: nested branches, and one that ends in a branch whose flows all leave")
        void nestedBranches() {
            assertThat(listing(compile(array("a", edges("x", array(array("b", edges("y", "exit"))))), "c")))
                    .isEqualTo("""
                            0 run a x->1 next 4 @/nodes/0/0
                            1 run b y->2 next 3 @/nodes/0/1/x/0/0
                            2 exit @/nodes/0/1/x/0/1/y
                            3 jump 4 @/nodes/0
                            4 run c next 5 @/nodes/1
                            5 end @/nodes
                            """);
        }

        @Test
        void nestedLoops() {
            assertThat(listing(compile(array("while", array("a", array("while", array("b")))), "c")))
                    .isEqualTo("""
                            0 loop while body 1 next 6 @/nodes/0
                            1   run a next 2 @/nodes/0/1/0
                            2   loop while body 3 next 5 @/nodes/0/1/1
                            3     run b next 4 @/nodes/0/1/1/1/0
                            4     repeat 2 @/nodes/0/1/1
                            5   repeat 0 @/nodes/0
                            6 run c next 7 @/nodes/1
                            7 end @/nodes
                            """);
        }

        @Test
        @DisplayName("F20: a step followed by a branch on its bare name runs once, with the step's config")
        void aStepAndABranchOnIt() {
            for (Object step : List.of("review", object("review", Map.of("x", 1)))) {
                Program program = compile(
                        step, array("review", edges("approved", "a", "rejected", "loopTo:review", "timeout", null)));
                assertThat(listing(program)).isEqualTo("""
                                0 run review approved->1 rejected->3 timeout->4 next 4 @/nodes/0
                                1 run a next 2 @/nodes/1/1/approved
                                2 jump 4 @/nodes/1
                                3 jump 0 @/nodes/1/1/rejected
                                4 end @/nodes
                                """);
                CompiledStep run = ((Instruction.Run) program.at(0)).step();
                assertThat(run.branchEdges()).containsExactlyInAnyOrder("approved", "rejected", "timeout");
                assertThat(run.config().fill(Variables.of(Map.of(), Map.of()), unfilled -> {}))
                        .isEqualTo(step.equals("review") ? null : Map.of("x", 1));
            }
        }

        @Test
        @DisplayName("F20: the only config of the two counts, and two different ones are two visits")
        void aStepAndABranchWithAConfig() {
            Object configured = object("a", Map.of("x", 1));
            Object other = object("a", Map.of("x", 2));
            Map<String, @Nullable Object> edges = edges("y", "b");
            Program branchHasIt = compile("a", array(configured, edges));
            assertThat(branchHasIt.size()).isEqualTo(4);
            assertThat(((Instruction.Run) branchHasIt.at(0))
                            .step()
                            .config()
                            .fill(Variables.of(Map.of(), Map.of()), unfilled -> {}))
                    .isEqualTo(Map.of("x", 1));
            assertThat(compile(configured, array(configured, edges)).size()).isEqualTo(4);
            assertThat(compile(configured, array(other, edges)).size()).isEqualTo(5);
            assertThat(compile("a", array("c", edges)).size()).isEqualTo(5);
        }

        @Test
        @DisplayName(
                "F21: loopTo leads to a step in its sequence or the nearest one around it, out of loops and branches")
        void loopToFromWithin() {
            Program program = compile(
                    "a",
                    array("while", array("b", array("c", edges("x", "loopTo:a", "y", "loopTo:b", "z", "loopTo:d")))),
                    "d");
            assertThat(listing(program)).isEqualTo("""
                            0 run a next 1 @/nodes/0
                            1 loop while body 2 next 8 @/nodes/1
                            2   run b next 3 @/nodes/1/1/0
                            3   run c x->4 y->5 z->6 next 7 @/nodes/1/1/1/0
                            4   jump 0 @/nodes/1/1/1/1/x
                            5   jump 2 @/nodes/1/1/1/1/y
                            6   jump 8 @/nodes/1/1/1/1/z
                            7   repeat 1 @/nodes/1
                            8 run d next 9 @/nodes/2
                            9 end @/nodes
                            """);
        }

        @Test
        void theNearestStepOfANameIsMeant() {
            Program program = compile("a", array("while", array("a", "b", "loopTo:a")));
            assertThat(((Instruction.Jump) program.at(4)).target()).isEqualTo(2);
            assertThat(program.loopTarget(3, "a")).hasValue(2);
            assertThat(program.loopTarget(0, "a")).hasValue(0);
            assertThat(program.loopTarget(1, "a")).hasValue(0);
            assertThat(program.loopTarget(0, "b")).isEqualTo(OptionalInt.empty());
        }

        @Test
        void aDoubledNameHidesTheOneAroundIt() {
            Program program = compile("a", array("while", array("a", "a", "b")));
            assertThat(program.loopTarget(4, "a")).isEmpty();
            assertThat(program.loopTarget(1, "a")).hasValue(0);
        }

        @Test
        void aProgramOfTenThousandLoopsAndBranches() {
            Object[] elements = new Object[20_000];
            for (int i = 0; i < elements.length; i += 2) {
                elements[i] = array("while", array("a"));
                elements[i + 1] = array("b", edges("x", "c"));
            }
            assertThat(compile(elements).size()).isEqualTo(10_000 * 6 + 1);
        }
    }

    @Nested
    class Refuses {

        @Test
        @DisplayName("F25: an unknown node is refused on loading, with what may have been meant")
        void anUnknownNode() {
            List<Problem> problems = refusal("a", "vaildate", array("Decide", edges("yes", "nothingLikeIt")));
            assertThat(problems)
                    .extracting(Problem::pointer, Problem::code, Problem::suggestion)
                    .containsExactly(
                            tuple("/nodes/1", "unknown_node", "validate"),
                            tuple("/nodes/2/0", "unknown_node", "decide"),
                            tuple("/nodes/2/1/yes", "unknown_node", null));
        }

        @Test
        @DisplayName("F27: an edge that the node never returns")
        void anUnknownEdge() {
            assertThat(refusal(array("review", edges("aproved", "a", "rejected", null, "default", null))))
                    .extracting(Problem::pointer, Problem::code, Problem::suggestion)
                    .containsExactly(
                            tuple("/nodes/0/1", "unhandled_edge", null),
                            tuple("/nodes/0/1/aproved", "unknown_edge", "approved"));
        }

        @Test
        void noEdgeThatIsAlwaysAllowed() {
            assertThat(compile(array(
                                    "decide",
                                    edges("yes", null, "no", null, "error", null, "timeout", null, "default", null)))
                            .warnings())
                    .isEmpty();
        }

        @Test
        void aLoopWhoseControllerIsNone() {
            assertThat(refusal(array("review", array("a"))))
                    .extracting(Problem::pointer, Problem::code)
                    .containsExactly(tuple("/nodes/0/0", "not_a_controller"));
        }

        @Test
        void aLoopToThatLeadsNowhere() {
            List<Problem> problems = refusal(
                    "loopTo:vaildate",
                    "validate",
                    array("a", edges("x", array("b", "exit"))),
                    "loopTo:b",
                    array("while", array("c")),
                    "loopTo:while",
                    "loopTo:a");
            assertThat(problems)
                    .extracting(Problem::pointer, Problem::code, Problem::suggestion)
                    .containsExactly(
                            tuple("/nodes/0", "unreachable_loop_to", "validate"),
                            tuple("/nodes/3", "unreachable_loop_to", null),
                            tuple("/nodes/5", "unreachable_loop_to", null),
                            tuple("/nodes/6", "unreachable_loop_to", null));
        }

        @Test
        void aLoopToThatLeadsToTwoPlaces() {
            assertThat(refusal("a", "a", array("while", array("loopTo:a"))))
                    .extracting(Problem::pointer, Problem::code)
                    .containsExactly(tuple("/nodes/2/1/0", "ambiguous_loop_to"));
            assertThat(compile("a", "a", "b", "loopTo:b").size()).isEqualTo(5);
        }

        @Test
        @DisplayName(
                "A name that is nearly one that the workflow gives is a warning, and previous where there is no step before")
        void ofNamesThatNothingGives() {
            Map<String, Object> document = Map.of(
                    "id", "w",
                    "initialState", Map.of("customer", "ada", "items", List.of()),
                    "nodes",
                            array(
                                    object(
                                            "a",
                                            Map.of("x", "{{custmer}} {{previous.y}}", "y", "{{customer}} {{amount}}")),
                                    Map.of("b", Map.of(), "stateKey", "price"),
                                    object("c", Map.of("x", "{{prcie}}", "y", "{{previous.x}} {{price}} {{item}}")),
                                    array(
                                            object("while", Map.of("condition", "true")),
                                            array(object("d", Map.of("x", "{{custmer}} {{itens}}"))))));

            assertThat(Compiler.compile(WorkflowDefinition.of(document), NODES, EVALUATOR, List.of())
                            .warnings())
                    .extracting(Problem::pointer, Problem::code, Problem::suggestion)
                    .containsExactly(
                            tuple("/nodes/0/a/x", "unknown_name", "customer"),
                            tuple("/nodes/0/a/x", "unknown_name", null),
                            tuple("/nodes/2/c/x", "unknown_name", "price"));
        }

        @Test
        void ofNoNameWhereAStepMayBeReachedAgain() {
            assertThat(compile(object("a", Map.of("x", "{{previous.y}}")), "loopTo:a")
                            .warnings())
                    .isEmpty();
        }

        @Test
        @DisplayName("A branch or a loop in a flow without the array around it gets the hint how to write it")
        void ofAFlowOfTwo() {
            Object branchOfOne = array("decide", object("yes", object("a", Map.of())));
            Object branchOfTwo = array("decide", edges("yes", "a", "no", "b"));
            Object branchOnANull = array("decide", object("yes", null));
            Object loop = array(object("while", Map.of("condition", "x")), array("a", "b"));

            for (Object flow : array(branchOfOne, branchOfTwo, branchOnANull, loop)) {
                assertThat(refusal(array("decide", object("yes", flow))))
                        .isNotEmpty()
                        .allSatisfy(problem -> assertThat(problem.pointer()).startsWith("/nodes/0/1/yes/1"))
                        .allSatisfy(problem -> assertThat(problem.message()).contains("wrap both in an array"));
                compile(array("decide", object("yes", array(array("decide", object("yes", "a"))))));
            }
            assertThat(refusal(array("decide", object("yes", array("a", "x")))))
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.message()).contains("No node is named \"x\""));
            assertThat(refusal(array("a", array("x", edges("yes", "a", "no", "b")))))
                    .allSatisfy(problem -> assertThat(problem.message()).doesNotContain("wrap both"));
        }

        @Test
        void ofFieldsThatANodeDoesNotDeclare() {
            assertThat(refusal(
                            object("pay", Map.of("amount", 1, "when", "x")),
                            object("pay", edges("amout", 1, "colour", 2)),
                            object("pay", Map.of("retry", Map.of("attempts", 3)))))
                    .extracting(Problem::pointer, Problem::code, Problem::suggestion)
                    .containsExactly(
                            tuple("/nodes/1/pay/amout", "unknown_field", "amount"),
                            tuple("/nodes/1/pay/colour", "unknown_field", null),
                            tuple("/nodes/2/pay/retry", "unknown_field", null));
            assertThat(refusal(object("pay", Map.of("retry", Map.of("attempts", 3))))
                            .get(0)
                            .message())
                    .endsWith("it stands beside the config: {\"pay\": {...}, \"retry\": ...}");
            assertThat(compile(object("a", Map.of("anything", 1))).warnings()).isEmpty();
        }

        @Test
        void aConfigThatTheNodeDoesNotTake() {
            assertThat(refusal("picky", object("picky", Map.of("y", 1)), object("picky", Map.of("boom", 1))))
                    .extracting(Problem::pointer, Problem::code, Problem::message)
                    .containsExactly(
                            tuple("/nodes/0", "invalid_config", "\"picky\": \"x\" is missing"),
                            tuple("/nodes/0", "invalid_config", "\"picky\": really"),
                            tuple("/nodes/1/picky", "invalid_config", "\"picky\": \"x\" is missing"),
                            tuple("/nodes/1/picky", "invalid_config", "\"picky\": really"),
                            tuple(
                                    "/nodes/2/picky",
                                    "invalid_config",
                                    "\"picky\" could not look over its config: boom"));
        }

        @Test
        void aWrongExpressionAndATemplateInOne() {
            List<Object> body = List.of("a");
            assertThat(refusal(
                            array(object("while", object("condition", "a < ((")), body),
                            array(object("while", object("condition", "{{a}} < 3")), body),
                            array(object("while", object("condition", true)), body),
                            array(object("while", object("condition", " ")), body)))
                    .extracting(Problem::pointer, Problem::code)
                    .containsExactly(
                            tuple("/nodes/0/0/while/condition", "invalid_expression"),
                            tuple("/nodes/1/0/while/condition", "template_in_expression"),
                            tuple("/nodes/2/0/while/condition", "invalid_expression"),
                            tuple("/nodes/3/0/while/condition", "invalid_expression"));
        }

        @Test
        void aWrongTemplateDeepInAConfig() {
            List<Problem> problems =
                    refusal(object("a", Map.of("x/y", array("fine {{b}}", object("z", "{{ a + (( }}")))));
            assertThat(problems)
                    .extracting(Problem::pointer, Problem::code)
                    .containsExactly(tuple("/nodes/0/a/x~1y/1/z", "invalid_template"));
            assertThat(problems.get(0).message()).contains("{{a + ((}}").contains("a bracket has no end");
        }

        @Test
        void anExpressionWhereNothingEvaluatesOne() {
            WorkflowDefinition definition = definition(object("a", Map.of("x", "{{a.b}} {{now}}", "y", "{{a + 1}}")));
            assertThat(catchThrowableOfType(
                                    InvalidWorkflowException.class,
                                    () -> Compiler.compile(definition, NODES, null, List.of()))
                            .problems())
                    .extracting(Problem::pointer, Problem::code)
                    .containsExactly(tuple("/nodes/0/a/y", "no_expression_evaluator"));
        }

        @Test
        void everythingAtOnceInTheOrderOfTheDocument() {
            InvalidWorkflowException refusal = catchThrowableOfType(
                    InvalidWorkflowException.class,
                    () -> compile(
                            "loopTo:nobody",
                            Map.of(),
                            array("decide", edges("maybe", "nobody", "yes", 3)),
                            object("a", object("x", "{{((}}"))));
            assertThat(refusal.problems())
                    .extracting(Problem::pointer, Problem::code)
                    .containsExactly(
                            tuple("/nodes/0", "unreachable_loop_to"),
                            tuple("/nodes/1", "invalid_step"),
                            tuple("/nodes/2/1/maybe", "unknown_edge"),
                            tuple("/nodes/2/1/maybe", "unknown_node"),
                            tuple("/nodes/2/1/yes", "invalid_element"),
                            tuple("/nodes/3/a/x", "invalid_template"));
            assertThat(refusal.code()).isEqualTo("invalid_workflow");
            assertThat(refusal).hasMessageContaining("\"w\" has 6 problems").hasMessageContaining("/nodes/2/1/maybe: ");
        }
    }

    @Nested
    class Warns {

        @Test
        @DisplayName("F22: an edge that the node declares and the branch does not name")
        void ofAnEdgeWithoutAFlow() {
            assertThat(compile(array("review", edges("approved", "a"))).warnings())
                    .extracting(Problem::pointer, Problem::code)
                    .containsExactly(tuple("/nodes/0/1", "unhandled_edge"), tuple("/nodes/0/1", "unhandled_edge"));
            assertThat(compile(array("review", edges("approved", "a", "default", null)))
                            .warnings())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.message())
                            .contains("\"timeout\"")
                            .contains("fails"));
        }

        @Test
        void notOfANodeThatDecides() {
            assertThat(compile(array("decide", edges("yes", "a"))).warnings()).isEmpty();
        }
    }
}
