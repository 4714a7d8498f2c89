package io.flowscript.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.Problem;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkflowsTest {

    private static final String GOOD =
            "{\"id\":\"expense\",\"initialState\":{\"rate\":0.10,\"big\":9007199254740993},\"nodes\":[\"approve\"]}";

    @TempDir
    Path directory;

    @Test
    void readsTextBytesStreamAndFile() throws IOException {
        Path file = Files.writeString(directory.resolve("expense.json"), GOOD);

        WorkflowDefinition definition = Workflows.read(GOOD);
        assertThat(definition.id()).isEqualTo("expense");
        assertThat(definition.problems()).isEmpty();
        assertThat(Workflows.read(GOOD.getBytes(UTF_8))).isEqualTo(definition);
        assertThat(Workflows.read(new ByteArrayInputStream(GOOD.getBytes(UTF_8)), "resource"))
                .isEqualTo(definition);
        assertThat(Workflows.read(file)).isEqualTo(definition);
        assertThat(Workflows.read(file).source()).endsWith("expense.json");
    }

    @Test
    void numbersAreExact() {
        assertThat(Workflows.read(GOOD).initialState())
                .isEqualTo(Map.of("rate", new BigDecimal("0.10"), "big", 9_007_199_254_740_993L));
    }

    @Test
    void toleratesAByteOrderMark() {
        assertThat(Workflows.read("\uFEFF" + GOOD).id()).isEqualTo("expense");
    }

    @Test
    void whatIsWrittenReadsTheSame() {
        WorkflowDefinition definition = Workflows.read(GOOD.replace("expense", "größe 😀"));

        assertThat(Workflows.read(Workflows.write(definition))).isEqualTo(definition);

        Path file = directory.resolve("out.json");
        Workflows.write(definition, file);
        assertThat(Workflows.read(file)).isEqualTo(definition);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'id':'a','nodes':['x'],} | invalid_json | This is not JSON, at line 1, column 25
            {'id':'a' | invalid_json | The JSON ends too early, at line 1, column 10
            {'id':'a','id':'b','nodes':[]} | invalid_json | The key "id" occurs twice in one object, at line 1, column 11
            {'id':'a','nodes':[{'setData':{'path':'a','path':'b'}}]} | invalid_json | The key "path" occurs twice
            {'id':'a','nodes':[]} // why | invalid_json | This is not JSON, at line 1, column 23
            {'id':'a','nodes':[]} {} | invalid_json | The text continues after the end
            {id:'a'} | invalid_json | This is not JSON, at line 1, column
            [] | invalid_document | A workflow is a JSON object such as
            ~~ | invalid_json | The text contains no JSON
            """)
    void saysWhereTheJsonIsWrong(String json, String code, String part) {
        InvalidWorkflowException refused = refusal(() -> Workflows.read(json.replace('\'', '"')));

        assertThat(refused.problems()).hasSize(1);
        assertThat(refused.problems().get(0).code()).isEqualTo(code);
        assertThat(refused.getMessage()).contains(part).doesNotContain("jackson", "Feature");
    }

    @Test
    @DisplayName("I5: 10,000 levels are refused, without a stack overflow")
    void refusesDeepNesting() {
        String deep = "{\"id\":\"a\",\"nodes\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
        assertThat(refusal(() -> Workflows.read(deep)).problems())
                .extracting(Problem::code)
                .containsExactly("too_deep");

        String lessDeep = "{\"id\":\"a\",\"nodes\":" + "[\"x\",".repeat(400) + "[]" + "]".repeat(400) + "}";
        assertThat(Workflows.read(lessDeep).problems())
                .extracting(Problem::code)
                .contains("too_deep");
    }

    @Test
    @DisplayName("I5: a file of 50 MB is refused without being read to its end")
    void refusesAHugeFile() {
        long size = 50_000_000;
        long[] read = {0};
        InputStream huge = new InputStream() {
            @Override
            public int read() {
                return read[0]++ < size ? ' ' : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                if (read[0] >= size) {
                    return -1;
                }
                Arrays.fill(bytes, offset, offset + length, (byte) ' ');
                read[0] += length;
                return length;
            }
        };

        assertThat(refusal(() -> Workflows.read(huge, "huge.json")).problems())
                .extracting(Problem::code)
                .containsExactly("too_large");
        assertThat(read[0]).isLessThan(6_000_000);
        assertThat(refusal(() -> Workflows.read(" ".repeat(6_000_000))).problems())
                .extracting(Problem::code)
                .containsExactly("too_large");
    }

    @Test
    void readsEveryFileOfADirectoryInOrder() throws IOException {
        Files.writeString(directory.resolve("b.json"), GOOD.replace("expense", "b"));
        Files.writeString(directory.resolve("a.json"), GOOD.replace("expense", "a"));
        Files.writeString(directory.resolve("readme.txt"), "not a workflow");
        Files.createDirectory(directory.resolve("more.json"));

        assertThat(Workflows.readAll(directory))
                .extracting(WorkflowDefinition::id)
                .containsExactly("a", "b");
    }

    @Test
    void reportsEveryProblemOfEveryFileAtOnce() throws IOException {
        Files.writeString(directory.resolve("a.json"), "{\"nodes\":[{}, [\"x\"]]}");
        Files.writeString(directory.resolve("b.json"), "{nope");
        Files.writeString(directory.resolve("c.json"), GOOD);
        Files.writeString(directory.resolve("d.json"), GOOD);

        InvalidWorkflowException refused = refusal(() -> Workflows.readAll(directory));

        List<String> all = refused.problems().stream().map(Problem::toString).toList();
        assertThat(all).hasSizeGreaterThanOrEqualTo(5);
        assertThat(all).filteredOn(problem -> problem.contains("a.json: ")).hasSizeGreaterThanOrEqualTo(3);
        assertThat(all).anyMatch(problem -> problem.contains("b.json: This is not JSON, at line 1, column"));
        assertThat(all).anyMatch(problem -> problem.contains("/id: d.json: The id \"expense\" is also used by c.json"));
        assertThat(refused.getMessage()).contains(directory.toString());
    }

    @Test
    void saysThatAFileCannotBeRead() {
        assertThatThrownBy(() -> Workflows.read(directory.resolve("missing.json")))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining("missing.json cannot be read")
                .extracting(e -> ((FlowScriptException) e).code())
                .isEqualTo("unreadable_file");
        assertThatThrownBy(() -> Workflows.readAll(directory.resolve("nowhere")))
                .isInstanceOf(FlowScriptException.class);
    }

    @Test
    void saysThatThereIsNoSuchResource() {
        InputStream missing = WorkflowsTest.class.getResourceAsStream("/missing.json");

        assertThatThrownBy(() -> Workflows.read(missing, "/missing.json"))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining("There is no resource /missing.json")
                .extracting(e -> ((FlowScriptException) e).code())
                .isEqualTo("unreadable_file");
    }

    @Test
    void saysThatAFileIsNoDirectory() throws Exception {
        Path file = Files.writeString(directory.resolve("one.json"), "{}");
        assertThatThrownBy(() -> Workflows.readAll(file))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining("one.json is a file");
    }

    private static InvalidWorkflowException refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
        return catchThrowableOfType(InvalidWorkflowException.class, work);
    }
}
