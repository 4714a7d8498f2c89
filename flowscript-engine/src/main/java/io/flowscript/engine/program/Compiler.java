package io.flowscript.engine.program;

import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.runtime.ExpressionEvaluator;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.NodeMetadata;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.text.Hints;
import io.flowscript.core.text.JsonPointer;
import io.flowscript.core.text.Names;
import io.flowscript.core.text.Printable;
import io.flowscript.core.workflow.EdgeNames;
import io.flowscript.core.workflow.Element;
import io.flowscript.core.workflow.Element.Step;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.Problem;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.program.Program.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compiles definitions to programs, and finds all problems that can be found before a workflow runs. The recursion is
 * as deep as the nesting of elements, which a definition limits. For use by one thread.
 */
public final class Compiler {

    private static final String UNKNOWN_NODE = "unknown_node";

    private final Map<String, ? extends Node> nodes;
    private final ConfigCompiler configs;
    private final WorkflowDefinition definition;

    private final List<Problem> problems = new ArrayList<>();
    private final List<@Nullable Instruction> instructions = new ArrayList<>();
    private final List<Scope> scopes = new ArrayList<>();
    private final List<Runnable> jumps = new ArrayList<>();

    /** The names that the initial state and the state keys of steps give. */
    private final Set<String> given = new LinkedHashSet<>();

    private Compiler(
            WorkflowDefinition definition,
            Map<String, ? extends Node> nodes,
            @Nullable ExpressionEvaluator expressions,
            List<Problem> found) {
        problems.addAll(found);
        this.definition = definition;
        this.nodes = nodes;
        this.configs = new ConfigCompiler(expressions, problems);
        given.addAll(definition.initialState().keySet());
    }

    /**
     * Compiles.
     *
     * @param definition the definition, which may have problems
     * @param nodes the nodes of the engine, by name
     * @param expressions the evaluator that compiles expressions; null when the engine has none
     * @param found problems that were found elsewhere; reported with the others
     * @return the program, with its warnings
     * @throws InvalidWorkflowException with all problems, when at least one of them is an error
     */
    public static Program compile(
            WorkflowDefinition definition,
            Map<String, ? extends Node> nodes,
            @Nullable ExpressionEvaluator expressions,
            List<Problem> found) {
        return new Compiler(definition, nodes, expressions, found).program();
    }

    private Program program() {
        Scope outermost = new Scope(0, null);
        sequence(definition.elements(), outermost);
        emit(new Instruction.Exit("/nodes", false), outermost);
        jumps.forEach(Runnable::run);
        problems.addAll(new UnknownNames(given).warnings(definition.elements(), configs.namesRead()));
        List<Problem> all = definition.problemsWith(problems);
        if (all.stream().anyMatch(Problem::isError)) {
            throw new InvalidWorkflowException(definition.source(), all);
        }
        List<Instruction> complete =
                instructions.stream().map(Objects::requireNonNull).toList();
        return new Program(definition, complete, scopes, all);
    }

    private void sequence(List<Element> elements, Scope scope) {
        for (int i = 0; i < elements.size(); i++) {
            Element element = elements.get(i);
            Element following = i + 1 < elements.size() ? elements.get(i + 1) : null;
            if (element instanceof Step step) {
                scope.add(step.node(), instructions.size());
                if (following instanceof Element.Branch branch && isBranchOn(step, branch)) {
                    branch(branch, configuredOneOf(step, branch.condition()), scope);
                    i++;
                } else {
                    step(step, scope);
                }
            } else if (element instanceof Element.Branch branch) {
                branch(branch, branch.condition(), scope);
            } else if (element instanceof Element.Loop loop) {
                loop(loop, scope);
            } else if (element instanceof Element.Exit exit) {
                emit(new Instruction.Exit(exit.pointer(), true), scope);
            } else if (element instanceof Element.LoopTo loopTo) {
                loopTo(loopTo, scope);
            }
        }
    }

    /**
     * A step and a directly following branch on the same name are compiled as one step, unless each has its own
     * config.
     */
    private static boolean isBranchOn(Step step, Element.Branch branch) {
        Step condition = branch.condition();
        return condition.node().equals(step.node())
                && (condition.config() == null
                        || step.config() == null
                        || (condition.config().equals(step.config())
                                && (condition.settings().isEmpty()
                                        || condition.settings().equals(step.settings()))));
    }

    private static Step configuredOneOf(Step step, Step condition) {
        return step.config() == null && condition.config() != null ? condition : step;
    }

    private void step(Step step, Scope scope) {
        CompiledStep compiled = compiled(step, Set.of());
        emit(
                compiled == null
                        ? null
                        : new Instruction.Run(step.pointer(), compiled, Map.of(), instructions.size() + 1),
                scope);
    }

    private void branch(Element.Branch branch, Step condition, Scope scope) {
        CompiledStep compiled = compiled(condition, branch.flows().keySet());
        if (compiled != null) {
            checkEdges(branch, compiled);
        }
        int run = emit(null, scope);
        Map<String, Integer> targets = new LinkedHashMap<>();
        List<Integer> ends = new ArrayList<>();
        // In the order of the names: positions do not depend on the order of keys, as the hash of the definition does
        // not.
        new TreeMap<>(branch.flows()).forEach((edge, flow) -> {
            if (!flow.isEmpty()) {
                targets.put(edge, instructions.size());
                Scope inside = new Scope(scope.loopDepth(), scope);
                sequence(flow, inside);
                explainPair(flow);
                if (!leaves(flow.get(flow.size() - 1))) {
                    ends.add(emit(null, inside));
                }
            }
        });
        int after = instructions.size();
        branch.flows().forEach((edge, flow) -> targets.putIfAbsent(edge, after));
        ends.forEach(end -> instructions.set(end, new Instruction.Jump(branch.pointer(), after)));
        if (compiled != null) {
            instructions.set(run, new Instruction.Run(condition.pointer(), compiled, targets, after));
        }
    }

    /** A flow of two steps, of which the second is no node, can be a branch without the array around it. */
    private void explainPair(List<Element> flow) {
        if (flow.size() == 2 && flow.get(0) instanceof Step && flow.get(1) instanceof Step second) {
            problems.replaceAll(problem ->
                    problem.pointer().equals(second.pointer()) && problem.code().equals(UNKNOWN_NODE)
                            ? problem.explained(Hints.WRAP_BOTH)
                            : problem);
        }
    }

    private static boolean leaves(Element last) {
        return last instanceof Element.Exit || last instanceof Element.LoopTo;
    }

    private void loop(Element.Loop loop, Scope scope) {
        CompiledStep compiled = compiled(loop.controller(), Set.of());
        if (compiled != null) {
            checkController(loop, compiled);
        }
        int start = emit(null, scope);
        Scope inside = new Scope(scope.loopDepth() + 1, scope);
        sequence(loop.body(), inside);
        emit(new Instruction.Repeat(loop.pointer(), start), inside);
        if (compiled != null) {
            instructions.set(start, new Instruction.Loop(loop.pointer(), compiled, start + 1, instructions.size()));
        }
    }

    /** The target may come later, so it is resolved after all steps have their positions. */
    private void loopTo(Element.LoopTo loopTo, Scope scope) {
        int jump = emit(null, scope);
        jumps.add(() -> {
            int target = scope.target(loopTo.target());
            if (target >= 0) {
                instructions.set(jump, new Instruction.Jump(loopTo.pointer(), target));
            } else if (target == Scope.AMBIGUOUS) {
                problems.add(
                        Problem.error(
                                loopTo.pointer(),
                                "ambiguous_loop_to",
                                "Several steps of the same sequence are named " + quoted(loopTo.target())
                                        + ", so it is not clear which one is meant; a target's name must be unique in its sequence"));
            } else {
                problems.add(Problem.error(
                                loopTo.pointer(),
                                "unreachable_loop_to",
                                "No step " + quoted(loopTo.target())
                                        + " can be reached from here; a target is a step in this sequence or in one around it, and neither a loop"
                                        + " nor the condition of a branch, unless the step stands right before the branch on it")
                        .suggesting(Names.closest(loopTo.target(), scope.names())));
            }
        });
    }

    private int emit(@Nullable Instruction instruction, Scope scope) {
        instructions.add(instruction);
        scopes.add(scope);
        return instructions.size() - 1;
    }

    private @Nullable CompiledStep compiled(Step written, Set<String> branchEdges) {
        Node node = nodes.get(written.node());
        if (node == null) {
            problems.add(unknownNode(written));
            return null;
        }
        NodeMetadata metadata = node.metadata();
        Step step = metadata.fields().contains(Step.STATE_KEY) ? withStateKeyInside(written) : written;
        CompiledConfig config = configs.compile(step, node, metadata);
        StepSettings settings = new StepSettingsReader(step, problems).read(metadata);
        JsonPath stateKey = settings.stateKey();
        if (stateKey != null) {
            given.add(stateKey.segments().get(0).toString());
        }
        return new CompiledStep(step.node(), node, metadata, config, settings, branchEdges);
    }

    private Problem unknownNode(Step step) {
        return Problem.error(step.pointer(), UNKNOWN_NODE, "No node is named " + quoted(step.node()) + ".")
                .suggesting(Names.closest(step.node(), nodes.keySet()));
    }

    /** For a node with a field {@code stateKey}, the setting of that name is the field: the node writes it itself. */
    private Step withStateKeyInside(Step step) {
        if (!step.settings().containsKey(Step.STATE_KEY)) {
            return step;
        }
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        if (step.config() != null) {
            config.putAll(step.config());
        }
        if (config.containsKey(Step.STATE_KEY)) {
            problems.add(Problem.error(
                    JsonPointer.key(step.pointer(), Step.STATE_KEY),
                    "invalid_step_setting",
                    "\"stateKey\" is written twice, in the config and beside it; one is enough"));
        }
        Map<String, @Nullable Object> settings = new LinkedHashMap<>(step.settings());
        config.put(Step.STATE_KEY, settings.remove(Step.STATE_KEY));
        return new Step(step.pointer(), step.node(), Json.object(config), settings);
    }

    private void checkEdges(Element.Branch branch, CompiledStep condition) {
        Set<String> declared = condition.metadata().edges();
        Map<String, List<Element>> flows = branch.flows();
        if (declared.isEmpty()) {
            return;
        }
        String map = JsonPointer.item(branch.pointer(), 1);
        for (String edge : flows.keySet()) {
            if (!declared.contains(edge)
                    && !edge.equals(EdgeNames.DEFAULT)
                    && !EdgeNames.isFailure(edge)
                    && !EdgeNames.isJump(edge)) {
                problems.add(Problem.error(
                                JsonPointer.key(map, edge),
                                "unknown_edge",
                                quoted(condition.name()) + " never returns the edge " + quoted(edge) + "; it returns "
                                        + String.join(", ", new TreeSet<>(declared)) + ".")
                        .suggesting(Names.closest(edge, new TreeSet<>(declared))));
            }
        }
        // A node that decides may be used as an "if" without an "else".
        if (condition.metadata().type() == NodeType.CONTROL) {
            return;
        }
        for (String edge : new TreeSet<>(declared)) {
            boolean fails = EdgeNames.isFailure(edge);
            boolean handled = flows.containsKey(edge)
                    || EdgeNames.isJump(edge)
                    || (!fails && flows.containsKey(EdgeNames.DEFAULT));
            if (!handled) {
                problems.add(Problem.warning(
                        map,
                        "unhandled_edge",
                        quoted(condition.name()) + " can return the edge " + quoted(edge)
                                + ", for which there is no flow; "
                                + (fails ? "the workflow fails then" : "it goes on behind the branch then")));
            }
        }
    }

    private void checkController(Element.Loop loop, CompiledStep controller) {
        if (loop.controller().settings().containsKey(Step.STATE_KEY)) {
            problems.add(
                    Problem.error(
                            JsonPointer.key(loop.controller().pointer(), Step.STATE_KEY),
                            "invalid_step_setting",
                            "A loop's controller has no \"stateKey\": the data of its next_iteration is merged into the state"));
        }
        Set<String> declared = controller.metadata().edges();
        if (!declared.isEmpty() && !declared.contains(EdgeNames.NEXT_ITERATION)) {
            problems.add(Problem.error(
                    JsonPointer.item(loop.pointer(), 0),
                    "not_a_controller",
                    quoted(controller.name()) + " cannot control a loop, for it never returns the edge \""
                            + EdgeNames.NEXT_ITERATION + "\"; use whileCondition, forEach or a node that does"));
        }
    }

    private static String quoted(String name) {
        return "\"" + Printable.line(name, 128) + "\"";
    }
}
