package io.flowscript.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes percent-encoding (RFC 3986, section 2.1). Stateless. */
final class PercentEncoding {

    private static final int ESCAPE_CHARS = 3;
    private static final int HEX = 16;

    private PercentEncoding() {}

    /**
     * Decodes a text.
     *
     * @param text the encoded text
     * @return the decoded text
     * @throws IllegalArgumentException when an escape sequence is invalid, or the result is not UTF-8
     */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] sent = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(sent.length);
        for (int i = 0; i < sent.length; i++) {
            if (sent[i] == '%') {
                if (i + ESCAPE_CHARS > sent.length) {
                    throw new IllegalArgumentException("An escape is cut off");
                }
                bytes.put((byte) (digit(sent[i + 1]) * HEX + digit(sent[i + 2])));
                i += ESCAPE_CHARS - 1;
            } else {
                bytes.put(sent[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("It is not UTF-8", e);
        }
    }

    private static int digit(byte character) {
        int digit = Character.digit((char) character, HEX);
        if (character < 0 || digit < 0) {
            throw new IllegalArgumentException("An escape has two hexadecimal digits");
        }
        return digit;
    }
}
