package io.flowscript.spring.boot;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * What a native image has to contain of FlowScript and of its libraries: files that are read from the class path, and members that are found by their names.
 * Made by Spring when an application is prepared ahead of time; stateless.
 *
 * <p>A native image finds the services of {@link java.util.ServiceLoader} and the fields of atomic updaters by itself. The libraries that declare what they need
 * are not named here.
 */
final class NativeImageHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
        hints.resources()
                .registerPattern("META-INF/resources/console/**")
                .registerPattern("META-INF/resources/flowscript/**")
                .registerPattern("io/flowscript/store/jdbc/schema/**");
        expressions(hints.reflection(), loader);
        forms(hints.reflection(), loader);
        notifications(hints.reflection(), loader);
    }

    /** JEXL looks at the constructors and methods of its arithmetic, and marks what it has not found with members of its own. */
    private static void expressions(ReflectionHints hints, @Nullable ClassLoader loader) {
        hints.registerTypeIfPresent(
                loader, "org.apache.commons.jexl3.JexlArithmetic", MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
        hints.registerTypeIfPresent(loader, "io.flowscript.language.expressions.ExpressionArithmetic");
        hints.registerTypeIfPresent(
                loader,
                "org.apache.commons.jexl3.internal.introspection.Introspector$CacheMiss",
                MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
        hints.registerTypeIfPresent(
                loader,
                "org.apache.commons.jexl3.internal.introspection.ClassMap",
                type -> type.withMethod("cacheMiss", List.of(), ExecutableMode.INVOKE));
    }

    /** The validator of forms checks moments with this library when it finds it, and in another way otherwise. */
    private static void forms(ReflectionHints hints, @Nullable ClassLoader loader) {
        hints.registerTypeIfPresent(loader, "com.ethlo.time.ITU");
    }

    /** The store waits for PostgreSQL with a method of its driver. */
    private static void notifications(ReflectionHints hints, @Nullable ClassLoader loader) {
        hints.registerTypeIfPresent(
                loader,
                "org.postgresql.PGConnection",
                type -> type.withMethod(
                        "getNotifications", List.of(TypeReference.of(int.class)), ExecutableMode.INVOKE));
    }
}
