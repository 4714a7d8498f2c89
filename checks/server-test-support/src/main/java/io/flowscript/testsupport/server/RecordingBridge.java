package io.flowscript.testsupport.server;

import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
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
import java.util.function.Predicate;

/** A bridge that writes down what a transport does with it, and wants the next message unless it is told otherwise. */
public final class RecordingBridge implements EventBridge {

    public static final int MAX_MESSAGE_BYTES = 64 * 1024;

    public final List<Client> clients = new CopyOnWriteArrayList<>();
    public volatile FlowScriptException refusal;

    /** Whether the next message is wanted at once; otherwise {@link Client#next} wants it. */
    public volatile boolean wantsNext = true;

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
    public int disconnect(Predicate<Identity> who) {
        return 0;
    }

    @Override
    public int maxMessageBytes() {
        return MAX_MESSAGE_BYTES;
    }

    @Override
    public void close() {}

    public Client client(int index) {
        if (clients.size() <= index) {
            await().until(() -> clients.size() > index);
        }
        return clients.get(index);
    }

    public static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
    }

    /** One client as the bridge sees it. */
    public final class Client implements ClientSession {

        public final int index;
        public final ClientChannel channel;
        public final ClientInfo info;
        public final List<String> received = new CopyOnWriteArrayList<>();
        public final List<String> rejected = new CopyOnWriteArrayList<>();
        public final AtomicInteger taken = new AtomicInteger();
        public final AtomicInteger ends = new AtomicInteger();
        public volatile Runnable next = () -> {};

        public Client(int index, ClientChannel channel, ClientInfo info) {
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
            next = wanted;
            if (wantsNext) {
                wanted.run();
            }
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

        public void send(String... messages) {
            sending(messages).exceptionally(e -> null).getNow(null);
        }

        public CompletableFuture<Void> sending(String... messages) {
            return sending(
                    java.util.Arrays.stream(messages).map(RecordingBridge::utf8).toList());
        }

        public CompletableFuture<Void> sending(List<ByteBuffer> frames) {
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
