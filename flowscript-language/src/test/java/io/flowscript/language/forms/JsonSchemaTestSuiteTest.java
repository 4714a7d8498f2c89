package io.flowscript.language.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.json.codec.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The public JSON-Schema-Test-Suite through the validator as an application gets it. The suite is that of Debian's package
 * libtest-json-schema-acceptance-perl; where it is missing the tests are skipped, on CI they fail. Another place is named with
 * {@code -Dflowscript.jsonSchemaTestSuite=FOLDER}.
 *
 * <p>From all the folders of {@link #FOLDERS} every case is run, but for those of {@link #EXCLUDED}, and each of those is shown to be refused for
 * the reason that is given.
 */
@DisplayName("The JSON-Schema-Test-Suite")
class JsonSchemaTestSuiteTest {

    private static final Path SUITE = Path.of(
            System.getProperty(
                    "flowscript.jsonSchemaTestSuite", "/usr/share/perl5/auto/share/dist/Test-JSON-Schema-Acceptance"),
            "tests");

    /** The required part of each draft; of the present one also the optional part, with formats asserted. */
    private static final Map<String, JsonSchemaDraft> FOLDERS = new TreeMap<>(Map.of(
            "draft2020-12", JsonSchemaDraft.DRAFT_2020_12,
            "draft2020-12/optional", JsonSchemaDraft.DRAFT_2020_12,
            "draft2020-12/optional/format", JsonSchemaDraft.DRAFT_2020_12,
            "draft2019-09", JsonSchemaDraft.DRAFT_2019_09,
            "draft7", JsonSchemaDraft.DRAFT_07,
            "draft6", JsonSchemaDraft.DRAFT_06,
            "draft4", JsonSchemaDraft.DRAFT_04));

    private static final String ANY = "";
    private static final String REFERENCE = "is outside of this schema";
    private static final String META_SCHEMA = "is not supported; use one of";

    /** What needs the network: a form never makes the engine fetch anything. */
    private static final List<Excluded> EXCLUDED = List.of(
            new Excluded("draft2020-12", "refRemote.json", ANY, REFERENCE),
            new Excluded("draft2020-12", "dynamicRef.json", "strict-tree schema, guards against", REFERENCE),
            new Excluded("draft2020-12", "dynamicRef.json", "tests for implementation dynamic anchor", REFERENCE),
            new Excluded("draft2020-12", "dynamicRef.json", "$ref and $dynamicAnchor are independent", REFERENCE),
            new Excluded("draft2020-12", "vocabulary.json", ANY, META_SCHEMA),
            new Excluded("draft2020-12/optional", "cross-draft.json", ANY, REFERENCE),
            new Excluded("draft2020-12/optional", "format-assertion.json", ANY, META_SCHEMA),
            new Excluded("draft2019-09", "refRemote.json", ANY, REFERENCE),
            new Excluded("draft2019-09", "vocabulary.json", ANY, META_SCHEMA),
            new Excluded("draft7", "refRemote.json", ANY, REFERENCE),
            new Excluded("draft6", "refRemote.json", ANY, REFERENCE),
            new Excluded("draft4", "refRemote.json", ANY, REFERENCE));

    private static final Map<String, AtomicInteger> RUN = new ConcurrentHashMap<>();
    private static final Map<String, AtomicInteger> PASSED = new ConcurrentHashMap<>();

    private final FormValidator validator = new SchemaFormValidator();

    @BeforeAll
    static void needsTheSuite() {
        boolean there = Files.isDirectory(SUITE);
        String what = "the JSON-Schema-Test-Suite (Debian's package libtest-json-schema-acceptance-perl)";
        if ("true".equals(System.getenv("CI"))) {
            assertThat(there).describedAs("CI needs " + what).isTrue();
        }
        assumeTrue(there, "This test needs " + what);
    }

    @AfterAll
    static void tellTheRate() throws IOException {
        for (String folder : FOLDERS.keySet()) {
            if (RUN.containsKey(folder)) {
                System.out.printf(
                        "JSON-Schema-Test-Suite %s: %s of %s cases passed, %d excluded since they need the network%n",
                        folder,
                        PASSED.getOrDefault(folder, new AtomicInteger()),
                        RUN.get(folder),
                        cases(folder).stream().filter(Case::isExcluded).count());
            }
        }
    }

    @TestFactory
    Stream<DynamicContainer> passes() {
        return FOLDERS.keySet().stream().map(folder -> DynamicContainer.dynamicContainer(folder, files(folder)));
    }

    private Stream<DynamicContainer> files(String folder) {
        Map<String, List<DynamicTest>> tests = new TreeMap<>();
        for (Case example : cases(folder)) {
            if (!example.isExcluded()) {
                tests.computeIfAbsent(example.file, file -> new ArrayList<>())
                        .add(DynamicTest.dynamicTest(example.group + ": " + example.name, () -> run(example)));
            }
        }
        return tests.entrySet().stream()
                .map(entry -> DynamicContainer.dynamicContainer(entry.getKey(), entry.getValue()));
    }

    private void run(Case example) {
        RUN.computeIfAbsent(example.folder, key -> new AtomicInteger()).incrementAndGet();
        assertThat(validator.compile(example.schema).validate(example.data).isEmpty())
                .describedAs("%s accepts %s", example.schema, example.data)
                .isEqualTo(example.valid);
        PASSED.computeIfAbsent(example.folder, key -> new AtomicInteger()).incrementAndGet();
    }

    @TestFactory
    @DisplayName("what is excluded could not pass, for the reason given")
    Stream<DynamicTest> excludesNothingThatCouldPass() {
        return EXCLUDED.stream()
                .map(excluded -> DynamicTest.dynamicTest(excluded.toString(), () -> {
                    List<Case> cases = cases(excluded.folder).stream()
                            .filter(excluded::has)
                            .toList();

                    assertThat(cases).isNotEmpty();
                    for (Case example : cases) {
                        assertThatThrownBy(() -> validator.compile(example.schema))
                                .describedAs(example.group)
                                .isInstanceOf(FlowScriptException.class)
                                .hasMessageContaining(excluded.reason)
                                .extracting(e -> ((FlowScriptException) e).code())
                                .isEqualTo("invalid_schema");
                    }
                }));
    }

    @Test
    void isTheWholeSuite() {
        assertThat(cases("draft2020-12")).hasSizeGreaterThan(1_000);
        assertThat(cases("draft2020-12/optional/format")).hasSizeGreaterThan(400);
    }

    private static List<Case> cases(String folder) {
        try (Stream<Path> files = Files.list(SUITE.resolve(folder))) {
            List<Case> cases = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                addCases(folder, file, cases);
            }
            return cases;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void addCases(String folder, Path file, List<Case> cases) throws IOException {
        for (Object group : (List<?>) json(Files.readString(file))) {
            Map<?, ?> of = (Map<?, ?>) group;
            Object schema = inItsDraft(of.get("schema"), FOLDERS.get(folder));
            for (Object test : (List<?>) of.get("tests")) {
                Map<?, ?> example = (Map<?, ?>) test;
                cases.add(new Case(
                        folder,
                        file.getFileName().toString(),
                        (String) of.get("description"),
                        (String) example.get("description"),
                        schema,
                        example.get("data"),
                        (Boolean) example.get("valid")));
            }
        }
    }

    /** The folders of older drafts leave out which one it is. */
    private static Object inItsDraft(Object schema, JsonSchemaDraft draft) {
        if (!(schema instanceof Map<?, ?> keywords)
                || keywords.containsKey("$schema")
                || draft == JsonSchemaDraft.DRAFT_2020_12) {
            return schema;
        }
        Map<Object, Object> named = new LinkedHashMap<>(keywords);
        named.put("$schema", draft.id());
        return Json.freeze(named);
    }

    private static Object json(String text) {
        return Json.freeze(new JsonReader(100).read(text));
    }

    private record Case(
            String folder, String file, String group, String name, Object schema, Object data, boolean valid) {

        boolean isExcluded() {
            return EXCLUDED.stream().anyMatch(excluded -> excluded.has(this));
        }
    }

    private record Excluded(String folder, String file, String group, String reason) {

        boolean has(Case example) {
            return example.folder.equals(folder) && example.file.equals(file) && example.group.startsWith(group);
        }
    }
}
