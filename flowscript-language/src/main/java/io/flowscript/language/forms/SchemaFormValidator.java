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
import io.flowscript.core.concurrent.OnFirstUse;
import io.flowscript.core.concurrent.RecentlyUsed;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonException;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Checks answers against JSON Schema, draft 2020-12 or the one that {@code $schema} names (2019-09, 7, 6, 4). Formats
 * are asserted. A schema may refer only to its own parts, never to another document. An invalid schema is refused
 * when it is compiled, with the place and the reason.
 *
 * <p>Checks are bounded by {@link FormLimits}: an answer that exceeds them is refused. A schema has at most 10,000
 * parts and 4 MiB, a regular expression at most 4,096 characters. A text with a {@code format} has at most 2,048
 * characters, unless the format is a URI or an IRI.
 *
 * <p>Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class SchemaFormValidator implements FormValidator {

    /** Maximum steps of checking a nearly empty answer. A schema that needs more would need them for every answer. */
    private static final long MAX_PROBE_STEPS = 250_000;

    private static final int MAX_CACHED = 256;

    /** The greatest weight of the schemas of all forms in the cache. A compiled form takes several times as much. */
    private static final long MAX_CACHED_WEIGHT = 2L << 20;

    private final FormLimits limits;

    /** It has many classes, and many engines have no form. */
    private final OnFirstUse<SchemaRegistry> registry = new OnFirstUse<>(SchemaFormValidator::newRegistry);

    /** Compiled forms, cached because many executions use the same form. */
    private final RecentlyUsed<Object, Form> compiled = new RecentlyUsed<>(MAX_CACHED, MAX_CACHED_WEIGHT);

    /** Creates a validator with {@link FormLimits#defaults}. */
    public SchemaFormValidator() {
        this(FormLimits.defaults());
    }

    /**
     * Creates a validator.
     *
     * @param limits the limits of one check
     */
    public SchemaFormValidator(FormLimits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    private static SchemaRegistry newRegistry() {
        return SchemaRegistry.withDialects(
                JsonSchemaDraft.dialects(),
                builder -> builder.defaultDialectId(JsonSchemaDraft.DRAFT_2020_12.id())
                        // Holds the drafts only; nothing else can be loaded.
                        .schemaCacheEnabled(true)
                        .schemaLoader(loader -> loader.fetchRemoteResources(false)
                                .allow(iri -> SchemaDocument.isBundled(iri.toString())))
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .locale(Locale.ROOT)
                                .regularExpressionFactory(CheckBudget::regularExpression)
                                .build()));
    }

    @Override
    public Form compile(Object schema) {
        Object frozen = frozen(schema);
        Form known = compiled.get(frozen);
        if (known != null) {
            return known;
        }
        Form form = read(frozen);
        compiled.put(frozen, form, Json.weight(frozen));
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
            Schema read = registry.get().getSchema(SchemaLocation.of(SchemaDocument.BASE), node);
            read.initializeValidators();
            SchemaForm form = new SchemaForm(read, limits);
            // Errors that show only when the schema runs are found here, before a person answers.
            form.probe();
            return form;
        } catch (ValidationLimitExceededException e) {
            throw e.getLimitKind() == LimitKind.EVALUATION_STEPS ? tooManySteps(e) : tooDeep(e);
        } catch (StackOverflowError e) {
            throw tooDeep(e);
        } catch (CheckBudget.BudgetExceededException e) {
            throw tooManySteps(e);
        } catch (SchemaException | JacksonException e) {
            throw invalid("it cannot be used: " + firstLine(e), e);
        }
    }

    private static FlowScriptException tooManySteps(Throwable cause) {
        return invalid(
                "checking an answer against it takes too many steps, because its parts refer to each other", cause);
    }

    private static FlowScriptException tooDeep(@Nullable Throwable cause) {
        return invalid("it has too many levels of nesting, or refers to itself without end", cause);
    }

    private void checkAgainst(JsonSchemaDraft draft, JsonNode node) {
        Schema description = registry.get().getSchema(SchemaLocation.of(draft.id()));
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
        return new FlowScriptException("invalid_schema", "The form's schema is not valid: " + why, cause);
    }

    private static String firstLine(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        return Violations.bounded(
                message.lines().findFirst().orElse("").replaceAll("\\b[\\w$]+(\\.[\\w$]+)+(Exception|Error): ", ""));
    }

    private static List<Error> run(Schema schema, JsonNode answer, FormLimits limits, long maxSteps) {
        return CheckBudget.within(
                limits, budget -> new BoundedContext(budget, maxSteps, limits.maxViolations() + 1).run(schema, answer));
    }

    private record SchemaForm(Schema schema, FormLimits limits) implements Form {

        @Override
        public List<Violation> validate(@Nullable Object answer) {
            try {
                return report(run(schema, JsonNodes.of(answer), limits, limits.maxSteps()));
            } catch (ValidationLimitExceededException | StackOverflowError e) {
                return List.of(limit("is too large or has too many levels to be checked; send less"));
            } catch (ArithmeticException | NumberFormatException e) {
                return List.of(limit("has a number that is too large to be checked; send a smaller one"));
            } catch (CheckBudget.BudgetExceededException e) {
                return List.of(limit(e.why()));
            }
        }

        private List<Violation> report(List<Error> errors) {
            List<Violation> reported = new ArrayList<>(errors.stream()
                    .limit(limits.maxViolations())
                    .map(Violations::of)
                    .distinct()
                    .toList());
            if (errors.size() > limits.maxViolations()) {
                reported.add(limit("has more violations than are listed here; fix these first"));
            }
            return List.copyOf(reported);
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
