package io.flowscript.console;

import io.flowscript.core.log.Retention;
import io.flowscript.core.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each test is a part of {@code execution-parts.mjs}. All of them use one Chromium, and a server of their own.
 */
@Timeout(180)
@DisplayName("The page of one execution in a browser, from the files that the server sends, under their strict policy")
@Tag("slow")
class ExecutionInBrowserTest {

    private static final Map<String, Object> EXPENSE = Map.of("employee", "ann", "amount", 250, "purpose", "a chair");
    private static final Map<String, Map<String, Object>> ANSWERS = Map.of(
            "needsInfo", Map.of("decision", "needsInfo"),
            "information", Map.of("purpose", "a chair for the new desk"),
            "approved", Map.of("decision", "approved"));

    private static final BrowserScript BROWSER = new BrowserScript("src/test/js/execution-browser.mjs");

    @AfterAll
    static void stop() {
        BROWSER.close();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "model",
                "live",
                "loops",
                "slider",
                "manyEvents",
                "longWorkflow",
                "keyboard",
                "failures",
                "accessible"
            })
    void part(String name) throws IOException {
        try (ExecutionPages pages = new ExecutionPages(null, Retention.defaults())) {
            play(name, pages, null);
        }
    }

    @Test
    @DisplayName("events that the server does not keep any more are told, and nothing is made up for them")
    void missing() throws IOException {
        try (ExecutionPages pages = new ExecutionPages(null, new Retention(300, 64L << 20, Duration.ofHours(1)))) {
            play("missing", pages, null);
        }
    }

    /** Writes the pictures of the documentation: {@code -Dconsole.screenshots=true}. */
    @Test
    @EnabledIfSystemProperty(named = "console.screenshots", matches = "true")
    void screenshots() throws IOException {
        ManualClock clock = new ManualClock(Instant.now().minus(Duration.ofHours(30)));
        try (ExecutionPages pages = new ExecutionPages(clock, Retention.defaults())) {
            play("screenshots", pages, clock);
        }
    }

    private static void play(String name, ExecutionPages pages, ManualClock clock) throws IOException {
        BROWSER.play(name, pages.uri() + "/", words -> {
            if (words[1].equals("start")) {
                start(words[2], pages, clock);
            } else {
                pages.answer(words[2], ANSWERS.get(words[3]));
            }
        });
    }

    private static void start(String id, ExecutionPages pages, ManualClock clock) {
        switch (id) {
            case "expense" -> pages.start("expense-approval", EXPENSE, id);
            case "data" -> pages.start("data-processing", Map.of(), id);
            case "long" -> pages.start("five-hundred-steps", Map.of(), id);
            case "five" -> pages.start("counting", Map.of("rounds", 625), id);
            case "ten" -> pages.start("counting", Map.of("rounds", 1_250), id);
            case "forgetful" -> pages.start("counting", Map.of("rounds", 100), id);
            case "delivery" -> pages.start("delivering", Map.of("failures", 9), id);
            case "story" -> tell(pages, clock);
            default -> throw new IllegalArgumentException(id);
        }
    }

    /** An expense that was sent back, and waits again. */
    private static void tell(ExecutionPages pages, ManualClock clock) {
        pages.start("expense-approval", EXPENSE, "story");
        clock.advance(Duration.ofHours(3));
        pages.answer("story", ANSWERS.get("needsInfo"));
        clock.advance(Duration.ofHours(20));
        pages.answer("story", ANSWERS.get("information"));
        clock.advance(Duration.ofHours(7));
    }
}
