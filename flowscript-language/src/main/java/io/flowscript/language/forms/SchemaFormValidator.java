package io.flowscript.language.forms;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.ValidationLimitExceededException.LimitKind;
import com.networknt.schema.path.NodePath;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonException;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Checks answers against JSON Schema, draft 2020-12 or the one that {@code $schema} names (2019-09, 7, 6, 4), with formats asserted. A schema stands
 * alone: it may refer to its own parts, and never to a document elsewhere. A schema that is wrong is refused when it is compiled, with the place and
 * the reason.
 *
 * <p>Bounded by {@link FormLimits}: an answer that cannot be checked within them is refused. A schema has at most 10,000 parts and 4 MiB, a
 * regular expression 4,096 characters, a text that has a {@code format} 2,048 unless that is a URI or an IRI. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class SchemaFormValidator implements FormValidator {

    /** What a schema may take with next to nothing to check; one that takes more would do so with every answer. */
    private static final long MAX_PROBE_STEPS = 250_000;

    private static final int MAX_CACHED = 256;
    private static final long MAX_CACHED_WEIGHT = 65_536;

    private final FormLimits limits;
    private final SchemaRegistry registry;

    /** Forms that were compiled, since the same question is asked in many executions; guarded by itself. */
    private final Map<Object, Form> compiled = new LinkedHashMap<>(16, 0.75f, true);

    /** Makes a validator with {@link FormLimits#defaults}. */
    public SchemaFormValidator() {
        this(FormLimits.defaults());
    }

    /**
     * Makes a validator.
     *
     * @param limits the bounds of one check
     */
    public SchemaFormValidator(FormLimits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
        registry = SchemaRegistry.withDialects(
                JsonSchemaDraft.dialects(),
                builder -> builder.defaultDialectId(JsonSchemaDraft.DRAFT_2020_12.id())
                        // Holds the drafts only: nothing else can be loaded.
                        .schemaCacheEnabled(true)
                        .schemaLoader(loader -> loader.fetchRemoteResources(false)
                                .allow(iri -> SchemaDocument.isBundled(iri.toString())))
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .locale(Locale.ROOT)
                                .regularExpressionFactory(Budget::regularExpression)
                                .build()));
    }

    @Override
    public Form compile(Object schema) {
        Object frozen = frozen(schema);
        synchronized (compiled) {
            Form known = compiled.get(frozen);
            if (known != null) {
                return known;
            }
        }
        Form form = read(frozen);
        if (Json.weight(frozen) <= MAX_CACHED_WEIGHT) {
            synchronized (compiled) {
                compiled.put(frozen, form);
                if (compiled.size() > MAX_CACHED) {
                    compiled.remove(compiled.keySet().iterator().next());
                }
            }
        }
        return form;
    }

    private static Object frozen(Object schema) {
        try {
            return Objects.requireNonNull(Json.freeze(schema), "schema");
        } catch (JsonException e) {
            throw invalid(Violations.lowerCase(String.valueOf(e.getMessage())), e);
        }
    }

    private Form read(Object schema) {
        JsonSchemaDraft draft = SchemaDocument.check(schema);
        JsonNode node = JsonNodes.of(schema);
        try {
            checkAgainst(draft, node);
            Schema read = registry.getSchema(SchemaLocation.of(SchemaDocument.BASE), node);
            read.initializeValidators();
            SchemaForm form = new SchemaForm(read, limits);
            // What only shows when it runs shows here and not to a person.
            form.probe();
            return form;
        } catch (ValidationLimitExceededException e) {
            throw e.getLimitKind() == LimitKind.EVALUATION_STEPS ? tooManySteps(e) : tooDeep(e);
        } catch (StackOverflowError e) {
            throw tooDeep(e);
        } catch (Budget.Exceeded e) {
            throw tooManySteps(e);
        } catch (SchemaException e) {
            throw invalid("it cannot be used: " + firstLine(e), e);
        }
    }

    private static FlowScriptException tooManySteps(Throwable cause) {
        return invalid("checking an answer against it takes too many steps, as its parts refer to each other", cause);
    }

    private static FlowScriptException tooDeep(@Nullable Throwable cause) {
        return invalid("it is nested too deep, or refers to itself without end", cause);
    }

    private void checkAgainst(JsonSchemaDraft draft, JsonNode node) {
        Schema description = registry.getSchema(SchemaLocation.of(draft.id()));
        List<Error> errors = run(description, node, limits, limits.maxSteps());
        if (!errors.isEmpty()) {
            Error first = errors.get(0);
            throw invalid(
                    "at " + pointer(first.getInstanceLocation()) + ": "
                            + Violations.of(first).message(),
                    null);
        }
    }

    private static String pointer(NodePath location) {
        StringBuilder pointer = new StringBuilder("#");
        for (int i = 0; i < location.getNameCount(); i++) {
            pointer.append('/').append(SchemaDocument.escape(String.valueOf(location.getElement(i))));
        }
        return pointer.toString();
    }

    static FlowScriptException invalid(String why, @Nullable Throwable cause) {
        return new FlowScriptException("invalid_schema", "The form's schema is not a JSON Schema: " + why, cause);
    }

    private static String firstLine(SchemaException e) {
        String message = String.valueOf(e.getMessage());
        return Violations.bounded(
                message.lines().findFirst().orElse("").replaceAll("\\b[\\w$]+(\\.[\\w$]+)+(Exception|Error): ", ""));
    }

    private static List<Error> run(Schema schema, JsonNode answer, FormLimits limits, long maxSteps) {
        return Budget.within(
                limits, budget -> new BoundedContext(budget, maxSteps, limits.maxViolations() + 1).run(schema, answer));
    }

    private record SchemaForm(Schema schema, FormLimits limits) implements Form {

        @Override
        public List<Violation> validate(@Nullable Object answer) {
            try {
                return tell(run(schema, JsonNodes.of(answer), limits, limits.maxSteps()));
            } catch (ValidationLimitExceededException | StackOverflowError e) {
                return List.of(limit("is too large or too deep to be checked; send less"));
            } catch (ArithmeticException | NumberFormatException e) {
                return List.of(limit("has a number that is too large to be checked; send a smaller one"));
            } catch (Budget.Exceeded e) {
                return List.of(limit(e.why()));
            }
        }

        private List<Violation> tell(List<Error> errors) {
            List<Violation> told = new ArrayList<>(errors.stream()
                    .limit(limits.maxViolations())
                    .map(Violations::of)
                    .distinct()
                    .toList());
            if (errors.size() > limits.maxViolations()) {
                told.add(limit("has more violations than are listed here; mend these first"));
            }
            return List.copyOf(told);
        }

        private static Violation limit(String message) {
            return new Violation("$", "limit", message);
        }

        private void probe() {
            for (Object answer : Arrays.asList(null, "", Map.of(), List.of())) {
                run(schema, JsonNodes.of(answer), limits, Math.min(MAX_PROBE_STEPS, limits.maxSteps()));
            }
        }
    }
}
