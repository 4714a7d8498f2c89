package io.flowscript.testkit.transport;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.Transport;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import io.flowscript.json.codec.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The memory transport fulfils the contract of a transport")
class MemoryTransportContractTest extends TransportContract {

    @Override
    protected Transport transport() {
        return new MemoryTransport();
    }

    @Override
    protected Peer connect(Transport transport) {
        return new MemoryPeer(((MemoryTransport) transport).connect(Identity.ANONYMOUS, framing()));
    }

    Framing framing() {
        return Framing.LINES;
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.MESSAGES, Capability.CLOSE_CODES, Capability.PINGS);
    }

    @Override
    protected OptionalInt connections(Transport transport) {
        return OptionalInt.of(((MemoryTransport) transport).connections());
    }

    private static final class MemoryPeer implements Peer {

        private final MemoryClient client;
        private final List<String> texts = new ArrayList<>();

        MemoryPeer(MemoryClient client) {
            this.client = client;
        }

        @Override
        public List<String> received() {
            List<Map<String, Object>> messages = client.received();
            synchronized (texts) {
                while (texts.size() < messages.size()) {
                    texts.add(new String(JsonWriter.write(messages.get(texts.size())), StandardCharsets.UTF_8));
                }
                return List.copyOf(texts);
            }
        }

        @Override
        public void send(List<String> messages) {
            messages.forEach(client::send);
        }

        @Override
        public void stopReading() {
            client.stall();
        }

        @Override
        public void readOn() {
            client.resumeReading();
        }

        @Override
        public void leave() {
            client.disconnect();
        }

        @Override
        public void cut() {
            client.disconnect();
        }

        @Override
        public @Nullable End end() {
            return client.isConnected() ? null : new End(client.closeCode(), client.closeReason());
        }
    }
}
