package io.flowscript.console;

import io.flowscript.core.log.Retention;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.testsupport.BrowserScript;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each test is a part of {@code executing.mjs}. All of them use one Chromium, several at a time, and a server of their own.
 */
@Timeout(180)
@DisplayName("The page of one execution in a browser, from the files that the server sends, under their strict policy")
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class ExecutionInBrowserTest {

    private static final Map<String, Object> EXPENSE = Map.of("employee", "ann", "amount", 250, "purpose", "a chair");
    private static final Map<String, Map<String, Object>> ANSWERS = Map.of(
            "needsInfo", Map.of("decision", "needsInfo"),
            "information", Map.of("purpose", "a chair for the new desk"),
            "approved", Map.of("decision", "approved"));

    private static final BrowserScript BROWSER = new BrowserScript("src/test/js/browser.mjs");

    @AfterAll
    static void stop() {
        BROWSER.close();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"model", "live", "loops", "keyboard", "failures", "accessible"})
    void part(String name) throws Exception {
        try (ExecutionPages pages = new ExecutionPages(null, Retention.defaults())) {
            BROWSER.play(part(name, pages), words -> act(words, pages, null));
        }
    }

    @Test
    @DisplayName("events that the server does not keep any more are told, and nothing is made up for them")
    void missing() throws Exception {
        try (ExecutionPages pages = new ExecutionPages(null, new Retention(300, 64L << 20, Duration.ofHours(1)))) {
            BROWSER.play(part("missing", pages), words -> act(words, pages, null));
        }
    }

    /** Writes the pictures of the documentation: {@code -Dconsole.screenshots=true}. */
    @Test
    @EnabledIfSystemProperty(named = "console.screenshots", matches = "true")
    void screenshots() throws Exception {
        ManualClock clock = new ManualClock(Instant.now().minus(Duration.ofHours(30)));
        try (ExecutionPages pages = new ExecutionPages(clock, Retention.defaults())) {
            BROWSER.play(part("screenshots", pages), words -> act(words, pages, clock));
        }
    }

    static String part(String name, ExecutionPages pages) {
        return "executing." + name + " " + pages.uri() + "/";
    }

    static void act(String[] words, ExecutionPages pages, @Nullable ManualClock clock) {
        if (words[0].equals("start")) {
            start(words[1], pages, clock);
        } else {
            pages.answer(words[1], ANSWERS.get(words[2]));
        }
    }

    private static void start(String id, ExecutionPages pages, @Nullable ManualClock clock) {
        switch (id) {
            case "expense" -> pages.start("expense-approval", EXPENSE, id);
            case "data" -> pages.start("data-processing", Map.of(), id);
            case "long" -> pages.start("five-hundred-steps", Map.of(), id);
            case "five" -> pages.start("counting", Map.of("rounds", 625), id);
            case "ten" -> pages.start("counting", Map.of("rounds", 1_250), id);
            case "forgetful" -> pages.start("counting", Map.of("rounds", 100), id);
            case "delivery" -> pages.start("delivering", Map.of("failures", 9), id);
            case "story" -> tell(pages, Objects.requireNonNull(clock));
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
