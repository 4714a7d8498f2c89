package io.flowscript.json.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.flowscript.fuzz.Property;
import java.nio.ByteBuffer;

class MessageFuzzTest {

    private static final MessageParser PARSER = new MessageParser(1 << 20);

    @FuzzTest
    void message(byte[] input) {
        Property.holdsFor(() -> PARSER.parse(ByteBuffer.wrap(input)));
    }

    /** The head of a message is read as the whole message is. */
    @FuzzTest
    void head(byte[] input) {
        Property.holdsFor(() -> MessageHead.of(ByteBuffer.wrap(input)));
    }

    /** A position that is read is written as the same text, or does not exist. */
    @FuzzTest
    void position(byte[] input) {
        Property.holdsFor(() -> PositionText.parse(Property.text(input)).ifPresent(read -> {
            String written = PositionText.of(String.valueOf(read.epoch()), read.seq());
            if (!PositionText.parse(written).orElseThrow().equals(read)) {
                throw new AssertionError(written + " is read as another position");
            }
        }));
    }
}
