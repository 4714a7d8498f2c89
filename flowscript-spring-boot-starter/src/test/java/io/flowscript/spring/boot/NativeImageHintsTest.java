package io.flowscript.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

class NativeImageHintsTest {

    /** The folder or the jar of a module that an application has. */
    private static final Pattern MODULE = Pattern.compile(
            ".*/flowscript(?!-testkit|-test-support|-server-test-support)[a-z-]*/target/(classes|[^/]*\\.jar)");

    /** What is no part of an application that runs, or what a native image or Spring finds by itself. */
    private static final Pattern NOT_READ = Pattern.compile(
            "META-INF/(MANIFEST\\.MF|LICENSE|NOTICE|maven/.*|services/.*"
                    + "|spring\\.factories|spring/.*|spring-configuration-metadata\\.json|flowscript/protocol/.*|jandex\\.idx)");

    private final RuntimeHints hints = new RuntimeHints();

    @BeforeEach
    void register() {
        new NativeImageHints().registerHints(hints, getClass().getClassLoader());
    }

    @Test
    @DisplayName("Each file in the modules that is read from the class path is in a native image")
    void resources() throws IOException {
        List<String> files = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (MODULE.matcher(entry.replace(File.separatorChar, '/')).matches()) {
                files.addAll(filesIn(Path.of(entry)));
            }
        }
        assertThat(files)
                .contains(
                        "io/flowscript/store/jdbc/schema/sqlite/001.sql",
                        "io/flowscript/store/jdbc/schema/postgresql/001.sql",
                        "META-INF/resources/console/vendor/preact.js",
                        "META-INF/resources/flowscript/files.txt")
                .allSatisfy(file -> assertThat(RuntimeHintsPredicates.resource().forResource(file))
                        .as(file)
                        .accepts(hints));
    }

    private static List<String> filesIn(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            return filesBelow(entry);
        }
        try (FileSystem jar = FileSystems.newFileSystem(entry)) {
            return filesBelow(jar.getPath("/"));
        }
    }

    private static List<String> filesBelow(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString().replace(File.separatorChar, '/'))
                    .filter(file -> !file.endsWith(".class"))
                    .filter(file -> !NOT_READ.matcher(file).matches())
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "com.ethlo.time.ITU",
                "io.flowscript.language.expressions.ExpressionArithmetic",
                "org.apache.commons.jexl3.JexlArithmetic",
                "org.apache.commons.jexl3.internal.introspection.ClassMap",
                "org.apache.commons.jexl3.internal.introspection.Introspector$CacheMiss",
                "org.postgresql.PGConnection"
            })
    @DisplayName("A type whose members are found by name is in a native image, and the libraries still have it")
    void types(String name) {
        assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(name)))
                .accepts(hints);
    }

    @Test
    @DisplayName("The members that are called or counted are in a native image")
    void members() throws ReflectiveOperationException {
        Class<?> miss = Class.forName("org.apache.commons.jexl3.internal.introspection.Introspector$CacheMiss");
        Class<?> map = Class.forName("org.apache.commons.jexl3.internal.introspection.ClassMap");
        Class<?> driver = Class.forName("org.postgresql.PGConnection");
        assertThat(miss.getConstructors()).isNotEmpty().allSatisfy(this::isThere);
        isThere(map.getMethod("cacheMiss"));
        isThere(driver.getMethod("getNotifications", int.class));
    }

    private void isThere(Executable member) {
        assertThat(
                        member instanceof java.lang.reflect.Constructor<?> made
                                ? RuntimeHintsPredicates.reflection().onConstructorInvocation(made)
                                : RuntimeHintsPredicates.reflection()
                                        .onMethodInvocation((java.lang.reflect.Method) member))
                .accepts(hints);
    }
}
