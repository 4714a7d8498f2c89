package io.flowscript.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.testsupport.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A script that plays parts in one Chromium. A part asks for what only a server can do by a line that begins with {@code do}. For one thread.
 */
final class BrowserScript implements AutoCloseable {

    private static final Path HERE = Path.of("");

    private final String file;
    private @Nullable NodeProcess process;

    /** What a part asks for. */
    interface Acts {

        /** Does what the words say; the first of them is {@code do}. */
        void act(String[] words) throws IOException;
    }

    BrowserScript(String file) {
        this.file = file;
    }

    /** Plays a part to its end. Starts the script if it does not run; skips the test where there is no browser. */
    void play(String part, String uri, Acts acts) throws IOException {
        NodeProcess.requireBrowser(HERE);
        NodeProcess script = process;
        if (script == null) {
            script = NodeProcess.start(HERE, file);
            process = script;
            assertThat(next(script)).isEqualTo("ready");
        }
        String said;
        try {
            script.say("run " + part + " " + uri);
            said = next(script);
            while (said.startsWith("do ")) {
                acts.act(said.split(" "));
                script.say("done");
                said = next(script);
            }
        } catch (IOException | RuntimeException | Error e) {
            close(); // the script waits for an answer that does not come
            throw e;
        }
        assertThat(said).startsWith("ok");
        if (Boolean.getBoolean("console.figures")) {
            System.out.println(part + ": " + said);
        }
    }

    private static String next(NodeProcess script) {
        return script.read().orElseThrow(() -> new IllegalStateException("The browser's script has ended"));
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
            process = null;
        }
    }
}
