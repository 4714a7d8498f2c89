package io.flowscript.json.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flowscript.core.log.Position;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageParserTest {

    private static final Scope ONE = new Scope.OneExecution("e-1");

    private final MessageParser parser = new MessageParser(MessageParser.DEFAULT_MAX_MESSAGE_BYTES);

    @Test
    void readsEachTypeOfMessage() {
        assertThat(parse("{'type':'subscribe','data':{'executionId':'e-1'}}")).isEqualTo(subscribe(null, null, false));
        assertThat(parse("{'type':'subscribe','id':'a','data':{'executionId':'e-1','after':7,'epoch':'x'}}"))
                .isEqualTo(subscribe("a", Position.after("x", 7), false));
        assertThat(parse("{'type':'subscribe','data':{'executionId':'e-1','after':0}}"))
                .isEqualTo(subscribe(null, Position.START, false));
        assertThat(parse("{'type':'subscribe','data':{'executionId':'e-1','after':'latest'}}"))
                .isEqualTo(subscribe(null, null, true));
        assertThat(parse("{'type':'unsubscribe','data':{'executionId':'e-1'}}"))
                .isEqualTo(new ClientMessage.Unsubscribe(null, ONE));
        assertThat(parse("{'type':'resume','data':{'executionId':'e-1','tokenId':'t','data':{'a':[1,2.50]}}}"))
                .isEqualTo(new ClientMessage.Resume(
                        null, "e-1", null, "t", Map.of("a", List.of(1, new BigDecimal("2.50"))), null));
        assertThat(parse("{'type':'ping','data':{},'timestamp':1}")).isEqualTo(new ClientMessage.Ping(null));
        assertThat(parse("{'type':'execute','data':{'workflowId':'w','input':{'x':1}}}"))
                .isEqualTo(new ClientMessage.Execute(null, "w", Map.of("x", 1), null));
        assertThat(parse("{'type':'cancel','data':{'executionId':'e-1','reason':'enough'}}"))
                .isEqualTo(new ClientMessage.Cancel(null, "e-1", "enough"));
    }

    @Test
    @DisplayName("A command can say which span its sender has; in other messages, or in another form, that is ignored")
    void readsWhichSpanTheSenderHas() {
        String span = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        ClientMessage.Cancel cancel = new ClientMessage.Cancel("a", "e-1", null);
        String message = "{'type':'%s','id':'a','traceparent':%s,'data':{'executionId':'e-1','nodeId':'n','data':1}}";
        for (String type : List.of("cancel", "resume", "claim", "release")) {
            assertThat(parse(message.formatted(type, "'" + span + "'")))
                    .isInstanceOfSatisfying(ClientMessage.Traced.class, traced -> {
                        assertThat(traced.traceparent()).isEqualTo(span);
                        assertThat(traced.type().id()).isEqualTo(type);
                        assertThat(traced.id()).isEqualTo("a");
                    });
        }
        assertThat(parse(message.formatted("cancel", "'" + span + "'")))
                .isEqualTo(new ClientMessage.Traced(cancel, span));
        for (String other : List.of("'" + span + "-x'", "null", "7", "{}")) {
            assertThat(parse(message.formatted("cancel", other))).isEqualTo(cancel);
        }
        assertThat(parse("{'type':'ping','traceparent':'" + span + "'}")).isEqualTo(new ClientMessage.Ping(null));
    }

    @Test
    void acceptsWhatAVersionOneClientLeavesOutOrAdds() {
        assertThat(parse("{'type':'ping'}")).isEqualTo(new ClientMessage.Ping(null));
        assertThat(parse("{'type':'ping','data':null,'timestamp':'2026-01-01T00:00:00Z','extra':{'a':1}}"))
                .isEqualTo(new ClientMessage.Ping(null));
        assertThat(parse("{'type':'subscribe','id':null,'data':{'executionId':'e-1','after':null,'more':true}}"))
                .isEqualTo(subscribe(null, null, false));
    }

    @Test
    void readsWildcardsAndFilters() {
        assertThat(parse("{'type':'subscribe','data':{'all':true,'after':'latest'}}"))
                .isEqualTo(
                        new ClientMessage.Subscribe(null, new Scope.All(), null, true, EventFilter.NONE, false, null));
        assertThat(parse("{'type':'subscribe','data':{'workflowId':'w','types':['node_completed','workflow_event',"
                        + "'node_completed'],'nodes':['approve'],'maxEventsPerSecond':5,'conflate':true}}"))
                .isEqualTo(new ClientMessage.Subscribe(
                        null,
                        new Scope.OneWorkflow("w"),
                        null,
                        false,
                        new EventFilter(Set.of("node_completed", "workflow_event"), Set.of("approve")),
                        true,
                        5));
        assertThat(parse(
                        "{'type':'subscribe','id':'a','data':{'executions':[{'executionId':'e-1','after':7,'epoch':'x'},"
                                + "{'executionId':'e-1','after':'latest'}]}}"))
                .isEqualTo(new ClientMessage.SubscribeEach(
                        "a", List.of(subscribe("a", Position.after("x", 7), false), subscribe("a", null, true))));
        assertThat(parse("{'type':'unsubscribe','data':{'all':true}}"))
                .isEqualTo(new ClientMessage.Unsubscribe(null, new Scope.All()));
        assertThat(parse("{'type':'unsubscribe','data':{'workflowId':'w','executionId':null}}"))
                .isEqualTo(new ClientMessage.Unsubscribe(null, new Scope.OneWorkflow("w")));
    }

    private static ClientMessage.Subscribe subscribe(String id, Position after, boolean latest) {
        return new ClientMessage.Subscribe(id, ONE, after, latest, EventFilter.NONE, false, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "0", "\"\"", "null", "[]", "{}", "-1.5", "\"yes\"", "true"})
    @DisplayName("F15: any JSON value is an answer, the falsy ones and null too")
    void takesAnyJsonValueAsAnAnswer(String answer) {
        ClientMessage.Resume resume = (ClientMessage.Resume)
                parse("{'type':'resume','data':{'executionId':'e-1','nodeId':'n','data':" + answer + "}}");

        assertThat(String.valueOf(resume.data()))
                .isEqualTo(answer.equals("\"\"") ? "" : answer.equals("\"yes\"") ? "yes" : answer);
    }

    @Test
    @DisplayName("F15: an answer that is missing is not the answer null")
    void tellsAMissingAnswerFromNull() {
        assertThatThrownBy(() -> parse("{'type':'resume','data':{'executionId':'e-1','nodeId':'n'}}"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("\"data.data\" must be the answer, any JSON value; it is missing");
    }

    @Test
    void saysThatANumberOrAKeyIsTooLong() {
        for (String field : List.of("\"x\":" + "9".repeat(4_000), "\"" + "k".repeat(100_000) + "\":1")) {
            ProtocolException problem = refusal(("{\"type\":\"ping\"," + field + "}").getBytes(UTF_8));

            assertThat(problem.code()).isEqualTo("invalid_json");
            assertThat(problem).hasMessageContaining("A number has more than 1000 digits, or a key has more than");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [1] | invalid_message | a JSON object
            'text' | invalid_message | a JSON object
            {} | invalid_message | "type" must be a string of 1 to 256 characters; it is missing
            {'type':7} | invalid_message | "type" must be a string of 1 to 256 characters; it is a value of type number
            {'type':'subscrbe','data':{}} | unknown_type | There is no message of type "subscrbe"; there are subscribe
            {'type':'ack','data':{'executionId':'e'}} | invalid_message | "data.seq" must be the seq of the last event seen, a whole number from 0; it is missing
            {'type':'subscribe'} | invalid_message | "data" must be an object; it is missing
            {'type':'subscribe','data':[]} | invalid_message | "data" must be an object; it is a value of type array
            {'type':'subscribe','data':{}} | invalid_message | "data.executionId" must be 1 to 128 characters
            {'type':'subscribe','data':{'executionId':'a b'}} | invalid_message | it is "a b"
            {'type':'subscribe','data':{'executionId':5}} | invalid_message | it is a value of type number
            {'type':'subscribe','data':{'executionId':'e','after':-1}} | invalid_message | "data.after" must be the seq
            {'type':'subscribe','data':{'executionId':'e','after':1.5}} | invalid_message | "data.after" must be the seq
            {'type':'subscribe','data':{'executionId':'e','after':99999999999999999999}} | invalid_message | "data.after"
            {'type':'subscribe','data':{'executionId':'e','after':'first'}} | invalid_message | or "latest"; it is "first"
            {'type':'subscribe','data':{'executionId':'e','after':1,'epoch':2}} | invalid_message | "data.epoch" must be
            {'type':'subscribe','data':{'executions':[]}} | invalid_message | "data.executions" must be an array of 1 to 1000 objects
            {'type':'subscribe','data':{'executions':['e']}} | invalid_message | "data.executions" must be an array of 1 to 1000 objects
            {'type':'subscribe','data':{'executions':[{'executionId':'e'},{'executionId':''}]}} | invalid_message | "data.executions[1].executionId" must be
            {'type':'subscribe','data':{'executions':[{'executionId':'e','after':-1}]}} | invalid_message | "data.executions[0].after" must be
            {'type':'subscribe','data':{'executions':[{'executionId':'e'}],'after':3}} | invalid_message | "data.executions" cannot be there together with "after"
            {'type':'subscribe','data':{'executions':[{'executionId':'e'}],'all':true}} | invalid_message | "data.executions" cannot be there together with "all"
            {'type':'subscribe','data':{'all':false}} | invalid_message | "data.all" must be true
            {'type':'subscribe','data':{'all':true,'workflowId':'w'}} | invalid_message | "data.all" cannot be there too
            {'type':'subscribe','data':{'executionId':'e','workflowId':'w'}} | invalid_message | "data.workflowId" cannot be there too
            {'type':'subscribe','data':{'workflowId':'w','after':3}} | invalid_message | a seq belongs to one execution
            {'type':'subscribe','data':{'executionId':'e','types':['state_update']}} | invalid_message | names "state_update", which is no type of event
            {'type':'subscribe','data':{'executionId':'e','types':[]}} | invalid_message | "data.types" must be an array of 1 to 1000
            {'type':'subscribe','data':{'executionId':'e','nodes':['a',7]}} | invalid_message | "data.nodes" must be an array
            {'type':'subscribe','data':{'executionId':'e','conflate':'yes'}} | invalid_message | "data.conflate" must be true or false
            {'type':'subscribe','data':{'executionId':'e','maxEventsPerSecond':0}} | invalid_message | "data.maxEventsPerSecond" must be a whole number
            {'type':'resume','data':{'executionId':'e','data':1}} | invalid_message | "data.nodeId" must be
            {'type':'resume','data':{'executionId':'e','nodeId':[],'data':1}} | invalid_message | "data.nodeId" must be a string
            {'type':'execute','data':{}} | invalid_message | "data.workflowId" must be a string
            {'type':'execute','data':{'workflowId':'w','input':[]}} | invalid_message | "data.input" must be an object
            {'type':'execute','data':{'workflowId':'w','executionId':'../x'}} | invalid_message | "data.executionId" must be
            {'type':'cancel','data':{'executionId':'e','reason':1}} | invalid_message | "data.reason" must be a string
            {'type':'ping','id':''} | invalid_message | "id" must be a string of 1 to 64 characters
            {'type':'ping','id':12} | invalid_message | "id" must be a string
            {'type':'ping','type':'ping'} | invalid_json | The key "type" occurs twice
            {'type':'ping'} {} | invalid_json | The text continues after the end
            {'type':'ping' | invalid_json | ends too early, at line 1
            {'type':ping} | invalid_json | This is not JSON, at line 1, column
            {'type':'ping','x':NaN} | invalid_json | This is not JSON
            {'type':'ping','x':1e99999} | invalid_json | A number is larger than 1E+1000
            """)
    void saysWhatIsWrongAndWhatWouldBeRight(String message, String code, String part) {
        ProtocolException problem = refusal(message.replace('\'', '"').getBytes(UTF_8));

        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem).hasMessageContaining(part);
    }

    @Test
    void refusesAnEmptyMessage() {
        assertThat(refusal(new byte[0])).hasMessageContaining("The text contains no JSON");
    }

    @Test
    void echoesTheIdWhereItCanBeRead() {
        assertThat(refusal("{\"type\":\"nope\",\"id\":\"r-7\"}".getBytes(UTF_8)).id())
                .isEqualTo("r-7");
        assertThat(refusal("{\"type\":\"subscribe\",\"id\":\"r-8\",\"data\":{}}".getBytes(UTF_8))
                        .id())
                .isEqualTo("r-8");
        assertThat(refusal("{\"id\":\"r-9\"".getBytes(UTF_8)).id()).isEqualTo("r-9");
        assertThat(refusal("{\"id\":\"r-9\",\"id\":\"r-10\",".getBytes(UTF_8)).id())
                .isNull();
        assertThat(refusal("{\"id\":\"".getBytes(UTF_8)).id()).isNull();
    }

    @Test
    @DisplayName("I5: a message is bounded in size, depth and number of digits")
    void isBounded() {
        MessageParser small = new MessageParser(40);
        assertThat(small.parse(bytes("{\"type\":\"ping\",\"data\":{}}"))).isEqualTo(new ClientMessage.Ping(null));
        assertThatThrownBy(() -> small.parse(bytes("{\"type\":\"ping\",\"data\":{}," + " ".repeat(40) + "}")))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("at most 40 bytes")
                .extracting(e -> ((ProtocolException) e).errorCode())
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);

        String deep = "[".repeat(62) + "]".repeat(62);
        assertThat(parse("{'type':'resume','data':{'executionId':'e','nodeId':'n','data':" + deep + "}}"))
                .isNotNull();
        assertThat(refusal(("{\"type\":\"ping\",\"x\":" + "[".repeat(400_000)).getBytes(UTF_8)))
                .hasMessageContaining("nested more than 64 levels deep")
                .extracting(ProtocolException::errorCode)
                .isEqualTo(ErrorCode.INVALID_MESSAGE);
        assertThat(refusal(("{\"type\":\"ping\",\"x\":" + "9".repeat(500_000) + "}").getBytes(UTF_8)))
                .extracting(ProtocolException::errorCode)
                .isEqualTo(ErrorCode.INVALID_JSON);
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] message = "{\"type\":\"ping\",\"x\":\"?\"}".getBytes(UTF_8);
        message[20] = (byte) 0xC3;

        assertThat(refusal(message))
                .hasMessageContaining("not UTF-8: the byte at position 20")
                .extracting(ProtocolException::errorCode)
                .isEqualTo(ErrorCode.INVALID_JSON);
        assertThat(refusal("{\"type\":\"ping\"}".getBytes(java.nio.charset.StandardCharsets.UTF_16LE)))
                .extracting(ProtocolException::errorCode)
                .isEqualTo(ErrorCode.INVALID_JSON);
    }

    @Test
    void leavesTheBufferAsItWas() {
        ByteBuffer direct = ByteBuffer.allocateDirect(100);
        direct.put("xx{\"type\":\"ping\"}".getBytes(UTF_8)).flip().position(2);

        assertThat(parser.parse(direct.asReadOnlyBuffer())).isEqualTo(new ClientMessage.Ping(null));
        assertThat(parser.parse(direct)).isEqualTo(new ClientMessage.Ping(null));
        assertThat(direct.position()).isEqualTo(2);
    }

    @Test
    @DisplayName("I9: no message names a class, a file or a setting of a library")
    void keepsItsInsideToItself() {
        for (String message :
                List.of("{'a':'\u0001'}", "{\"a\":01}", "/*x*/{}", "{\"a\":\"\\x\"}", "nul", "{\"a\" 1}", "\u0007")) {
            assertThat(refusal(message.getBytes(UTF_8)).getMessage())
                    .doesNotContain("Feature", "jackson", "java", "Source", "StreamReadConstraints")
                    .doesNotContainPattern("\\p{Cntrl}");
        }
    }

    @Test
    @DisplayName("I9: 20,000 mutations of valid messages give a message or a ProtocolException, nothing else")
    void survivesMutations() {
        Random random = new Random(20_261_122);
        List<byte[]> seeds = List.of(
                        "{\"type\":\"subscribe\",\"id\":\"a\",\"data\":{\"executionId\":\"e-1\",\"after\":12,\"epoch\":\"x\"}}",
                        "{\"type\":\"resume\",\"data\":{\"executionId\":\"e\",\"nodeId\":\"n-1\",\"data\":{\"ä€😀\":[1,2.5e3,null,true,\"\\ud83d\\ude00\"]}}}",
                        "{\"type\":\"execute\",\"data\":{\"workflowId\":\"w\",\"input\":{\"a\":{\"b\":[[],{}]}},\"executionId\":\"x:1\"}}",
                        "{\"type\":\"cancel\",\"id\":\"b\",\"data\":{\"executionId\":\"e\",\"reason\":\"why\"},\"timestamp\":1}",
                        "{\"type\":\"ping\",\"data\":{}}")
                .stream()
                .map(text -> text.getBytes(UTF_8))
                .toList();
        int taken = 0;
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] message = mutate(seeds.get(round % seeds.size()), random);
            try {
                assertThat(parser.parse(ByteBuffer.wrap(message))).isNotNull();
                taken++;
            } catch (ProtocolException e) {
                assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1_000);
                refused++;
            }
        }
        assertThat(taken).isPositive();
        assertThat(refused).isGreaterThan(5_000);
    }

    private static byte[] mutate(byte[] seed, Random random) {
        byte[] message = seed.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(message.length);
            switch (random.nextInt(5)) {
                case 0 -> message[at] = (byte) random.nextInt(256);
                case 1 -> message[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> message = Arrays.copyOf(message, Math.max(1, at));
                case 3 -> message[at] = (byte) "{}[]\",:\\0e-".charAt(random.nextInt(11));
                default -> {
                    int length = random.nextInt(message.length - at);
                    byte[] longer = Arrays.copyOf(message, message.length + length);
                    System.arraycopy(message, at, longer, message.length, length);
                    message = longer;
                }
            }
        }
        return message;
    }

    private ClientMessage parse(String message) {
        return parser.parse(bytes(message.replace('\'', '"')));
    }

    private ProtocolException refusal(byte[] message) {
        return catchThrowableOfType(ProtocolException.class, () -> parser.parse(ByteBuffer.wrap(message)));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[\"secret\"]", "LONG"})
    @DisplayName("A token is in no error and in no text of its message, whatever is wrong with it")
    void tokensAreNotShown(String wrong) {
        String value = wrong.startsWith("[") ? wrong : "\"" + wrong.replace("LONG", "secret".repeat(2_731)) + "\"";
        assertThatThrownBy(() -> parse("{\"type\":\"authenticate\",\"data\":{\"token\":" + value + "}}"))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("token")
                .hasMessageNotContaining("secret");
        assertThat(parse("{\"type\":\"authenticate\",\"id\":\"a\",\"data\":{\"token\":\"secret\"}}"))
                .hasToString("Authenticate[id=a]");
    }
}
