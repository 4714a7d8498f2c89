package io.flowscript.examples.transport;

import io.flowscript.core.bridge.Transport;
import io.flowscript.testkit.transport.Capability;
import io.flowscript.testkit.transport.Peer;
import io.flowscript.testkit.transport.SocketPeer;
import io.flowscript.testkit.transport.TransportContract;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@DisplayName("The example transport fulfils the contract of a transport")
@Tag("slow")
class LineTransportContractTest extends TransportContract {

    @Override
    protected Transport transport() {
        return new LineTransport(0);
    }

    @Override
    protected Peer connect(Transport transport) throws IOException {
        return new LinePeer(((LineTransport) transport).port());
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.MESSAGES);
    }

    @Override
    protected OptionalInt connections(Transport transport) {
        return OptionalInt.of(((LineTransport) transport).connections());
    }

    private static final class LinePeer extends SocketPeer {

        LinePeer(int port) throws IOException {
            super(connect(port));
            begin();
        }

        @Override
        protected void readNext(DataInputStream in) throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (byte next = in.readByte(); next != '\n'; next = in.readByte()) {
                line.write(next);
            }
            take(line.toString(StandardCharsets.UTF_8));
        }

        @Override
        public void send(List<String> messages) throws IOException {
            write((String.join("\n", messages) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
