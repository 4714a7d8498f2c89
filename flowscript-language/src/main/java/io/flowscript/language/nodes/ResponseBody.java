package io.flowscript.language.nodes;

import io.flowscript.core.text.Printable;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** Reads the body of a response as its headers declare it. Stateless. */
final class ResponseBody {

    private static final String UNREADABLE = "http_unreadable";
    private static final int MAX_DEPTH = 200;
    private static final JsonReader READER = new JsonReader(MAX_DEPTH);

    private ResponseBody() {}

    /**
     * A body that was read.
     *
     * @param value a JSON value if the response declares JSON and it can be read, else text
     * @param fault what is wrong with the JSON, or null
     */
    record Read(@Nullable Object value, @Nullable String fault) {}

    /**
     * Undoes the coding in which a server sent a body, although it was asked for none.
     *
     * @param reply the response
     * @param maxBytes the largest size of the decoded body
     * @return the decoded body
     * @throws RequestRefusedException if the body is larger, is broken or has an unknown coding
     */
    static byte[] decoded(HttpExchange.Reply reply, int maxBytes) {
        String coding = String.join(",", reply.headers().getValuesList(HttpHeader.CONTENT_ENCODING))
                .strip()
                .toLowerCase(Locale.ROOT);
        if (reply.body().length == 0 || coding.isEmpty() || coding.equals("identity")) {
            return reply.body();
        }
        try (InputStream plain = decoder(coding, new ByteArrayInputStream(reply.body()))) {
            byte[] decoded = plain.readNBytes(maxBytes);
            if (plain.read() >= 0) {
                throw tooLarge(maxBytes);
            }
            return decoded;
        } catch (IOException e) {
            throw new RequestRefusedException(UNREADABLE, "The response is not valid " + coding);
        }
    }

    private static InputStream decoder(String coding, InputStream body) throws IOException {
        return switch (coding) {
            case "gzip", "x-gzip" -> new GZIPInputStream(body);
            case "deflate" -> new InflaterInputStream(body);
            default ->
                throw new RequestRefusedException(
                        UNREADABLE,
                        "The response has the coding " + Printable.line(coding, 100) + ", which was not asked for");
        };
    }

    static RequestRefusedException tooLarge(int maxBytes) {
        return new RequestRefusedException(
                "http_too_large", "The response is larger than the limit of " + maxBytes + " bytes");
    }

    /**
     * Reads a decoded body.
     *
     * @param body the body
     * @param headers the headers, which declare its type
     * @return the value, or the text and what is wrong with it
     * @throws RequestRefusedException if the character set is unknown
     */
    static Read read(byte[] body, HttpFields headers) {
        String declared = headers.get(HttpHeader.CONTENT_TYPE);
        String[] parts = (declared == null ? "" : declared).split(";", -1);
        String type = parts[0].strip().toLowerCase(Locale.ROOT);
        Mark mark = Mark.of(body);
        Charset charset = mark == Mark.NONE ? charset(parts) : mark.charset;
        ByteBuffer content = ByteBuffer.wrap(body, mark.length, body.length - mark.length);
        if (content.hasRemaining() && (type.endsWith("/json") || type.endsWith("+json"))) {
            try {
                return new Read(READER.read(strictly(charset, content.duplicate())), null);
            } catch (MalformedJsonException | CharacterCodingException e) {
                return new Read(
                        charset.decode(content).toString(), "The response declares JSON, but is not valid JSON");
            }
        }
        return new Read(charset.decode(content).toString(), null);
    }

    private static String strictly(Charset charset, ByteBuffer content) throws CharacterCodingException {
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(content)
                .toString();
    }

    private static Charset charset(String[] typeParts) {
        for (String part : typeParts) {
            String parameter = part.strip();
            if (parameter.regionMatches(true, 0, "charset=", 0, 8)) {
                String name = parameter.substring(8).strip().replace("\"", "");
                try {
                    return Charset.forName(name);
                } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                    throw new RequestRefusedException(
                            UNREADABLE, "The response has the unknown character set " + Printable.line(name, 100));
                }
            }
        }
        return StandardCharsets.UTF_8;
    }

    /** The byte order mark with which a body begins. It says more of the character set than the type does. */
    @SuppressWarnings("ImmutableEnumChecker") // a charset is immutable
    private enum Mark {
        UTF_8(StandardCharsets.UTF_8, "\u00EF\u00BB\u00BF"),
        UTF_16BE(StandardCharsets.UTF_16BE, "\u00FE\u00FF"),
        UTF_16LE(StandardCharsets.UTF_16LE, "\u00FF\u00FE"),
        NONE(StandardCharsets.UTF_8, "");

        private final Charset charset;
        private final String bytes;
        private final int length;

        Mark(Charset charset, String bytes) {
            this.charset = charset;
            this.bytes = bytes;
            this.length = bytes.length();
        }

        static Mark of(byte[] body) {
            for (Mark mark : values()) {
                if (mark.begins(body)) {
                    return mark;
                }
            }
            return NONE;
        }

        private boolean begins(byte[] body) {
            for (int i = 0; i < length; i++) {
                if (i >= body.length || (body[i] & 0xFF) != bytes.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
