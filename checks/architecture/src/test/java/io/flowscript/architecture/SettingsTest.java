package io.flowscript.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import io.flowscript.core.Assignment;
import io.flowscript.core.Identity;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.settings.SettingValues;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every settings class of the libraries, found by the {@link SettingValues} that it keeps. */
final class SettingsTest {

    static Stream<Class<?>> settings() {
        return Scan.MAIN.stream()
                .filter(javaClass -> javaClass.isAssignableTo(SettingValues.class)
                        && !javaClass.getName().equals(SettingValues.class.getName()))
                .map(JavaClass::reflect)
                .map(Class::getDeclaringClass);
    }

    @Test
    void settingsAreFound() {
        assertThat(settings()).hasSizeGreaterThan(4);
    }

    @ParameterizedTest
    @MethodSource("settings")
    @DisplayName("A setting changes its own value and no other, and every value has a setting")
    void aSettingChangesItsOwnValueAndNoOther(Class<?> type) throws Exception {
        Set<String> settable = new HashSet<>();
        for (Method factory : factories(type)) {
            settable.addAll(changes(defaults(type), factory.invoke(null, samples(factory, 2))));
        }
        for (Method wither : withers(type)) {
            Object before = allBut(wither, type);
            Object after = wither.invoke(before, samples(wither, 2));

            List<String> changed = changes(before, after);
            assertThat(changed).as("what %s changes", wither).hasSize(1);
            if (values(before).containsKey(wither.getName())) {
                assertThat(changed).containsExactly(wither.getName());
            }
            settable.addAll(changed);
        }
        assertThat(settable).isEqualTo(values(defaults(type)).keySet());
    }

    @ParameterizedTest
    @MethodSource("settings")
    @DisplayName("What is read is what was set")
    void whatIsReadIsWhatWasSet(Class<?> type) throws Exception {
        Object full = allBut(null, type);
        for (Map.Entry<String, Object> value : values(full).entrySet()) {
            for (Method accessor : type.getDeclaredMethods()) {
                if (accessor.getName().equals(value.getKey())
                        && accessor.getParameterCount() == 0
                        && accessor.getReturnType() != type) {
                    accessor.setAccessible(true);
                    assertThat(accessor.invoke(full)).as(accessor.toString()).isEqualTo(value.getValue());
                }
            }
        }
    }

    /** The public static methods that make settings of something that is given. */
    private static List<Method> factories(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getReturnType() == type
                        && Modifier.isStatic(method.getModifiers())
                        && method.getParameterCount() > 0)
                .toList();
    }

    private static List<String> changes(Object before, Object after) throws ReflectiveOperationException {
        Map<String, Object> was = values(before);
        Map<String, Object> is = values(after);
        return was.keySet().stream()
                .filter(name -> !Objects.deepEquals(was.get(name), is.get(name)))
                .toList();
    }

    /** The public methods that return another one of the same kind. */
    private static List<Method> withers(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getReturnType() == type && !Modifier.isStatic(method.getModifiers()))
                .sorted(Comparator.comparing(Method::toString))
                .toList();
    }

    /** Settings with everything set but what one method sets. */
    private static Object allBut(Method one, Class<?> type) throws ReflectiveOperationException {
        Object settings = defaults(type);
        for (Method wither : withers(type)) {
            if (!wither.equals(one)) {
                settings = wither.invoke(settings, samples(wither, 1));
            }
        }
        return settings;
    }

    private static Object defaults(Class<?> type) throws ReflectiveOperationException {
        Class<?> values = type.getDeclaredField("values").getType();
        Constructor<?> noValues = values.getDeclaredConstructor();
        noValues.setAccessible(true);
        Constructor<?> constructor = type.getDeclaredConstructor(values);
        constructor.setAccessible(true);
        return constructor.newInstance(noValues.newInstance());
    }

    private static Map<String, Object> values(Object settings) throws ReflectiveOperationException {
        Field holder = settings.getClass().getDeclaredField("values");
        holder.setAccessible(true);
        Object values = holder.get(settings);
        Map<String, Object> all = new TreeMap<>();
        for (Field field : values.getClass().getDeclaredFields()) {
            field.setAccessible(true);
            all.put(field.getName(), field.get(values));
        }
        return all;
    }

    private static Object[] samples(Method wither, int which) {
        return Arrays.stream(wither.getParameterTypes())
                .map(type -> sample(type, which, wither))
                .toArray();
    }

    /** The first or the second of two values that differ from each other and from the defaults. */
    private static Object sample(Class<?> type, int which, Method wither) {
        if (type.isArray()) {
            Object array = Array.newInstance(type.getComponentType(), 1);
            Array.set(array, 0, sample(type.getComponentType(), which, wither));
            return array;
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[which];
        }
        Map<Class<?>, Object> samples = Map.of(
                int.class,
                1_234 + which,
                long.class,
                1_234L + which,
                String.class,
                "text " + which,
                Duration.class,
                Duration.ofMinutes(10 + which),
                Instant.class,
                Instant.EPOCH.plusSeconds(which),
                Object.class,
                "value " + which,
                Map.class,
                Map.of("a", which),
                Identity.class,
                Identity.of("ann " + which),
                Assignment.class,
                new Assignment(List.of("bob " + which), List.of()),
                Quorum.class,
                new Quorum("vote", Map.of("yes", 1 + which)));
        assertThat(samples).as("a sample of what %s takes", wither).containsKey(type);
        return samples.get(type);
    }
}
