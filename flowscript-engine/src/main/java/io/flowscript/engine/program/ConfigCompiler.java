package io.flowscript.engine.program;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.runtime.ExpressionEvaluator;
import io.flowscript.core.runtime.ExpressionEvaluator.Expression;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.NodeMetadata;
import io.flowscript.core.text.JsonPointer;
import io.flowscript.core.text.Names;
import io.flowscript.core.text.Printable;
import io.flowscript.core.text.Templates;
import io.flowscript.core.workflow.Element.Step;
import io.flowscript.core.workflow.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compiles the templates and expressions of configs, and lets nodes check the configs. For use by one thread. */
final class ConfigCompiler {

    private static final int MAX_MESSAGE = 1_000;

    private final @Nullable ExpressionEvaluator evaluator;
    private final List<Problem> problems;
    private final Map<String, Expression> compiled = new HashMap<>();
    private final List<NameRead> namesRead = new ArrayList<>();
    private final TemplateParser templates = new TemplateParser(
            (source, pointer) -> expression(
                    source,
                    pointer,
                    "invalid_template",
                    "The template {{" + Printable.line(source, 100)
                            + "}} is neither a path such as {{user.name}} nor an expression: "),
            (name, pointer) -> namesRead.add(new NameRead(name, pointer)));

    ConfigCompiler(@Nullable ExpressionEvaluator evaluator, List<Problem> problems) {
        this.evaluator = evaluator;
        this.problems = problems;
    }

    /**
     * A name that a template or an expression reads: a variable, or a key of the state.
     *
     * @param name the name, such as {@code user} for {@code user.name} and {@code $.user.name}
     * @param pointer the position of the template or expression
     */
    record NameRead(String name, String pointer) {}

    /** Returns the names that all configs compiled so far read, in their order. */
    List<NameRead> namesRead() {
        return namesRead;
    }

    CompiledConfig compile(Step step, Node node, NodeMetadata metadata) {
        Map<String, @Nullable Object> config = step.config();
        String pointer = config == null ? step.pointer() : JsonPointer.key(step.pointer(), step.node());
        check(step, node, config == null ? Map.of() : config, pointer);
        checkFields(step, metadata, pointer);
        if (config == null) {
            return CompiledConfig.NONE;
        }
        Map<String, Template> filled = new LinkedHashMap<>();
        Map<String, Expression> expressions = new LinkedHashMap<>();
        config.forEach((field, value) -> {
            String place = JsonPointer.key(pointer, field);
            if (metadata.expressionFields().contains(field)) {
                Expression expression = expressionField(field, value, place);
                if (expression != null) {
                    expressions.put(field, expression);
                }
            } else {
                Template template = templates.parse(value, place);
                if (template instanceof Template.Text text && node.urlFields().contains(field)) {
                    template = new Template.Url(text.parts());
                }
                if (!(template instanceof Template.Constant)) {
                    filled.put(field, template);
                }
            }
        });
        return new CompiledConfig(config, filled, expressions);
    }

    /** Reports the fields that the node does not declare, if it declares any. */
    private void checkFields(Step step, NodeMetadata metadata, String pointer) {
        Map<String, @Nullable Object> config = step.config();
        if (config == null || metadata.fields().isEmpty()) {
            return;
        }
        Set<String> known = new TreeSet<>(metadata.fields());
        known.addAll(metadata.expressionFields());
        for (String field : config.keySet()) {
            if (!known.contains(field)) {
                String place = JsonPointer.key(pointer, field);
                problems.add(
                        Step.SETTINGS.contains(field)
                                ? misplaced(step.node(), field, place)
                                : unknownField(step.node(), field, known, place));
            }
        }
    }

    private static Problem misplaced(String node, String setting, String pointer) {
        return Problem.error(
                pointer,
                "unknown_field",
                "\"" + setting + "\" is no field of \"" + node + "\"; it stands beside the config: {\"" + node
                        + "\": {...}, \"" + setting + "\": ...}");
    }

    /** Returns the problem of a field that is none of the known ones. */
    static Problem unknownField(String owner, String field, Collection<String> known, String pointer) {
        return Problem.error(
                        pointer,
                        "unknown_field",
                        "\"" + Printable.line(owner, 128) + "\" has no field \"" + Printable.line(field, 100)
                                + "\"; its fields are " + String.join(", ", known) + ".")
                .suggesting(Names.closest(field, known));
    }

    /** A node's check is foreign code: an exception from it is reported as a problem of that node. */
    private void check(Step step, Node node, Map<String, @Nullable Object> config, String pointer) {
        try {
            for (String wrong : node.check(config)) {
                problems.add(Problem.error(
                        pointer, "invalid_config", "\"" + step.node() + "\": " + Printable.line(wrong, MAX_MESSAGE)));
            }
        } catch (Throwable e) {
            problems.add(Problem.error(
                    pointer,
                    "invalid_config",
                    "\"" + step.node() + "\" could not look over its config: "
                            + Printable.line(String.valueOf(Guard.message(e)), MAX_MESSAGE)));
        }
    }

    private @Nullable Expression expressionField(String field, @Nullable Object value, String pointer) {
        if (!(value instanceof String source) || source.isBlank()) {
            problems.add(Problem.error(
                    pointer,
                    "invalid_expression",
                    "\"" + field + "\" is an expression and is to be a string such as \"amount > 100\""));
            return null;
        }
        if (Templates.isIn(source)) {
            problems.add(
                    Problem.error(
                            pointer,
                            "template_in_expression",
                            "\"" + field
                                    + "\" is an expression and reads the state by itself; write amount > 100, not {{amount}} > 100"));
            return null;
        }
        return expression(source, pointer, "invalid_expression", "\"" + field + "\" is no expression: ");
    }

    private @Nullable Expression expression(String source, String pointer, String code, String introduction) {
        if (evaluator == null) {
            problems.add(Problem.error(
                    pointer,
                    "no_expression_evaluator",
                    "There is an expression here, and nothing that evaluates expressions; add flowscript-language, or give the engine an"
                            + " ExpressionEvaluator"));
            return null;
        }
        try {
            Expression expression = compiled.computeIfAbsent(source, evaluator::compile);
            expression.names().forEach(name -> namesRead.add(new NameRead(name, pointer)));
            return expression;
        } catch (Throwable e) {
            problems.add(Problem.error(
                    pointer, code, introduction + Printable.line(String.valueOf(Guard.message(e)), MAX_MESSAGE)));
            return null;
        }
    }
}
