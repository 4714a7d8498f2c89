package io.flowscript.http;

import static io.flowscript.http.AttackedServer.JSON;
import static io.flowscript.http.AttackedServer.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.flowscript.http.AttackedServer.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A body that is a bomb, or that two readers could read differently, starts nothing")
class BodyAttacksTest {

    private static final int MAX_BODY = 100_000;
    private static final String EXECUTE = "/workflows/ask/execute";

    private final AttackedServer server = new AttackedServer(settings -> settings.maxBodyBytes(MAX_BODY));

    @AfterEach
    void close() {
        server.close();
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                arguments("a key twice", utf8("{\"input\":{},\"input\":{\"admin\":true}}"), 400, "invalid_json"),
                arguments("a key twice, once escaped", utf8("{\"input\":{},\"\\u0069nput\":{}}"), 400, "invalid_json"),
                arguments(
                        "a key twice, deep inside",
                        utf8("{\"input\":{\"a\":[{\"b\":1,\"b\":2}]}}"),
                        400,
                        "invalid_json"),
                arguments("65 deep", utf8("{\"input\":" + "[".repeat(64) + "]".repeat(64) + "}"), 400, "invalid_json"),
                arguments("50,000 deep", utf8("{\"input\":" + "[".repeat(50_000)), 400, "invalid_json"),
                arguments("a number of a billion digits", utf8("{\"input\":{\"n\":1e999999999}}"), 400, "invalid_json"),
                arguments("a tiny number", utf8("{\"input\":{\"n\":1e-999999999}}"), 400, "invalid_json"),
                arguments(
                        "600 digits with an exponent of 300",
                        utf8("{\"input\":{\"n\":" + "9".repeat(600) + "e" + "9".repeat(300) + "}}"),
                        400,
                        "invalid_json"),
                arguments(
                        "a negative exponent beyond an int",
                        utf8("{\"input\":{\"n\":" + "1".repeat(600) + "e-2147483648}}"),
                        400,
                        "invalid_json"),
                arguments("1,001 digits", utf8("{\"input\":{\"n\":" + "9".repeat(1_001) + "}}"), 400, "invalid_json"),
                arguments("NaN", utf8("{\"input\":{\"n\":NaN}}"), 400, "invalid_json"),
                arguments("Infinity", utf8("{\"input\":{\"n\":-Infinity}}"), 400, "invalid_json"),
                arguments("a long key", utf8("{\"" + "k".repeat(8_193) + "\":1}"), 400, "invalid_json"),
                arguments("two documents", utf8("{\"input\":{}} {\"input\":{}}"), 400, "invalid_json"),
                arguments("a comment", utf8("{\"input\":{}/* */}"), 400, "invalid_json"),
                arguments("single quotes", utf8("{'input':{}}"), 400, "invalid_json"),
                arguments(
                        "not UTF-8",
                        new byte[] {'{', '"', (byte) 0xc0, (byte) 0xaf, '"', ':', '1', '}'},
                        400,
                        "invalid_json"),
                arguments("UTF-16", "{\"input\":{}}".getBytes(StandardCharsets.UTF_16), 400, "invalid_json"),
                arguments("a gzip bomb", gzip(10_000_000), 400, "invalid_json"),
                arguments("no object", utf8("[{\"input\":{}}]"), 400, "invalid_message"),
                arguments("input that is no object", utf8("{\"input\":[]}"), 400, "invalid_message"),
                arguments("one byte too many", utf8(padded(MAX_BODY + 1)), 413, "message_too_large"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void bombs(String what, byte[] body, int status, String code) {
        Reply reply = server.send(head("POST", EXECUTE, JSON, "Content-Encoding: gzip"), body);
        assertThat(reply.status()).as(what).isEqualTo(status);
        assertThat(reply.body()).contains("\"" + code + "\"").hasSizeLessThan(2_000);
        assertThat(server.flows.executions().size()).isZero();
    }

    @Test
    @DisplayName("and one that is as large, as deep and as long as it may be is taken")
    void exactly() {
        assertThat(padded(MAX_BODY)).hasSize(MAX_BODY);
        for (String body : new String[] {
            padded(MAX_BODY),
            "{\"input\":{\"a\":" + "[".repeat(62) + "]".repeat(62) + "}}",
            "{\"input\":{\"n\":" + "9".repeat(1_000) + "}}"
        }) {
            assertThat(server.post(EXECUTE, body, JSON).status()).isEqualTo(201);
        }
    }

    @Test
    @DisplayName("A name that means something elsewhere is a name")
    void prototypes() {
        String body =
                "{\"input\":{\"__proto__\":{\"admin\":true},\"constructor\":1,\"class\":2},\"executionId\":\"e-1\"}";
        assertThat(server.post(EXECUTE, body, JSON).status()).isEqualTo(201);
        assertThat(server.flows
                        .executions()
                        .find("e-1")
                        .orElseThrow()
                        .state("admin")
                        .isMissing())
                .isTrue();
        assertThat(server.get("/executions/e-1/status").body()).contains("\"__proto__\":{\"admin\":true}");
    }

    private static String padded(int bytes) {
        String begin = "{\"input\":{\"a\":\"";
        String end = "\"}}";
        return begin + "x".repeat(bytes - begin.length() - end.length()) + end;
    }

    private static byte[] gzip(int zeros) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(new byte[zeros]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
