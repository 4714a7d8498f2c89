package io.flowscript.examples.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.bridge.EventBridge;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.examples.server.ExampleNodes;
import io.flowscript.examples.server.ExampleWorkflows;
import io.flowscript.testkit.protocol.CheckedBridge;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An application's own transport of two small classes carries the whole protocol. */
class LineTransportTest {

    private FlowScript flows;
    private EventBridge bridge;
    private LineTransport transport;

    @BeforeEach
    void start() {
        flows = ExampleNodes.addTo(FlowScript.builder())
                .workflow(ExampleWorkflows.read("five-hundred-steps"))
                .build();
        bridge = CheckedBridge.of(FlowScriptBridge.builder(flows).build());
        transport = new LineTransport(0);
        transport.start(bridge);
    }

    @AfterEach
    void end() {
        transport.close();
        bridge.close();
        flows.close();
    }

    @Test
    void aRunOfFiveHundredStepsComesOverInOrderFromTheFirstEventToTheLast() throws Exception {
        try (Client client = new Client()) {
            assertThat(client.line()).contains("\"type\":\"connected\"");
            client.say("{\"type\":\"subscribe\",\"data\":{\"executionId\":\"long\",\"after\":0}}");
            client.say(
                    "{\"type\":\"execute\",\"data\":{\"workflowId\":\"five-hundred-steps\",\"executionId\":\"long\"}}");

            List<Long> seqs = new ArrayList<>();
            String line = client.line();
            while (!line.contains("\"type\":\"workflow_completed\"")) {
                seqOf(line, seqs);
                line = client.line();
            }
            seqOf(line, seqs);

            assertThat(seqs.size()).isGreaterThan(1_000);
            assertThat(seqs)
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, seqs.size())
                            .mapToObj(Long::valueOf)
                            .toList());
        }
    }

    @Test
    void manyLinesInOnePacketAreTakenOneAfterTheOther() throws Exception {
        try (Client client = new Client()) {
            client.line();
            client.say(
                    "{\"type\":\"ping\",\"data\":{},\"id\":\"a\"}\n{\"type\":\"ping\",\"data\":{},\"id\":\"b\"}\nnot json\n"
                            + "{\"type\":\"ping\",\"data\":{},\"id\":\"c\"}");

            assertThat(client.line()).contains("\"replyTo\":\"a\"");
            assertThat(client.line()).contains("\"replyTo\":\"b\"");
            assertThat(client.line()).contains("invalid_json");
            assertThat(client.line()).contains("\"replyTo\":\"c\"");
        }
    }

    @Test
    void aLineThatIsTooLongIsToldAndEndsTheConnection() throws Exception {
        try (Client client = new Client()) {
            client.line();
            client.out.write("x".repeat(bridge.maxMessageBytes() + 1));
            client.out.flush();

            assertThat(client.line()).contains("message_too_large");
            assertThat(client.in.readLine()).isNull();
        }
    }

    private static void seqOf(String line, List<Long> seqs) {
        java.util.regex.Matcher seq =
                java.util.regex.Pattern.compile("\"seq\":(\\d+)").matcher(line);
        if (seq.find()) {
            seqs.add(Long.valueOf(seq.group(1)));
        }
    }

    /** A plain socket. */
    private final class Client implements AutoCloseable {

        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), transport.port());
        private final BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        private final Writer out = new java.io.OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8);

        Client() throws Exception {
            socket.setSoTimeout(20_000);
        }

        void say(String line) throws Exception {
            out.write(line + "\n");
            out.flush();
        }

        String line() throws Exception {
            String line = in.readLine();
            assertThat(line).as("the connection is open").isNotNull();
            return line;
        }

        @Override
        public void close() throws java.io.IOException {
            socket.close();
        }
    }
}
