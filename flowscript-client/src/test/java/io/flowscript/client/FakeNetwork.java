package io.flowscript.client;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A network whose other side is the test. For one thread. */
final class FakeNetwork implements Network {

    final List<FakeSocket> sockets = new ArrayList<>();
    final List<Sent> requests = new ArrayList<>();

    /** A request, and its reply. */
    record Sent(Request request, CompletableFuture<Reply> reply) {

        void reply(int status, String body) {
            reply.complete(new Reply(status, Duration.ZERO, body));
        }
    }

    @Override
    public Socket open(URI address, Map<String, String> headers, Duration timeout, SocketListener listener) {
        FakeSocket socket = new FakeSocket(listener, headers);
        sockets.add(socket);
        return socket;
    }

    @Override
    public CompletableFuture<Reply> send(Request request) {
        Sent sent = new Sent(request, new CompletableFuture<>());
        requests.add(sent);
        return sent.reply();
    }

    @Override
    public CompletableFuture<Reply> stream(Request request, StreamListener listener) {
        return send(request);
    }

    FakeSocket last() {
        return sockets.get(sockets.size() - 1);
    }

    Sent lastRequest() {
        return requests.get(requests.size() - 1);
    }

    /** A WebSocket. */
    static final class FakeSocket implements Socket {

        final Map<String, String> headers;
        final List<Message> sent = new ArrayList<>();
        final List<String> ids = new ArrayList<>();
        final List<Object> traces = new ArrayList<>();
        boolean isClosed;
        int asked;
        private final SocketListener listener;

        FakeSocket(SocketListener listener, Map<String, String> headers) {
            this.listener = listener;
            this.headers = headers;
        }

        @Override
        public void send(String text) {
            sent.add(Message.parse(text));
            ids.add(String.valueOf(Message.object(text).get("id")));
            traces.add(Message.object(text).get("traceparent"));
        }

        @Override
        public void request() {
            asked++;
        }

        @Override
        public void close() {
            isClosed = true;
        }

        FakeSocket connect() {
            return say(
                    "{'type':'connected','data':{'clientId':'c','protocol':'flowscript.v2','heartbeatMillis':30000,'maxMessageBytes':1000}}");
        }

        /** Connects with a login that lasts for so many seconds. */
        FakeSocket connectFor(int seconds) {
            return say(
                    "{'type':'connected','timestamp':7000,'data':{'heartbeatMillis':86400000,'maxMessageBytes':1000,'expiresAt':"
                            + (7_000 + seconds * 1_000L) + "}}");
        }

        /** The server accepts the last token, for so many seconds. */
        FakeSocket renewFor(int seconds) {
            return say("{'type':'authenticated','timestamp':9000,'replyTo':'" + id("authenticate")
                    + "','data':{'expiresAt':" + (9_000 + seconds * 1_000L) + "}}");
        }

        /** The server sends messages, with apostrophes for quotation marks. */
        FakeSocket say(String... messages) {
            listener.received(Arrays.stream(messages)
                    .map(message -> Message.parse(message.replace('\'', '"')))
                    .toList());
            return this;
        }

        void end(int closeCode) {
            listener.ended(
                    new ConnectionException("connection_lost", "closed with " + closeCode, closeCode, null),
                    Duration.ZERO);
        }

        void refuse(String code, Duration retryAfter) {
            listener.ended(new ConnectionException(code, "refused"), retryAfter);
        }

        List<String> types() {
            return sent.stream().map(Message::type).toList();
        }

        /** The id of the last message of a type. */
        String id(String type) {
            return ids.get(types().lastIndexOf(type));
        }

        Message message(String type) {
            return sent.get(types().lastIndexOf(type));
        }
    }
}
