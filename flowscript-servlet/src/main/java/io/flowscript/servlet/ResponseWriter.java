package io.flowscript.servlet;

import io.flowscript.http.HttpResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Puts responses into those of the container. Stateless. */
final class ResponseWriter {

    private ResponseWriter() {}

    /** Sets the status and the header fields, each value as a field of its own. */
    static void describe(HttpResponse head, HttpServletResponse response) {
        response.setStatus(head.status());
        head.headers().forEach((name, values) -> {
            for (int i = 0; i < values.size(); i++) {
                if (i == 0) {
                    response.setHeader(name, values.get(i));
                } else {
                    response.addHeader(name, values.get(i));
                }
            }
        });
    }

    /** Sets the status, the header fields and the length of a complete response. */
    static void describeComplete(HttpResponse answer, HttpServletResponse response) {
        describe(answer, response);
        if (answer.body().hasRemaining()) {
            response.setContentLength(answer.body().remaining());
        }
    }

    /** Whether a response fits into the buffer of the container, so that writing it does not wait for the client. */
    static boolean fits(HttpResponse answer, HttpServletResponse response) {
        return answer.body().remaining() <= response.getBufferSize();
    }

    /** Sends a complete response, on the thread of the request. */
    static void send(HttpResponse answer, HttpServletResponse response) throws IOException {
        describeComplete(answer, response);
        ByteBuffer body = answer.body();
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        response.getOutputStream().write(bytes);
    }
}
