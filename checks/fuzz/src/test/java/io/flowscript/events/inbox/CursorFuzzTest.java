package io.flowscript.events.inbox;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.flowscript.events.inbox.InboxQuery.Order;
import io.flowscript.fuzz.Property;

class CursorFuzzTest {

    /** A cursor that is read is written as the same text, up to the bits that Base64 leaves unused. */
    @FuzzTest
    void cursor(byte[] input) {
        String text = Property.text(input);
        Property.holdsFor(() -> CursorCodec.read(text, Order.OLDEST));
        Property.holdsFor(() -> CursorCodec.read(text, Order.DEADLINE));
    }
}
