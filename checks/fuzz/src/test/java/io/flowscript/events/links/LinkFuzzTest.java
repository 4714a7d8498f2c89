package io.flowscript.events.links;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.flowscript.engine.FlowScript;
import io.flowscript.fuzz.Property;
import java.nio.charset.StandardCharsets;

class LinkFuzzTest {

    private static final byte[] KEY = "a key of thirty-two bytes or more".getBytes(StandardCharsets.UTF_8);
    private static final FlowScript FLOWS = FlowScript.builder().build();
    private static final AnswerLinks LINKS = AnswerLinks.signedWith(KEY);
    private static final LinkSignature SIGNATURE = LinkSignature.with(KEY);

    /** A text as it comes; nobody but the owner of the key can make one that is accepted. */
    @FuzzTest
    void link(byte[] input) {
        Property.holdsFor(() -> {
            LINKS.open(FLOWS, Property.text(input));
            throw new AssertionError("A link was forged");
        });
    }

    /** A text that somebody has signed who has the key, such as a later version. */
    @FuzzTest
    void signed(byte[] input) {
        Property.holdsFor(() -> LINKS.answer(FLOWS, SIGNATURE.sign(Property.text(input)), true));
    }
}
