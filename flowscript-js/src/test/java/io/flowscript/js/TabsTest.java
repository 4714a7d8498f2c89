package io.flowscript.js;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.testsupport.BrowserScript;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(120)
@DisplayName("In a browser, from the files that the server sends, under their strict policy")
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class TabsTest {

    private static final BrowserScript BROWSER = new BrowserScript("src/test/js/browser.mjs");

    private final PageServer server = new PageServer("tab", Map.of());

    TabsTest() throws IOException {}

    @AfterEach
    void close() {
        server.close();
    }

    @AfterAll
    static void closeBrowser() {
        BROWSER.close();
    }

    @Test
    @DisplayName("three tabs share one connection, and a tab that is closed leaves it to the others")
    void tabsShareOneConnection() throws InterruptedException {
        play("shared", 1);
    }

    @Test
    @DisplayName("without a shared worker, each tab has its own connection and sees the same")
    void eachTabAlone() throws InterruptedException {
        play("alone", 3);
    }

    @Test
    @DisplayName(
            "over HTTP, more tabs than the browser has connections do not block each other: one of them streams, the others poll")
    void moreTabsThanConnections() throws InterruptedException {
        server.flows.start("asks", Map.of(), "run");
        BROWSER.play("tabsOverHttp " + server.uri() + " run 8", words -> {
            throw new AssertionError("Not known: " + words[0]);
        });
    }

    private void play(String way, int connections) throws InterruptedException {
        server.flows.start("asks", Map.of(), "run");
        List<String> heard = new ArrayList<>();
        BROWSER.play("tabs " + server.uri() + " run " + way, words -> {
            heard.add(words[0]);
            switch (words[0]) {
                case "ready" ->
                    await().untilAsserted(() ->
                            assertThat(server.bridge.stats().connections()).isEqualTo(connections));
                case "closed" ->
                    await().untilAsserted(() ->
                            assertThat(server.bridge.stats().connections()).isZero());
                default -> throw new AssertionError("Not known: " + words[0]);
            }
        });
        assertThat(heard).containsExactly("ready", "closed");
    }
}
