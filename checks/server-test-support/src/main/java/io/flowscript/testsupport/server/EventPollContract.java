package io.flowscript.testsupport.server;

import io.flowscript.testkit.transport.Capability;
import io.flowscript.testkit.transport.Peer;
import io.flowscript.testkit.transport.SocketPeer;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The contract of a transport, kept by long polls")
public abstract class EventPollContract extends EventsContract {

    @Override
    Peer connect(int port, String path) throws IOException {
        return new PollPeer(port, path);
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.SUBSCRIBES);
    }

    /** Asks again and again, each time for what follows. */
    private static final class PollPeer extends SocketPeer {

        private static final Pattern ANSWER = Pattern.compile(
                "\\{\"executionId\":\"[^\"]*\",\"events\":\\[(.*)],\"next\":\"([^\"]*)\",\"terminal\":false}",
                Pattern.DOTALL);

        private final RawClient http;
        private final String path;
        private String next = "";

        PollPeer(int port, String path) throws IOException {
            this(connect(port), path);
        }

        private PollPeer(Socket socket, String path) throws IOException {
            super(socket);
            this.http = new RawClient(socket, input());
            this.path = path;
            begin();
        }

        @Override
        protected void readNext(DataInputStream in) throws IOException {
            RawClient.Answer answer =
                    http.request("GET", path + "?wait=30&limit=1000&after=" + next, null, "Accept: application/json");
            Matcher parts = ANSWER.matcher(answer.body());
            if (answer.status() != 200 || !parts.matches()) {
                ended(End.PLAIN);
                return;
            }
            takeEach(parts.group(1));
            next = parts.group(2);
        }

        /** Each object of a list, as it stands there. */
        private void takeEach(String objects) {
            int depth = 0;
            int from = 0;
            boolean quoted = false;
            for (int i = 0; i < objects.length(); i++) {
                switch (objects.charAt(i)) {
                    case '\\' -> i++;
                    case '"' -> quoted = !quoted;
                    case '{' -> {
                        if (!quoted && depth++ == 0) {
                            from = i;
                        }
                    }
                    case '}' -> {
                        if (!quoted && --depth == 0) {
                            take(objects.substring(from, i + 1));
                        }
                    }
                    default -> {}
                }
            }
        }
    }
}
