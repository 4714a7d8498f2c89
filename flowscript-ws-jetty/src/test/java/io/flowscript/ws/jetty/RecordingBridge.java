package io.flowscript.ws.jetty;

import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.EventBridge;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A bridge that writes down what a transport does with it, and always wants the next message. */
final class RecordingBridge implements EventBridge {

    static final int MAX_MESSAGE_BYTES = 64 * 1024;

    final List<Client> clients = new CopyOnWriteArrayList<>();
    volatile FlowScriptException refusal;

    @Override
    public ClientSession connect(ClientChannel channel, ClientInfo info) {
        FlowScriptException refused = refusal;
        if (refused != null) {
            throw refused;
        }
        Client client;
        synchronized (clients) {
            client = new Client(clients.size(), channel, info);
            clients.add(client);
        }
        client.send("{\"type\":\"connected\",\"client\":" + client.index + "}");
        return client;
    }

    @Override
    public int maxMessageBytes() {
        return MAX_MESSAGE_BYTES;
    }

    @Override
    public void close() {}

    Client client(int index) {
        if (clients.size() <= index) {
            await().until(() -> clients.size() > index);
        }
        return clients.get(index);
    }

    static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
    }

    /** One client as the bridge sees it. */
    static final class Client implements ClientSession {

        final int index;
        final ClientChannel channel;
        final ClientInfo info;
        final List<String> received = new CopyOnWriteArrayList<>();
        final List<String> rejected = new CopyOnWriteArrayList<>();
        final AtomicInteger taken = new AtomicInteger();
        final AtomicInteger ends = new AtomicInteger();

        Client(int index, ClientChannel channel, ClientInfo info) {
            this.index = index;
            this.channel = channel;
            this.info = info;
        }

        @Override
        public String clientId() {
            return "client-" + index;
        }

        @Override
        public void receive(ByteBuffer message, Runnable wanted) {
            if (taken.incrementAndGet() <= 1_000) {
                received.add(StandardCharsets.UTF_8.decode(message).toString());
            }
            wanted.run();
        }

        @Override
        public void reject(String code, String message, ByteBuffer beginning, Runnable wanted) {
            rejected.add(code);
            wanted.run();
        }

        @Override
        public void closed() {
            ends.incrementAndGet();
        }

        void send(String... messages) {
            sending(messages).exceptionally(e -> null).getNow(null);
        }

        CompletableFuture<Void> sending(String... messages) {
            return sending(
                    java.util.Arrays.stream(messages).map(RecordingBridge::utf8).toList());
        }

        CompletableFuture<Void> sending(List<ByteBuffer> frames) {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            channel.send(frames, new ClientChannel.SendCallback() {
                @Override
                public void sent() {
                    sent.complete(null);
                }

                @Override
                public void failed(Throwable cause) {
                    sent.completeExceptionally(cause);
                }
            });
            return sent;
        }
    }
}
