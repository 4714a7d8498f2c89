package io.flowscript.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.Assignment;
import io.flowscript.core.CommandKey;
import io.flowscript.core.event.EventType;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.SecretPaths;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.CommandReceipt;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is true of each field of the values that are made by builders, whichever fields there are. */
class BuildersTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @ValueSource(classes = {ExecutionSnapshot.class, ExecutionSnapshot.Visit.class, Interaction.class})
    @DisplayName("Every field is kept, copied, compared and shown")
    void everyField(Class<?> type) throws Exception {
        Object value = build(full(type));
        for (Method setter : setters(type)) {
            Method accessor = type.getMethod(setter.getName());
            assertThat(accessor.invoke(value)).as(setter.getName()).isEqualTo(sample(setter, 1));
            assertThat(value.toString()).contains(setter.getName() + "=");

            Object builder = type.getMethod("toBuilder").invoke(value);
            setter.invoke(builder, sample(setter, 2));
            Object other = build(builder);
            assertThat(accessor.invoke(other)).as(setter.getName()).isEqualTo(sample(setter, 2));
            assertThat(other).as("another %s", setter.getName()).isNotEqualTo(value);
            setter.invoke(builder, sample(setter, 1));
            assertThat(build(builder)).isEqualTo(value).hasSameHashCodeAs(value);
        }
        assertThat(build(type.getMethod("toBuilder").invoke(value))).isEqualTo(value);
        assertThat(setters(type)).hasSameSizeAs(fieldsOf(type));
    }

    @ParameterizedTest
    @ValueSource(classes = {ExecutionSnapshot.class, ExecutionSnapshot.Visit.class, Interaction.class})
    @DisplayName("What must be set is asked for by its name")
    void whatIsMissing(Class<?> type) throws Exception {
        Object empty = type.getMethod("builder").invoke(null);
        assertThatThrownBy(() -> build(empty))
                .hasRootCauseInstanceOf(NullPointerException.class)
                .rootCause()
                .message()
                .isIn(setters(type).stream().map(Method::getName).toList());
    }

    private static Object full(Class<?> type) throws ReflectiveOperationException {
        Object builder = type.getMethod("builder").invoke(null);
        for (Method setter : setters(type)) {
            setter.invoke(builder, sample(setter, 1));
        }
        return builder;
    }

    private static Object build(Object builder) throws ReflectiveOperationException {
        return builder.getClass().getMethod("build").invoke(builder);
    }

    private static List<Method> setters(Class<?> type) throws ReflectiveOperationException {
        Class<?> builder = type.getMethod("builder").getReturnType();
        return Arrays.stream(builder.getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 1 && method.getReturnType() == builder)
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    private static List<String> fieldsOf(Class<?> type) {
        List<String> fields = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                fields.add(field.getName());
            }
        }
        return fields;
    }

    /** The first or the second of two values that differ from each other and from what a builder begins with. */
    private static Object sample(Method setter, int which) {
        Class<?> type = setter.getParameterTypes()[0];
        if (type.isEnum()) {
            return type.getEnumConstants()[which];
        }
        if (type == List.class) {
            return List.of(item(setter.getName(), which));
        }
        Map<Class<?>, Object> samples = Map.ofEntries(
                Map.entry(String.class, "text " + which),
                Map.entry(int.class, 1 + which),
                Map.entry(long.class, 1L + which),
                Map.entry(Instant.class, NOW.plusSeconds(which)),
                Map.entry(Duration.class, Duration.ofSeconds(which)),
                Map.entry(Object.class, "value " + which),
                Map.entry(Map.class, Map.of("a", which)),
                Map.entry(SecretPaths.class, SecretPaths.of(List.of(JsonPath.parse("$.secret" + which)))),
                Map.entry(Question.class, QUESTIONS.get(which)),
                Map.entry(Assignment.class, new Assignment(List.of("ann " + which), List.of())),
                Map.entry(PauseToken.class, new PauseToken("e", "n", "t" + which)),
                Map.entry(Interaction.Claim.class, new Interaction.Claim("bob " + which, NOW)),
                Map.entry(Answer.class, ANSWERS.get(which)),
                Map.entry(ExecutionSnapshot.Visit.class, visit(which)),
                Map.entry(
                        ExecutionResult.class,
                        new ExecutionResult(
                                ExecutionStatus.FAILED, Map.of(), null, "broke " + which, "code", null, null, NOW)));
        assertThat(samples).as("a sample of what %s takes", setter.getName()).containsKey(type);
        return samples.get(type);
    }

    /** Neither has equality by its values, so there are three of each. */
    private static final List<Question> QUESTIONS = List.of(Question.open(), Question.form(true), Question.form(false));

    private static final List<Answer> ANSWERS = List.of(answer(0), answer(1), answer(2));

    private static Answer answer(int which) {
        return new Answer(Value.of(which), null, NOW, false);
    }

    private static ExecutionSnapshot.Visit visit(int which) {
        return ExecutionSnapshot.Visit.builder()
                .nodeId("node-" + which)
                .nodeName("node")
                .startedAt(NOW)
                .build();
    }

    private static Object item(String field, int which) {
        return switch (field) {
            case "frames" -> new ExecutionSnapshot.LoopFrame(which, 1, null, Map.of());
            case "writes" -> new ExecutionSnapshot.Write("$.a", which, false);
            case "schedule" -> new Interaction.Due(NOW.plusSeconds(which), null);
            case "replies" -> new Interaction.Reply(null, NOW, "key " + which, null);
            case "shownBefore" -> Map.of("a", which);
            case "history" -> new Interaction.Change(EventType.of("a:b"), NOW, "eve " + which);
            case "seenBy" -> "person " + which;
            case "commands" -> new CommandReceipt(new CommandKey("a", "k" + which, "d"), NOW, null, null);
            case "open", "closed" ->
                Interaction.builder()
                        .token(new PauseToken("e", "n", "t" + which))
                        .workflowId("w")
                        .nodeName("n")
                        .requestedAt(NOW)
                        .build();
            default -> throw new AssertionError("an item for the list " + field);
        };
    }
}
