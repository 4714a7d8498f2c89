package io.flowscript.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A script of Node.js that plays parts of tests in one browser, several at a time. Thread-safe.
 *
 * <p>{@code run 3 races http://localhost:80/} begins a part. The script answers {@code 3 ok} and what it has measured, or {@code 3
 * failed} and why. Before that it may ask for what only the test can do: {@code 3 do stop}, which is answered with {@code done 3} or
 * {@code undone 3}.
 */
public final class BrowserScript implements AutoCloseable {

    private static final Path MODULE = Path.of("");
    private static final String FAILED = "failed ";

    private final String file;
    private final Map<String, BlockingQueue<String>> parts = new ConcurrentHashMap<>();
    private final StringBuilder said = new StringBuilder();
    private @Nullable NodeProcess process;
    private int count;

    /** What a part asks for. */
    public interface Acts {

        /** Does what the words say, such as {@code stop}. */
        void act(String[] words) throws IOException;
    }

    /**
     * Starts nothing yet.
     *
     * @param file the script, in the folder of the module
     */
    public BrowserScript(String file) {
        this.file = file;
    }

    /** As {@link #play(String, Acts)}, for a part that asks for nothing. */
    public String play(String part) throws InterruptedException {
        return play(part, words -> {
            throw new AssertionError("Not known: " + String.join(" ", words));
        });
    }

    /**
     * Plays a part to its end. Starts the script if it does not run yet; skips the test where there is no browser.
     *
     * @param part the name of the part, and what it is told
     * @param acts what the part asks for
     * @return what the part has measured; it may be empty
     */
    public String play(String part, Acts acts) throws InterruptedException {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        String number = begin(part, lines);
        try {
            for (; ; ) {
                String line = lines.take();
                if (line.startsWith(FAILED)) {
                    throw new AssertionError(line);
                }
                if (!line.startsWith("do ")) {
                    return line.substring("ok".length()).strip();
                }
                act(number, line.split(" "), acts);
            }
        } finally {
            parts.remove(number);
        }
    }

    private synchronized String begin(String part, BlockingQueue<String> lines) {
        NodeProcess.requireBrowser(MODULE);
        String number = String.valueOf(++count);
        parts.put(number, lines);
        NodeProcess script = process;
        if (script == null) {
            script = NodeProcess.start(MODULE, file);
            process = script;
            Thread reader = new Thread(this::read, "browser-script");
            reader.setDaemon(true);
            reader.start();
        }
        script.say("run " + number + " " + part);
        return number;
    }

    private void act(String number, String[] words, Acts acts) {
        String reply = "undone ";
        try {
            acts.act(Arrays.copyOfRange(words, 1, words.length));
            reply = "done ";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            script().say(reply + number);
        }
    }

    private synchronized NodeProcess script() {
        return Objects.requireNonNull(process);
    }

    /** Hands each line to its part. What belongs to none is told to all parts when the script ends. */
    private void read() {
        for (Optional<String> line = script().read(); line.isPresent(); line = script().read()) {
            String[] words = line.get().split(" ", 2);
            BlockingQueue<String> lines = parts.get(words[0]);
            if (lines != null && words.length == 2) {
                lines.add(words[1]);
            } else {
                said.append(line.get()).append('\n');
            }
        }
        parts.values().forEach(lines -> lines.add(FAILED + "The browser's script has ended: " + said));
    }

    /** Ends the script and its browser. */
    @Override
    public synchronized void close() {
        if (process != null) {
            process.close();
        }
    }
}
