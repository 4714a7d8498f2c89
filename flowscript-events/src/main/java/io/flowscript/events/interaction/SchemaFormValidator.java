package io.flowscript.events.interaction;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Violation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Checks answers against JSON Schema, draft 2020-12 if the schema names no other, with formats asserted. A schema stands alone: it may refer to its
 * own parts, and never to a document elsewhere. A schema that is wrong is refused when it is compiled, with the place and the reason.
 *
 * <p>Bounded: patterns have a budget of steps, so that none runs away; evaluation has one, and a depth; at most {@value #MAX_VIOLATIONS}
 * violations are told. An answer that cannot be checked within these is refused. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class SchemaFormValidator implements FormValidator {

    /** The most violations that are told of one answer. */
    public static final int MAX_VIOLATIONS = 100;

    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    private static final int MAX_EVALUATION_DEPTH = 600;
    private static final long MAX_EVALUATION_STEPS = 5_000_000;

    private static final int MAX_CACHED = 256;
    private static final long MAX_CACHED_WEIGHT = 65_536;

    private final SchemaRegistry registry;

    /** Forms that were compiled, since the same question is asked in many executions; guarded by itself. */
    private final Map<Object, Form> compiled = new LinkedHashMap<>(16, 0.75f, true);

    /** Makes a validator. */
    public SchemaFormValidator() {
        registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemaCacheEnabled(false)
                        .schemaLoader(loader -> loader.fetchRemoteResources(false))
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .locale(Locale.ROOT)
                                .regularExpressionFactory(PatternBudget::compile)
                                .build()));
    }

    @Override
    public Form compile(Object schema) {
        Object frozen = Objects.requireNonNull(Json.freeze(schema), "schema");
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

    private Form read(Object schema) {
        SchemaReferences.check(schema);
        JsonNode node = JsonNodes.of(schema);
        checkAgainstItsDialect(schema, node);
        try {
            Schema read = registry.getSchema(node);
            read.initializeValidators();
            SchemaForm form = new SchemaForm(read);
            // What only shows when it runs, such as a reference that leads back to itself, shows here and not to a
            // person.
            form.probe();
            return form;
        } catch (ValidationLimitExceededException | StackOverflowError e) {
            throw invalid("it refers to itself without end", e);
        } catch (RuntimeException e) {
            throw invalid("it cannot be used: " + firstLine(e), e);
        }
    }

    private void checkAgainstItsDialect(Object schema, JsonNode node) {
        Object declared = schema instanceof Map<?, ?> map ? map.get("$schema") : null;
        String dialect = declared instanceof String text ? text : DIALECT;
        List<Error> errors;
        try {
            errors = registry.getSchema(SchemaLocation.of(dialect))
                    .validate(node, context -> bound(context, new BoundedErrors()));
        } catch (RuntimeException e) {
            throw invalid("its \"$schema\" is \"" + dialect + "\", which is not known here; use " + DIALECT, e);
        }
        if (!errors.isEmpty()) {
            Violation first = Violations.of(errors.get(0));
            throw invalid("at " + first.path() + ": " + first.message(), null);
        }
    }

    static FlowScriptException invalid(String why, @Nullable Throwable cause) {
        return new FlowScriptException("invalid_schema", "The form's schema is not a JSON Schema: " + why, cause);
    }

    private static String firstLine(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse("").replaceAll("\\b[\\w$]+(\\.[\\w$]+)+Exception: ", "");
    }

    private static void bound(ExecutionContext context, List<Error> errors) {
        context.executionConfig(config -> config.formatAssertionsEnabled(true)
                .maxEvaluationDepth(MAX_EVALUATION_DEPTH)
                .maxEvaluationSteps(MAX_EVALUATION_STEPS));
        context.setErrors(errors);
    }

    /** Keeps as many as are told; the answer is wrong either way. */
    private static final class BoundedErrors extends ArrayList<Error> {

        private static final long serialVersionUID = 1L;

        @Override
        public boolean add(Error error) {
            return size() < MAX_VIOLATIONS && super.add(error);
        }

        @Override
        public boolean addAll(Collection<? extends Error> errors) {
            errors.forEach(this::add);
            return true;
        }
    }

    private record SchemaForm(Schema schema) implements Form {

        @Override
        public List<Violation> validate(@Nullable Object answer) {
            try {
                return run(answer).stream().map(Violations::of).distinct().toList();
            } catch (ValidationLimitExceededException | StackOverflowError e) {
                return List.of(new Violation("$", "limit", "is too large or too deep to be checked; send less"));
            } catch (PatternBudget.Exceeded e) {
                return List.of(new Violation(
                        "$", "pattern", "has a text that takes too long to compare with the pattern " + e.pattern()));
            }
        }

        private void probe() {
            try {
                run(null);
                run(Map.of());
                run(List.of());
            } catch (PatternBudget.Exceeded e) {
                // A pattern that is slow with nothing at all; the answers will show.
            }
        }

        private List<Error> run(@Nullable Object answer) {
            return PatternBudget.within(
                    () -> schema.validate(JsonNodes.of(answer), context -> bound(context, new BoundedErrors())));
        }
    }
}
