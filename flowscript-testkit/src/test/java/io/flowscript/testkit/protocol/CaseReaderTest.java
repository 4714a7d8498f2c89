package io.flowscript.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file of cases that cannot mean what it says is refused, with the place and the reason, before anything is run. */
class CaseReaderTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"conect":{}}                                                     | $.cases[0].steps[0]
            {"connect":{},"quiet":true}                                       | $.cases[0].steps[0]
            {"connect":{"subProtocol":"x"}}                                   | $.cases[0].steps[0]
            {"connect":{"refused":403,"connected":{}}}                        | $.cases[0].steps[0]
            {"http":"FETCH /x","expect":{"status":200}}                       | $.cases[0].steps[0]
            {"http":"GET /x","expect":{}}                                     | $.cases[0].steps[0]
            {"connect":{}},{"send":[]}                                        | $.cases[0].steps[1]
            {"connect":{}},{"closed":99}                                      | $.cases[0].steps[1]
            {"quiet":true}                                                    | "a case", step 1: client "client" acts before it is connected
            {"connect":{}},{"on":"b","quiet":true}                            | "a case", step 2: client "b" acts before it is connected
            {"connect":{}},{"expect":{"type":"$strin"}}                       | "a case", step 2: $strin is not a kind; the kinds are $absent, $any, $array
            {"connect":{}},{"expect":{"a":{"$include":[]}}}                   | "a case", step 2: "$include" is no field by which something is expected; there is $includes
            {"connect":{}},{"expect":{"a":{"$includes":1}}}                   | "a case", step 2: "$includes" is no field
            {"connect":{}},{"send":{"type":"ping","id":"${a}"}}               | "a case", step 2: variable ${a} has no value yet
            {"connect":{}},{"expect":{"id":"x-${a}"}}                         | "a case", step 2: variable ${a} has no value yet
            {"connect":{}},{"expect":{"id":"${a}"}}                           | "a case", variable ${a} is captured but never used
            {"http":"GET /${a}","expect":{"status":200,"body":"${a}"}}        | "a case", step 1: variable ${a} has no value yet
            """)
    void whatCannotBeMeantIsRefused(String steps, String told) {
        assertThatThrownBy(
                        () -> read("{\"section\":\"s\",\"cases\":[{\"name\":\"a case\",\"steps\":[" + steps + "]}]}"))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageStartingWith("The cases in mine.json cannot be used:\n  ")
                .hasMessageContaining(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"section":"s"}                                                             | cases
            {"section":"s","cases":[]}                                                  | cases
            {"section":"s","cases":[{"name":"a","steps":[]}]}                           | steps
            {"section":"s","section":"t"}                                               | section
            nothing                                                                     | line 1
            {"section":"s","cases":[{"name":"a","steps":[{"connect":{}}]},{"name":"a","steps":[{"connect":{}}]}]} | more than one case with the name "a"
            """)
    void aWrongFileIsRefused(String json, String told) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining(told);
    }

    @Test
    void everyProblemOfAFileIsTold() {
        assertThatThrownBy(
                        () -> read(
                                "{\"section\":\"s\",\"cases\":[{\"name\":\"a\",\"steps\":[{\"quiet\":true}]},{\"name\":\"b\",\"steps\":[{\"cut\":true}]}]}"))
                .hasMessageContaining("\"a\", step 1: client \"client\" acts before it is connected")
                .hasMessageContaining("\"b\", step 1: client \"client\" acts before it is connected");
    }

    @Test
    void aVariableThatIsFoundOutAndUsedIsFine() throws Exception {
        Files.writeString(
                folder.resolve("mine.json"),
                "{\"section\":\"s\",\"cases\":[{\"name\":\"a\",\"steps\":[{\"connect\":{\"connected\":{\"clientId\":\"${id}\"}}},"
                        + "{\"send\":{\"type\":\"ping\",\"id\":\"${id}-${run}\"}}]}]}");

        ProtocolCases cases = ProtocolCases.in(folder);

        assertThat(cases.cases()).singleElement().satisfies(one -> {
            assertThat(one.name()).isEqualTo("a");
            assertThat(one.file()).isEqualTo("mine.json");
            assertThat(one.section()).isEqualTo("s");
            assertThat(one.steps()).hasSize(2);
        });
        assertThat(cases.workflows()).isEmpty();
    }

    @Test
    void patienceIsMoreThanNone() {
        ProtocolCases cases = ProtocolCases.all();

        assertThatThrownBy(() -> cases.patience(Duration.ZERO)).isInstanceOf(FlowScriptException.class);
        assertThatThrownBy(() -> cases.patience(Duration.ofSeconds(-1))).isInstanceOf(FlowScriptException.class);
    }

    private void read(String json) throws Exception {
        Files.writeString(folder.resolve("mine.json"), json);
        ProtocolCases.in(folder);
    }
}
