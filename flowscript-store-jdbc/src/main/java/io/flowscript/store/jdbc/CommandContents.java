package io.flowscript.store.jdbc;

import io.flowscript.core.json.Value;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Commands and replies as bytes, which are encrypted when there is a cipher. For use by one thread at a time. */
final class CommandContents {

    private static final int MAX_DEPTH = 512;
    private static final String PLACE = "command";
    private static final Logger LOGGER = System.getLogger(CommandContents.class.getName());

    private final Envelope envelope;
    private final JsonReader json = new JsonReader(MAX_DEPTH);

    CommandContents(Envelope envelope) {
        this.envelope = envelope;
    }

    /**
     * Encodes a command or a reply.
     *
     * @param context what the bytes belong to; they are valid nowhere else
     */
    byte[] write(Value value, String context) {
        byte[] bytes = JsonWriter.writeExact(value.raw());
        return envelope.hasCipher() ? envelope.encrypt(bytes, context, PLACE) : bytes;
    }

    /**
     * Decodes a command or a reply. One that this process cannot read must not keep the others from it, as while the keys are
     * changed process by process.
     *
     * @param context what {@link #write} had
     * @param name what it is, for the log
     * @return the value; null when it cannot be read, which is logged
     */
    @Nullable
    Value read(byte[] bytes, String context, String name) {
        try {
            return Value.of(json.read(ByteBuffer.wrap(envelope.decrypt(bytes, context, PLACE))));
        } catch (RuntimeException e) { // also of the cipher of an application
            LOGGER.log(Level.WARNING, name + " cannot be read by this process and is left out", e);
            return null;
        }
    }
}
