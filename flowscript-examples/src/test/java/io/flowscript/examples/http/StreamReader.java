package io.flowscript.examples.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads a stream of server-sent events by HTTP/1.0, in which the end of the connection is that of the answer. */
final class StreamReader {

    private StreamReader() {}

    static byte[] request(String path, String... headers) {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return ("GET " + path + " HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + more + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A whole line; null at the end. One that is cut off is none. */
    static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    static int statusOf(String statusLine) {
        return Integer.parseInt(statusLine.split(" ", 3)[1]);
    }
}
