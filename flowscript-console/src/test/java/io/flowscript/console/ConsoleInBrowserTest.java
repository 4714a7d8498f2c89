package io.flowscript.console;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.runtime.PauseToken;
import java.io.IOException;
import java.util.HashMap;
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
 * Each test is a part of {@code browser.mjs}. All of them use one Chromium, and a server of their own.
 */
@Timeout(120)
@DisplayName("The console in a browser, from the files that the server sends, under their strict policy")
@Tag("slow")
class ConsoleInBrowserTest {

    private static final BrowserScript BROWSER = new BrowserScript("src/test/js/browser.mjs");

    @AfterAll
    static void stop() {
        BROWSER.close();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "startsAndAnswers",
                "mistakes",
                "races",
                "stale",
                "votes",
                "claims",
                "quick",
                "keyboard",
                "cancels",
                "filters",
                "restarts",
                "offline",
                "withoutWebSocket",
                "withPolls",
                "cutAgainAndAgain",
                "manyExecutions",
                "firstLoad",
                "languages",
                "accessible"
            })
    void part(String name) throws IOException {
        play(name);
    }

    /** Writes the pictures of the documentation: {@code -Dconsole.screenshots=true}. */
    @Test
    @Timeout(600)
    @EnabledIfSystemProperty(named = "console.screenshots", matches = "true")
    void screenshots() throws IOException {
        play("screenshots");
    }

    private static void play(String name) throws IOException {
        try (ConsoleServer server = new ConsoleServer(0)) {
            BROWSER.play(name, server.uri(), words -> act(server, words));
        }
    }

    private static void act(ConsoleServer server, String[] words) throws IOException {
        switch (words[1]) {
            case "stop" -> server.stop();
            case "start" -> server.startAgain();
            case "finishWork" -> server.finishWork();
            case "tick" -> server.tick(Integer.parseInt(words[2]));
            case "finishTicking" -> server.finishTicking();
            case "revise" -> revise(server, new PauseToken(words[2], words[3], words[4]), Long.parseLong(words[5]));
            default -> throw new AssertionError("Not known: " + words[1]);
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
