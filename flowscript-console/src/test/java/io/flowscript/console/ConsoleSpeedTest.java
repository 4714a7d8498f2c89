package io.flowscript.console;

import io.flowscript.core.log.Retention;
import io.flowscript.testsupport.BrowserScript;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One part after the other, in a Chromium that does nothing else, since times are measured. */
@DisplayName("The console stays fast with much to show")
@Tag("slow")
@Tag("long")
@Isolated
class ConsoleSpeedTest {

    private static final BrowserScript BROWSER = new BrowserScript("src/test/js/browser.mjs");

    @AfterAll
    static void stop() {
        BROWSER.close();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"looking.manyExecutions", "looking.firstLoad"})
    @Timeout(180)
    void lists(String name) throws Exception {
        try (ConsoleServer server = new ConsoleServer(0)) {
            Figures.tell(
                    name, BROWSER.play(name + " " + server.uri(), words -> ConsoleInBrowserTest.act(server, words)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"slider", "manyEvents", "longWorkflow"})
    @Timeout(180)
    void execution(String name) throws Exception {
        try (ExecutionPages pages = new ExecutionPages(null, Retention.defaults())) {
            Figures.tell(
                    name,
                    BROWSER.play(
                            ExecutionInBrowserTest.part(name, pages),
                            words -> ExecutionInBrowserTest.act(words, pages, null)));
        }
    }
}
