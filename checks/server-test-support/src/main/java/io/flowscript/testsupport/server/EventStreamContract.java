package io.flowscript.testsupport.server;

import io.flowscript.testkit.transport.Capability;
import io.flowscript.testkit.transport.Peer;
import io.flowscript.testkit.transport.SocketPeer;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The contract of a transport, kept by server-sent events")
public abstract class EventStreamContract extends EventsContract {

    @Override
    Peer connect(int port, String path) throws IOException {
        return new StreamPeer(port, path);
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.SUBSCRIBES, Capability.PINGS);
    }

    private static final class StreamPeer extends SocketPeer {

        private static final String DATA = "data: ";
        private static final String REFUSAL = DATA + "{\"type\":\"error\"";

        private final RawClient http;
        private RawClient.Answer head;

        StreamPeer(int port, String path) throws IOException {
            this(connect(port), path);
        }

        private StreamPeer(Socket socket, String path) throws IOException {
            super(socket);
            http = new RawClient(socket, input());
            write(("GET " + path + " HTTP/1.1\r\nHost: localhost:" + socket.getPort()
                            + "\r\nAccept: text/event-stream\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            begin();
        }

        @Override
        protected void readNext(DataInputStream in) throws IOException {
            if (head == null) {
                head = http.readHead();
            }
            String line = head.status() == 200 ? http.bodyLine(head) : null;
            if (line == null) {
                ended(End.PLAIN);
            } else if (line.startsWith(REFUSAL)) {
                ended(End.PLAIN);
            } else if (line.startsWith(DATA)) {
                take(line.substring(DATA.length()));
            }
        }
    }
}
