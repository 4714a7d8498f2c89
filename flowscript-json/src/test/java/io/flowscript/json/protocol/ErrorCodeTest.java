package io.flowscript.json.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {

    private static final Path DOCS = Path.of("../docs");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (\\d{3}) \\|");

    @Test
    @DisplayName("The table of docs/errors.md has each code with its status, and no other")
    void theDocumentedCodesAreTheseCodes() throws IOException {
        String page = Files.readString(DOCS.resolve("errors.md"));
        String section =
                page.substring(page.indexOf("## What a client is told"), page.indexOf("## Why an execution failed"));
        Map<String, Integer> documented = ROW.matcher(section)
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> Integer.valueOf(row.group(2))));

        assertThat(new TreeMap<>(documented))
                .isEqualTo(new TreeMap<>(Arrays.stream(ErrorCode.values())
                        .collect(Collectors.toMap(ErrorCode::id, ErrorCode::httpStatus))));
    }

    @Test
    @DisplayName("Section 4 of docs/protocol.md has each code once")
    void theProtocolNamesEachCode() throws IOException {
        String page = Files.readString(DOCS.resolve("protocol.md"));
        String section = page.substring(page.indexOf("## 4. Errors and close codes"), page.indexOf("| close code |"));
        Matcher names = Pattern.compile("`([a-z]+(?:_[a-z]+)*)`")
                .matcher(section.lines()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.substring(0, line.indexOf(" | ", 2)))
                        .collect(Collectors.joining("\n")));

        assertThat(names.results().map((Function<MatchResult, String>) name -> name.group(1)))
                .containsExactlyInAnyOrder(
                        Arrays.stream(ErrorCode.values()).map(ErrorCode::id).toArray(String[]::new));
    }

    @Test
    void eachOfThemIsFoundByItsIdAndByTheEnginesCodes() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(ErrorCode.of(code.id())).contains(code);
        }
        assertThat(ErrorCode.of("invalid_execution_id")).contains(ErrorCode.INVALID_MESSAGE);
        assertThat(ErrorCode.of("state_too_large")).contains(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(ErrorCode.of("engine_closed")).contains(ErrorCode.SERVER_CLOSING);
        assertThat(ErrorCode.of("node_failed")).isEmpty();
    }

    @Test
    @DisplayName("Whoever is told to come back (429, 503) is told when")
    void whoIsToComeBackIsToldWhen() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(code.retryAfter().isPresent())
                    .as(code.id())
                    .isEqualTo(code.httpStatus() == 429 || code.httpStatus() == 503);
        }
    }
}
