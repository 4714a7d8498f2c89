package io.flowscript.testsupport.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.testkit.fault.DeliveryCheck;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Clients on bare sockets that follow an execution over one connection, by whatever the server offers.
 *
 * @param isInContainer whether the server is an application in a container, which answers by itself when it has stopped the application
 */
public record SocketClients(boolean isInContainer) {

    private static final JsonReader JSON = new JsonReader(100);

    /** WebSocket with {@code flowscript.v2}: many messages a frame. */
    public void webSocket(int port, DeliveryCheck check, Random random, Duration patience) throws IOException {
        follow(port, check, random, patience, "Sec-WebSocket-Protocol: flowscript.v2");
    }

    /** WebSocket with one message a frame. */
    public void webSocketOneByOne(int port, DeliveryCheck check, Random random, Duration patience) throws IOException {
        follow(port, check, random, patience);
    }

    private void follow(int port, DeliveryCheck check, Random random, Duration patience, String... headers)
            throws IOException {
        try (RawClient client = RawClient.to(port)) {
            client.socket.setSoTimeout((int) patience.toMillis());
            RawClient.Answer answer = client.upgrade(headers);
            if (answer.status() != 101) {
                comeBackOnly(answer);
                return;
            }
            client.text(text(Map.of("type", "subscribe", "data", check.subscription())));
            int frames = framesToStay(random);
            while (frames-- > 0 && !check.isOver()) {
                RawClient.Frame frame = client.readMessage();
                switch (frame.opcode()) {
                    case RawClient.TEXT -> frame.text().lines().forEach(line -> check.take(object(line)));
                    case RawClient.PING -> client.send(RawClient.frame(true, RawClient.PONG, frame.payload()));
                    case RawClient.CLOSE -> {
                        assertThat(frame.closeCode()).isIn(1001, 4408, 4409);
                        return;
                    }
                    default -> throw new AssertionError("a frame of kind " + frame.opcode());
                }
            }
        }
    }

    /** Server-sent events, taken up by Last-Event-ID. */
    public void stream(int port, DeliveryCheck check, Random random, Duration patience) throws IOException {
        try (RawClient client = RawClient.to(port)) {
            client.socket.setSoTimeout((int) patience.toMillis());
            String position = check.positionText();
            client.send(("GET " + path(check) + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                            + (position.isEmpty() ? "" : "Last-Event-ID: " + position + "\r\n") + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            RawClient.Answer head = client.readHead();
            if (head.status() == 204) {
                check.finish();
                return;
            }
            if (head.status() != 200) {
                comeBackOnly(client.readBody(head));
                return;
            }
            String id = "";
            int lines = 4 * framesToStay(random);
            String line = client.bodyLine(head);
            while (line != null && lines-- > 0) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: {\"type\":\"error\"")) {
                    comeBackOnly(object(line.substring(6)));
                } else if (line.startsWith("data: ")) {
                    check.take(object(line.substring(6)));
                } else if (line.isEmpty() && !id.isEmpty()) {
                    check.reached(id);
                    id = "";
                }
                line = client.bodyLine(head);
            }
        }
    }

    /** Long polls, some on one connection. */
    public void poll(int port, DeliveryCheck check, Random random, Duration patience) throws IOException {
        try (RawClient client = RawClient.to(port)) {
            boolean terminal = false;
            for (int left = random.nextInt(1, 12); left > 0 && !terminal; left--) {
                int wait = random.nextInt(2);
                client.socket.setSoTimeout((int) patience.toMillis() + wait * 1_000);
                RawClient.Answer answer = client.request(
                        "GET",
                        path(check) + "&wait=" + wait + "&limit=" + random.nextInt(1, 200) + "&after="
                                + check.positionText(),
                        null);
                if (answer.status() != 200) {
                    comeBackOnly(answer);
                    return;
                }
                Map<String, Object> body = object(answer.body());
                @SuppressWarnings("unchecked") // events are JSON objects
                List<Map<String, Object>> events = (List<Map<String, Object>>) body.get("events");
                events.forEach(check::take);
                check.reached((String) body.get("next"));
                terminal = (Boolean) body.get("terminal");
                if (terminal) {
                    check.finish();
                }
            }
        }
    }

    private static int framesToStay(Random random) {
        return random.nextBoolean() ? Integer.MAX_VALUE / 8 : random.nextInt(1, 60);
    }

    private static String path(DeliveryCheck check) {
        return "/executions/" + check.truth().executionId() + "/events?types="
                + String.join(",", check.filter().types()) + "&nodes="
                + String.join(",", check.filter().nodes());
    }

    /** The same, in a stream. */
    private static void comeBackOnly(Map<String, Object> error) throws IOException {
        assertThat(SocketClient.data(error).get("code")).isIn("server_closing", "too_many_connections");
        throw new EOFException("refused for now");
    }

    /**
     * Only what says that one may come back is right, also of a server that stops in this very moment. A container may also say that it
     * has no such application, or that a request has broken off; a refusal with a code is one of FlowScript.
     */
    private void comeBackOnly(RawClient.Answer answer) throws IOException {
        boolean isOfContainer = isInContainer && Set.of(400, 404).contains(answer.status());
        if (!isOfContainer || answer.body().contains("\"code\"")) {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
        }
        throw new EOFException("refused for now");
    }

    private static String text(Map<String, ?> message) {
        return new String(JsonWriter.write(message), StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked") // every message is a JSON object
    private static Map<String, Object> object(String text) {
        return (Map<String, Object>) JSON.read(text);
    }
}
