package io.flowscript.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Splits a stream of server-sent events (HTML standard, section 9.2) as a FlowScript server writes it. For one thread. */
final class EventStreamParser {

    /** How many bytes one line may have. */
    static final int MAX_LINE = 16 << 20;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable String id;
    private StringBuilder data = new StringBuilder();

    /**
     * An event of the stream.
     *
     * @param id the position; null when it does not move
     * @param data the message; empty for none
     */
    record Block(@Nullable String id, String data) {}

    /**
     * Reads a part of the stream.
     *
     * @param blocks receives the events that are complete
     * @throws ConnectionException when a line is too long
     */
    void read(List<ByteBuffer> part, Consumer<Block> blocks) {
        for (ByteBuffer bytes : part) {
            while (bytes.hasRemaining()) {
                byte b = bytes.get();
                if (b == '\n') {
                    endLine(blocks);
                } else if (line.size() < MAX_LINE) {
                    line.write(b);
                } else {
                    throw new ConnectionException("message_too_large", "The stream has no end of a line");
                }
            }
        }
    }

    private void endLine(Consumer<Block> blocks) {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (text.endsWith("\r")) {
            text = text.substring(0, text.length() - 1);
        }
        if (text.isEmpty()) {
            if (id != null || !data.isEmpty()) {
                Block block = new Block(id, data.toString());
                id = null;
                data = new StringBuilder();
                blocks.accept(block);
            }
        } else if (text.startsWith("id: ")) {
            id = text.substring("id: ".length());
        } else if (text.startsWith("data: ")) {
            data.append(text, "data: ".length(), text.length());
        }
    }
}
