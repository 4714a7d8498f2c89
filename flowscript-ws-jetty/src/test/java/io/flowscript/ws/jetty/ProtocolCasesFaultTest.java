package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testkit.protocol.ProtocolCases;
import io.flowscript.testsupport.server.RecordingBridge;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A case that must fail does fail, and says where, what was expected and what came; against a server that is right, and against servers that are not. */
@Tag("slow")
class ProtocolCasesFaultTest {

    /** For cases whose point is that nothing comes; the others have the default. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    private static final String NOTHING = "nothing came within " + SHORT;
    private static final String CONNECT = "{'connect':{'subprotocol':'flowscript.v2'}}";
    private static final String SUBSCRIBE = "{'send':{'type':'subscribe','data':{'executionId':'${run}'}}}";
    private static final String RUN = CONNECT
            + ",{'http':'POST /workflows/case-steps/execute','body':{'executionId':'${run}'},'expect':{'status':201}}"
            + ",{'http':'GET /executions/${run}/events?types=workflow_completed&wait=10','expect':{'status':200}}";

    private static final FlowScript FLOWS = engine();
    private static final FlowScriptBridge BRIDGE =
            CheckedBridge.of(FlowScriptBridge.builder(FLOWS).build());
    private static final FlowScriptWebSocketServer SERVER =
            FlowScriptWebSocketServer.builder(BRIDGE).start();

    @TempDir
    Path folder;

    private static FlowScript engine() {
        FlowScriptBuilder builder = FlowScript.builder();
        ProtocolCases.all().workflows().forEach(builder::workflow);
        return builder.build();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
        BRIDGE.close();
        FLOWS.close();
    }

    @Test
    void aCaseThatIsRightPasses() throws Throwable {
        run(SERVER, RUN, SUBSCRIBE, "{'expect':[{'type':'subscribed'},{'type':'execution_status'}]}", events(1, 8));
    }

    @Test
    void aWrongValueFails() {
        assertThatThrownBy(() ->
                        run(SERVER, CONNECT, SUBSCRIBE, "{'expect':{'type':'subscribed','data':{'executionId':'x'}}}"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "\"the case\" (cases.json, about \"2. What a client sends\"), step 3, expect, client \"client\"")
                .hasMessageContaining("$.data.executionId is \"case-")
                .hasMessageContaining("expected: \"x\"")
                .hasMessageContaining("the last messages that it received:");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            two in the wrong order      | {'expect':[{'type':'execution_status'},{'type':'subscribed'}]} | $.type is "subscribed"; expected: "execution_status"
            one that is passed by       | {'expect':[{'type':'subscribed'},{'type':'workflow_started'}]} | $.type is "execution_status"; expected: "workflow_started"
            one more than is expected   | {'expect':[{'type':'subscribed'}]},{'quiet':true}              | nothing more was expected
            one more in the end         | {'expect':{'type':'subscribed'}}                               | in the end, client "client": nothing more was expected
            one that never comes        | {'expect':[{'type':'subscribed'},{'type':'pong'}],'skip':['execution_status','workflow_started','workflow_completed','node_started','node_completed','state_updated']} | nothing came within PT2S; expected: {"type":"pong"}
            a field that is not there   | {'expect':{'type':'subscribed','data':{'nothing':'$any'}}}     | $.data.nothing is missing
            a field that is there       | {'expect':{'type':'subscribed','data':{'epoch':'$absent'}}}    | $.data.epoch must be absent
            another kind                | {'expect':{'type':'subscribed','data':{'epoch':'$integer'}}}   | expected: "$integer"
            two that are to be the same | {'expect':[{'type':'${a}'},{'type':'${a}'}]}                   | $.type is "execution_status"; expected: "subscribed"
            an array of another length  | {'expect':[{'type':'subscribed'},{'type':'execution_status','data':{'pauseTokens':[{}]}}]} | $.data.pauseTokens is []; expected: an array of 1
            an array without it         | {'expect':[{'type':'subscribed'},{'type':'execution_status','data':{'pauseTokens':{'$includes':[{'nodeId':'$any'}]}}}]} | does not include
            a close that does not come  | {'expect':[{'type':'subscribed'},{'type':'execution_status'}]},{'closed':1008} | there came {"type":"workflow_started"
            """)
    void whatComesOtherwiseFails(String what, String steps, String told) {
        assertThatThrownBy(() -> run(SERVER, patience(told), RUN, SUBSCRIBE, steps))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(told);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            a close that is missing       | {'connect':{}},{'closed':1008}                                       | nothing came within PT2S; expected: a close with 1008
            a close with another code     | {'connect':{}},{'sendText':'{','times':2000},{'closed':1000,'skip':['pong','error']} | there came a close with 1008
            a close that nobody expects   | {'connect':{}},{'sendText':'{','times':2000},{'expect':{'type':'resume_success'},'skip':['pong','error']} | there came a close with 1008
            an upgrade that is refused    | {'connect':{'headers':{'Origin':'https://elsewhere.example'}}}       | the upgrade was answered with 403; expected: 101
            an upgrade that is not        | {'connect':{'refused':403}}                                          | the upgrade was answered with 101; expected: 403
            another hello                 | {'connect':{'connected':{'protocol':'flowscript.v2'}}}               | $.data.protocol is "flowscript.v1"
            another status                | {'http':'GET /health','expect':{'status':201}}                       | the status is 200; expected: 201
            another type of content       | {'http':'GET /health','expect':{'status':200,'type':'text/html'}}    | the Content-Type is application/json
            another header                | {'http':'GET /health','expect':{'status':200,'headers':{'Cache-Control':'public'}}} | a header: $.Cache-Control is "no-store"
            another body                  | {'http':'GET /health','expect':{'status':200,'body':{'x':1}}}        | the body: $.x is missing
            a body that is no JSON        | {'http':'OPTIONS /health','expect':{'status':204,'body':'$any'}}     | The text contains no JSON
            a stream that is none         | {'stream':{'path':'/executions/${run}/events'}},{'ended':true}       | no stream, but status 404
            a message to a stream         | {'stream':{'path':'/executions/${run}/events'}},{'send':{}}          | can only receive
            a client that is gone         | {'connect':{}},{'close':1000},{'quiet':true}                         | no longer connected
            what breaks the schema, taken | {'connect':{}},{'send':{'type':'ping','id':7}},{'quiet':true}        | there came {"type":"error"
            what keeps it, refused        | {'connect':{}},{'sendText':['{"type":"ping","data":',{'repeat':'[','times':64},{'repeat':']','times':64},'}']},{'expect':{'type':'error'}} | refused a message that is valid for its schema
            """)
    void whateverElseIsOtherwiseFails(String what, String steps, String told) {
        assertThatThrownBy(() -> run(SERVER, patience(told), steps))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(told);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            a field that nobody knows  | flowscript.v2 | {'type':'connected','timestamp':1,'data':{'clientId':'c','protocol':'flowscript.v2','heartbeatMillis':1,'maxMessageBytes':9,'secret':1}}~ | a message breaks its schema
            a type that nobody knows   | flowscript.v2 | {'type':'hello','timestamp':1,'data':{}}~ | no message of a server
            another message first      | flowscript.v2 | {'type':'pong','timestamp':1,'data':{}}~  | $.type is "pong"; expected: "connected"
            a line without its end     | flowscript.v2 | {'type':'connected'}                      | a frame that does not end with a newline
            what is no JSON            | flowscript.v2 | hello~                                    | what is not JSON: hello
            two objects in a frame     |               | {'type':'connected'}~{'type':'pong'}      | a frame with a newline in it
            nothing                    |               |                                           | nothing came within PT2S
            """)
    void aServerThatDoesNotKeepToTheProtocolFails(String what, String subprotocol, String frame, String told) {
        String text = frame == null ? null : frame.replace('~', '\n').replace('\'', '"');
        try (FlowScriptWebSocketServer broken =
                FlowScriptWebSocketServer.builder().start(new Saying(text))) {
            String connect = subprotocol == null ? CONNECT.replaceAll("'subprotocol.*?v2'", "") : CONNECT;
            assertThatThrownBy(() -> run(broken, patience(told), connect))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(told);
        }
    }

    @Test
    void aServerThatIsNotThereFails() throws Exception {
        FlowScriptWebSocketServer gone =
                FlowScriptWebSocketServer.builder(BRIDGE).start();
        int port = gone.port();
        gone.close();
        DynamicTest one = cases(ProtocolCases.DEFAULT_PATIENCE, CONNECT)
                .against(java.net.URI.create("http://localhost:" + port))
                .findFirst()
                .orElseThrow();

        assertThatThrownBy(() -> one.getExecutable().execute())
                .hasMessageContaining("no connection to ws://localhost:" + port + "/ws");
    }

    @Test
    void aCaseEndsWhatItBegan() throws Throwable {
        run(
                SERVER,
                "{'http':'POST /workflows/case-works/execute','body':{'executionId':'${run}'},'expect':{'status':201}}");
        run(
                SERVER,
                CONNECT,
                "{'send':{'type':'execute','data':{'workflowId':'case-works','executionId':'${run}'}}}",
                "{'expect':{'type':'execution_status'}}");

        assertThat(FLOWS.executions().list("case-works", null, null, 10))
                .hasSize(2)
                .allMatch(execution -> execution.status().id().equals("cancelled"));
    }

    @Test
    void whenNotAllTypesOfMessagesWereSeenTheLastTestFails() {
        List<DynamicTest> all = ProtocolCases.all().against(SERVER.uri()).toList();

        assertThatThrownBy(() -> all.get(all.size() - 1).getExecutable().execute())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "No case has exchanged these messages; from the server: [authenticated, claimed, ");
    }

    private void run(FlowScriptWebSocketServer server, String... steps) throws Throwable {
        run(server, ProtocolCases.DEFAULT_PATIENCE, steps);
    }

    private static Duration patience(String told) {
        return told.startsWith(NOTHING) ? SHORT : ProtocolCases.DEFAULT_PATIENCE;
    }

    private void run(FlowScriptWebSocketServer server, Duration patience, String... steps) throws Throwable {
        for (DynamicTest test : cases(patience, steps).against(server.uri()).toList()) {
            test.getExecutable().execute();
        }
    }

    private ProtocolCases cases(Duration patience, String... steps) throws Exception {
        Files.writeString(
                folder.resolve("cases.json"),
                "{\"section\":\"2. What a client sends\",\"cases\":[{\"name\":\"the case\",\"steps\":["
                        + String.join(",", steps)
                                .replaceAll("(?<!\\\\)'", "\"")
                                .replace("{\"type\":\"ping\",\"data\":\"", "{\\\"type\\\":\\\"ping\\\",\\\"data\\\":\"")
                        + "]}]}");
        return ProtocolCases.in(folder).patience(patience);
    }

    private static String events(int from, int to) {
        StringBuilder events = new StringBuilder();
        for (int seq = from; seq <= to; seq++) {
            events.append(events.length() == 0 ? "" : ",")
                    .append("{'seq':")
                    .append(seq)
                    .append("}");
        }
        return "{'expect':[" + events + "]}";
    }

    /** Says one thing to whoever comes, and then nothing. */
    private record Saying(String frame) implements EventBridge {

        @Override
        public ClientSession connect(ClientChannel channel, ClientInfo client) {
            if (frame != null) {
                channel.send(List.of(RecordingBridge.utf8(frame)), new ClientChannel.SendCallback() {
                    @Override
                    public void sent() {}

                    @Override
                    public void failed(Throwable cause) {}
                });
            }
            return new ClientSession() {
                @Override
                public String clientId() {
                    return "c";
                }

                @Override
                public void receive(ByteBuffer message, Runnable next) {
                    next.run();
                }

                @Override
                public void reject(String code, String message, ByteBuffer beginning, Runnable next) {
                    next.run();
                }

                @Override
                public void closed() {}
            };
        }

        @Override
        public int disconnect(Predicate<Identity> who) {
            return 0;
        }

        @Override
        public int maxMessageBytes() {
            return 1_000;
        }

        @Override
        public void close() {}
    }
}
