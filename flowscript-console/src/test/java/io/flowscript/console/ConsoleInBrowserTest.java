package io.flowscript.console;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.testsupport.BrowserScript;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
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
 * Each test is a part of {@code browser.mjs}. All of them use one Chromium, several at a time, and a server of their own.
 */
@Timeout(180)
@DisplayName("The console in a browser, from the files that the server sends, under their strict policy")
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class ConsoleInBrowserTest {

    private static final BrowserScript BROWSER = new BrowserScript("src/test/js/browser.mjs");

    @AfterAll
    static void stop() {
        BROWSER.close();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "answering.startsAndAnswers",
                "answering.mistakes",
                "answering.races",
                "answering.stale",
                "answering.votes",
                "answering.claims",
                "answering.quick",
                "answering.keyboard",
                "answering.choosesWhileTyping",
                "answering.cancels",
                "connecting.restarts",
                "connecting.updated",
                "connecting.offline",
                "connecting.offlineForLong",
                "connecting.withoutWebSocket",
                "connecting.withPolls",
                "connecting.listsWithoutWebSocket",
                "connecting.listsWithPolls",
                "connecting.cutAgainAndAgain",
                "connecting.earlierPage",
                "looking.filters",
                "looking.languages",
                "looking.accessible"
            })
    void part(String name) throws Exception {
        play(name);
    }

    /** Writes the pictures of the documentation: {@code -Dconsole.screenshots=true}. */
    @Test
    @Timeout(600)
    @EnabledIfSystemProperty(named = "console.screenshots", matches = "true")
    void screenshots() throws Exception {
        play("screenshots.screenshots");
    }

    private static void play(String name) throws IOException, InterruptedException {
        try (ConsoleServer server = new ConsoleServer(0)) {
            Figures.tell(name, BROWSER.play(name + " " + server.uri(), words -> act(server, words)));
        }
    }

    static void act(ConsoleServer server, String[] words) throws IOException {
        switch (words[0]) {
            case "stop" -> server.stop();
            case "start" -> server.startAgain();
            case "update" -> server.update();
            case "finishWork" -> server.finishWork();
            case "tick" -> server.tick(Integer.parseInt(words[1]));
            case "finishTicking" -> server.finishTicking();
            case "revise" -> revise(server, new PauseToken(words[1], words[2], words[3]), Long.parseLong(words[4]));
            default -> throw new AssertionError("Not known: " + words[0]);
        }
    }

    /** Shows another price in the question of a purchase. */
    private static void revise(ConsoleServer server, PauseToken token, long price) {
        Interactions people = server.flows().interactions();
        Map<String, Object> shown =
                new HashMap<>(people.find(token).orElseThrow().question().context());
        shown.put("price", price);
        people.revise(token, shown, Identity.of("bob"));
    }
}
