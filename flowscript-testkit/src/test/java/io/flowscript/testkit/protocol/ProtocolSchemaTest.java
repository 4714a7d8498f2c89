package io.flowscript.testkit.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Assignment;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.MessageParser;
import io.flowscript.json.protocol.ProtocolException;
import io.flowscript.json.protocol.Scope;
import io.flowscript.json.protocol.ServerMessages;
import io.flowscript.json.protocol.WireSettings;
import io.flowscript.testkit.protocol.ProtocolDocument.Sender;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the code sends and takes, and what the schemas in the jar say, are the same. */
class ProtocolSchemaTest {

    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ProtocolDocument DOCUMENT = ProtocolDocument.get();
    private static final JsonNode SERVER = JSON.valueToTree(ProtocolDocument.resource("server-messages.schema.json"));

    private static final EventEncoder ENCODER = new EventEncoder(WireSettings.DEFAULTS);
    private static final ServerMessages MESSAGES = new ServerMessages(InstantSource.fixed(NOW), WireSettings.DEFAULTS);

    static Stream<Event> events() {
        HumanEvent.Info full = new HumanEvent.Info(
                "approve",
                Map.of("type", "object"),
                Map.of("submitLabel", "OK"),
                Map.of("amount", 250),
                Map.of("decision", "approved"),
                NOW,
                NOW.plus(Duration.ofDays(30)),
                new Assignment(List.of("ann"), List.of("managers")),
                Map.of("field", "decision", "needed", Map.of("approved", 2)));
        HumanEvent.Info least =
                new HumanEvent.Info("approve", null, null, null, null, NOW, null, Assignment.ANYBODY, null);
        return Stream.of(
                new WorkflowEvent.Started("expense", "0a".repeat(32), Map.of("amount", 250)),
                new WorkflowEvent.Started("expense", null, null),
                new WorkflowEvent.Paused("approve-2", "approve", "t1", "needs a manager"),
                new WorkflowEvent.Paused("approve-2", "approve", "t1", null),
                new WorkflowEvent.Resumed("approve-2", "approve", "t1", Map.of("decision", "approved")),
                new WorkflowEvent.Resumed("approve-2", "approve", "t1", false),
                new WorkflowEvent.Resumed("approve-2", "approve", "t1", null),
                new WorkflowEvent.Completed(Map.of("approved", true), "explicit_exit"),
                new WorkflowEvent.Completed(Map.of(), null),
                new WorkflowEvent.Failed("It broke", "node_failed", "x-1", "x", null),
                new WorkflowEvent.Failed(
                        "No flow", "unhandled_edge", "x-1", "x", new WorkflowEvent.Cause("http_status", "503")),
                new WorkflowEvent.Failed("Too many steps", "step_limit", null, null, null),
                new WorkflowEvent.Cancelled("not needed any more", "ann"),
                new WorkflowEvent.Cancelled(null, null),
                new NodeEvent.Executing("x-1", "x", "action", 1, "s0"),
                new NodeEvent.Executing("x-1", "x", "action", 1, null),
                new NodeEvent.Completed("x-1", "x", "paid", Map.of("receipt", 7), Duration.ofMillis(12)),
                new NodeEvent.Completed("x-1", "x", "done", null, Duration.ZERO),
                new NodeEvent.Failed("x-1", "x", "No answer", "node_timeout", 2, true),
                new HumanEvent.InputRequired("approve-2", "t1", full),
                new HumanEvent.InputRequired("approve-2", "t1", least),
                new HumanEvent.InputRequired(
                        "approve-2", "t1", assigned(new Assignment(List.of(), List.of("finance")))),
                new HumanEvent.InputRequired("approve-2", "t1", assigned(new Assignment(List.of("ann"), List.of()))),
                new HumanEvent.InputReceived("approve-2", "approve", "t1", "ann"),
                new HumanEvent.InputReceived("approve-2", "approve", "t1", null),
                new HumanEvent.InputTimeout("approve-2", "approve", "t1", "deadline"),
                new HumanEvent.InputClaimed("approve-2", "approve", "t1", "ann", NOW),
                new HumanEvent.InputReleased("approve-2", "approve", "t1", "ann", true),
                new HumanEvent.InputVoted("approve-2", "approve", "t1", "ann", 1),
                new HumanEvent.InputRevised("approve-2", "approve", "t1", Map.of("amount", 2), "bob"),
                new HumanEvent.InputReminded("approve-2", "approve", "t1"),
                new HumanEvent.InputEscalated(
                        "approve-2", "approve", "t1", new Assignment(List.of(), List.of("directors"))),
                new StateUpdated("$.user.name", "Ann"),
                new StateUpdated("$.gone", null),
                new CustomEvent(EventType.of("order:packed"), "x-1", "x", Map.of("boxes", 3), "key"),
                new CustomEvent(EventType.of("order:packed"), null, null, null, null));
    }

    private static HumanEvent.Info assigned(Assignment assignment) {
        return new HumanEvent.Info("approve", null, null, null, null, NOW, null, assignment, null);
    }

    @ParameterizedTest
    @MethodSource("events")
    @DisplayName("F5, F6: every event is sent with all of its data, as its schema says")
    void everyEventKeepsToItsSchema(Event event) {
        JsonNode message = JSON.readTree(ENCODER.encode(recorded(event)));

        assertThat(DOCUMENT.problems(Sender.SERVER, JsonTexts.read(message.toString())))
                .as(message.toString())
                .isEmpty();
        assertThat(message.get("type").asString()).isEqualTo(event.type().wireName());
        assertThat(message.get("timestamp").asLong()).isEqualTo(NOW.toEpochMilli());
        assertThat(message.get("seq").asLong()).isEqualTo(7);
        assertThat(message.get("data").get("executionId").asString()).isEqualTo("e-1");
    }

    @Test
    void thereIsASampleOfEveryTypeOfEvent() {
        Set<EventType> sampled = new HashSet<>();
        events().forEach(event -> sampled.add(event.type()));

        assertThat(sampled).containsAll(EventType.BUILT_IN).hasSize(EventType.BUILT_IN.size() + 1);
    }

    static Stream<byte[]> messages() {
        ClientMessage.Resume request = new ClientMessage.Resume("r-1", "e-1", "approve-2", null, 1, null);
        ClientMessage.Resume anonymous = new ClientMessage.Resume(null, "e-1", null, "t1", 1, "0");
        PauseToken token = new PauseToken("e-1", "approve-2", "t1");
        return Stream.of(
                MESSAGES.connected("c-1", ClientInfo.Framing.SINGLE, Duration.ofSeconds(30), 1024, 100, 200, null),
                MESSAGES.connected("c-1", ClientInfo.Framing.LINES, Duration.ofSeconds(30), 1024, 100, 200, NOW),
                MESSAGES.subscribed("r-1", new Scope.OneExecution("e-1")),
                MESSAGES.subscribed("r-1", new Scope.OneWorkflow("w")),
                MESSAGES.subscribed("r-1", new Scope.All()),
                MESSAGES.subscribed(null, "e-1", "epoch", 0L, 1, 0, ExecutionStatus.PENDING),
                MESSAGES.subscribed(null, "e-1", "epoch", null, 1, 0, ExecutionStatus.PENDING),
                MESSAGES.unsubscribed("r-1", new Scope.OneExecution("e-1")),
                MESSAGES.unsubscribed("r-1", new Scope.OneWorkflow("w")),
                MESSAGES.unsubscribed("r-1", new Scope.All()),
                MESSAGES.executionStatus("r-1", snapshot(ExecutionStatus.PAUSED), Redaction.NONE),
                MESSAGES.executionStatus(null, snapshot(ExecutionStatus.FAILED), Redaction.NONE),
                MESSAGES.executionStatus(null, snapshot(ExecutionStatus.PAUSED), Redaction.ALL),
                MESSAGES.executionStatus(null, snapshot(ExecutionStatus.FAILED), Redaction.ALL),
                MESSAGES.resumed(request, new Receipt.Accepted(token, NOW, true)),
                MESSAGES.resumeError(
                        request,
                        ErrorCode.VALIDATION_FAILED,
                        "No",
                        Map.of(
                                "violations",
                                List.of(Map.of("path", "$.amount", "keyword", "minimum", "message", "too small")))),
                MESSAGES.resumeError(request, ErrorCode.ALREADY_RESOLVED, "No", Map.of("by", "ann", "at", NOW)),
                MESSAGES.resumeError(anonymous, ErrorCode.EXPIRED, "No", Map.of("at", NOW)),
                MESSAGES.resumeError(
                        request,
                        ErrorCode.ALREADY_CLAIMED,
                        "No",
                        Map.of("claim", new Interaction.Claim("bob", NOW.plusSeconds(30)))),
                MESSAGES.resumeError(
                        request,
                        ErrorCode.STALE,
                        "No",
                        Map.of(
                                "contextData",
                                Map.of("amount", 2),
                                "contextHash",
                                "0".repeat(64),
                                "seenData",
                                Map.of("amount", 1),
                                "changes",
                                List.of(Map.of("path", "/amount", "before", 1, "after", 2)))),
                MESSAGES.resumeError(anonymous, ErrorCode.FORBIDDEN, "No", Map.of()),
                MESSAGES.unsubscribedInteractions("r-1"),
                MESSAGES.interactions("r-1", List.of(), asked -> Redaction.NONE, null, null, false),
                MESSAGES.interactions(
                        "r-1",
                        List.of(snapshot(ExecutionStatus.PAUSED).open().get(0).toBuilder()
                                .seenBy(List.of("ann", "bob"))
                                .build()),
                        asked -> Redaction.ALL,
                        "next",
                        7L,
                        true),
                MESSAGES.interactionChanged(
                        snapshot(ExecutionStatus.PAUSED).open().get(0), Redaction.NONE),
                MESSAGES.interactionChanged(
                        snapshot(ExecutionStatus.PAUSED).open().get(0), Redaction.ALL),
                MESSAGES.interactionGone(token),
                MESSAGES.interactionsMissed(),
                MESSAGES.claimed("r-1", token, new Interaction.Claim("bob", NOW.plusSeconds(30))),
                MESSAGES.released(null, token, "ann"),
                MESSAGES.authenticated("r-1", NOW),
                MESSAGES.authenticated(null, null),
                MESSAGES.pong("r-1"),
                MESSAGES.pong(null),
                MESSAGES.error("r-1", ErrorCode.INTERNAL, "Something went wrong"),
                MESSAGES.error(null, ErrorCode.EXECUTION_NOT_FOUND, "Not there", Map.of("executionId", "e-1")),
                MESSAGES.error(new ProtocolException(ErrorCode.INVALID_JSON, "No", "r-1")),
                MESSAGES.eventsMissed("e-1", "epoch", 1, 7L),
                MESSAGES.eventsMissed("e-1", "epoch", 1, null),
                MESSAGES.eventsSkipped("e-1", 1, 7),
                MESSAGES.position("e-1", "epoch", 7));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyReplyKeepsToItsSchema(byte[] bytes) {
        JsonNode message = JSON.readTree(bytes);

        assertThat(DOCUMENT.problems(Sender.SERVER, JsonTexts.read(message.toString())))
                .as(message.toString())
                .isEmpty();
        assertThat(new String(bytes, UTF_8)).doesNotContain("\n");
    }

    @Test
    @DisplayName("F8: every name of an event in the schema is in the one table, and the other way round")
    void theSchemaAndTheTableOfNamesAgree() {
        Set<String> inSchema = new HashSet<>();
        SERVER.get("$defs").properties().forEach(def -> {
            if (def.getValue().path("properties").has("seq")) {
                inSchema.add(def.getKey());
                assertThat(def.getValue()
                                .get("properties")
                                .get("type")
                                .get("const")
                                .asString())
                        .isEqualTo(def.getKey());
            }
        });
        Set<String> inTable = new HashSet<>(Set.of(EventType.CUSTOM_WIRE_NAME));
        EventType.BUILT_IN.forEach(type -> inTable.add(type.wireName()));

        assertThat(inSchema).isEqualTo(inTable);
    }

    @Test
    @DisplayName("F8: names map both ways, without duplicates")
    void namesMapBothWays() {
        Set<String> names = new HashSet<>();
        for (EventType type : EventType.BUILT_IN) {
            String name = type.wireName();
            assertThat(names.add(name)).isTrue();
            assertThat(name).matches("[a-z]+(_[a-z]+)*").isNotEqualTo(EventType.CUSTOM_WIRE_NAME);
            assertThat(EventType.ofWireName(name)).contains(type);
        }
        assertThat(EventType.of("order:packed").wireName()).isEqualTo("workflow_event");
        assertThat(EventType.ofWireName("workflow_event")).isEmpty();
        assertThat(EventType.ofWireName("order:packed")).isEmpty();
        assertThat(EventType.NODE_EXECUTING.wireName()).isEqualTo("node_started");
        assertThat(EventType.HUMAN_INPUT_REQUIRED.wireName()).isEqualTo("human_interaction_required");
    }

    @Test
    void theErrorCodesOfSchemaAndCodeAgree() {
        List<String> inSchema = new ArrayList<>();
        SERVER.get("$defs").get("code").get("enum").forEach(code -> inSchema.add(code.asString()));

        assertThat(inSchema)
                .containsExactly(
                        Stream.of(ErrorCode.values()).map(ErrorCode::id).toArray(String[]::new));
        assertThat(ErrorCode.of("stale")).contains(ErrorCode.STALE);
        assertThat(ErrorCode.of("node_failed")).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("Parser and schema accept and refuse the same messages")
    @ValueSource(
            strings = {
                "{'type':'subscribe','data':{'executionId':'e-1'}}",
                "{'type':'subscribe','data':{'executionId':'e-1','after':0}}",
                "{'type':'subscribe','data':{'executionId':'e-1','after':5.0}}",
                "{'type':'subscribe','data':{'executionId':'e-1','after':'latest','epoch':7}}",
                "{'type':'subscribe','data':{'executionId':'e-1','after':null,'epoch':7,'types':null,'new':1}}",
                "{'type':'subscribe','data':{'executionId':'e-1','after':5,'epoch':'x'},'id':'a','timestamp':'now'}",
                "{'type':'subscribe','data':{'executionId':'e-1','after':5,'epoch':null},'id':null}",
                "{'type':'subscribe','data':{'executionId':'e-1','after':5,'epoch':7}}",
                "{'type':'subscribe','data':{'executionId':'e-1','after':5,'epoch':''}}",
                "{'type':'subscribe','data':{'executionId':'e-1','after':-1}}",
                "{'type':'subscribe','data':{'executionId':'e-1','after':1.5}}",
                "{'type':'subscribe','data':{'executionId':'e-1','after':9223372036854775808}}",
                "{'type':'subscribe','data':{'executionId':'e-1','after':true}}",
                "{'type':'subscribe','data':{'executionId':'e-1','after':'first'}}",
                "{'type':'subscribe','data':{'executionId':'e-1','types':['x']}}",
                "{'type':'subscribe','data':{'all':true}}",
                "{'type':'subscribe','data':{'workflowId':'w'}}",
                "{'type':'subscribe','data':{'all':true,'after':'latest','executionId':null}}",
                "{'type':'subscribe','data':{'all':false}}",
                "{'type':'subscribe','data':{'all':false,'executionId':'e-1'}}",
                "{'type':'subscribe','data':{'all':true,'after':1}}",
                "{'type':'subscribe','data':{'all':true,'workflowId':'w'}}",
                "{'type':'subscribe','data':{'executionId':'e-1','workflowId':'w'}}",
                "{'type':'subscribe','data':{'workflowId':'w','after':5}}",
                "{'type':'subscribe','data':{'workflowId':'w','after':null}}",
                "{'type':'subscribe','data':{'workflowId':''}}",
                "{'type':'subscribe','data':{'workflowId':7}}",
                "{'type':'subscribe','data':{'executionId':'e-1','conflate':false}}",
                "{'type':'subscribe','data':{'executionId':'e-1','conflate':null}}",
                "{'type':'subscribe','data':{'executionId':'e-1','conflate':1}}",
                "{'type':'subscribe','data':{'executionId':'e-1','types':['workflow_event','state_updated']}}",
                "{'type':'subscribe','data':{'executionId':'e-1','types':['execution_status']}}",
                "{'type':'subscribe','data':{'executionId':'e-1','types':[]}}",
                "{'type':'subscribe','data':{'executionId':'e-1','types':'node_started'}}",
                "{'type':'subscribe','data':{'executionId':'e-1','nodes':['a','a']}}",
                "{'type':'subscribe','data':{'executionId':'e-1','nodes':['']}}",
                "{'type':'subscribe','data':{'executionId':'e-1','nodes':[null]}}",
                "{'type':'subscribe','data':{'executionId':'e-1','maxEventsPerSecond':1}}",
                "{'type':'subscribe','data':{'executionId':'e-1','maxEventsPerSecond':1000000.0}}",
                "{'type':'subscribe','data':{'executionId':'e-1','maxEventsPerSecond':1000001}}",
                "{'type':'subscribe','data':{'executionId':'e-1','maxEventsPerSecond':0}}",
                "{'type':'subscribe','data':{'executionId':'e-1','maxEventsPerSecond':1.5}}",
                "{'type':'subscribe','data':{'executionId':'e-1','maxEventsPerSecond':'5'}}",
                "{'type':'unsubscribe','data':{'all':true}}",
                "{'type':'unsubscribe','data':{'workflowId':'w'}}",
                "{'type':'unsubscribe','data':{'workflowId':'w','all':true}}",
                "{'type':'unsubscribe','data':{}}",
                "{'type':'subscribe','data':{'executionId':''}}",
                "{'type':'subscribe','data':{'executionId':'a b'}}",
                "{'type':'subscribe','data':{'executionId':null}}",
                "{'type':'subscribe','data':{}}",
                "{'type':'subscribe','data':null}",
                "{'type':'subscribe'}",
                "{'type':'unsubscribe','data':{'executionId':'e-1','extra':{}}}",
                "{'type':'unsubscribe','data':{'executionId':5}}",
                "{'type':'resume','data':{'executionId':'e-1','nodeId':'n','data':null}}",
                "{'type':'resume','data':{'executionId':'e-1','tokenId':'t','data':false}}",
                "{'type':'resume','data':{'executionId':'e-1','tokenId':'t','nodeId':null,'data':[]}}",
                "{'type':'resume','data':{'executionId':'e-1','tokenId':'t','nodeId':'n','data':''}}",
                "{'type':'resume','data':{'executionId':'e-1','tokenId':'t'}}",
                "{'type':'resume','data':{'executionId':'e-1','data':1}}",
                "{'type':'resume','data':{'executionId':'e-1','tokenId':null,'nodeId':null,'data':1}}",
                "{'type':'resume','data':{'executionId':'e-1','tokenId':'','data':1}}",
                "{'type':'resume','data':{'executionId':'e-1','nodeId':7,'tokenId':'t','data':1}}",
                "{'type':'resume','data':{'nodeId':'n','data':1}}",
                "{'type':'ack','data':{'executionId':'e-1','seq':0}}",
                "{'type':'ack','data':{'executionId':'e-1','seq':7.0,'epoch':'x'},'id':'a'}",
                "{'type':'ack','data':{'executionId':'e-1','seq':7,'epoch':null}}",
                "{'type':'ack','data':{'executionId':'e-1','seq':7,'epoch':''}}",
                "{'type':'ack','data':{'executionId':'e-1','seq':7,'epoch':3}}",
                "{'type':'ack','data':{'executionId':'e-1','seq':9223372036854775807}}",
                "{'type':'ack','data':{'executionId':'e-1','seq':9223372036854775808}}",
                "{'type':'ack','data':{'executionId':'e-1','seq':-1}}",
                "{'type':'ack','data':{'executionId':'e-1','seq':'7'}}",
                "{'type':'ack','data':{'executionId':'e-1','seq':null}}",
                "{'type':'ack','data':{'executionId':'e-1'}}",
                "{'type':'ack','data':{'seq':7}}",
                "{'type':'interactions','data':{'unseen':true}}",
                "{'type':'interactions','data':{'unseen':'yes'}}",
                "{'type':'ping'}",
                "{'type':'ping','data':[1],'timestamp':{}}",
                "{'type':'ping','id':''}",
                "{'type':'ping','id':7}",
                "{'type':'execute','data':{'workflowId':'w'}}",
                "{'type':'execute','data':{'workflowId':'w','input':{},'executionId':'x:1'}}",
                "{'type':'execute','data':{'workflowId':'w','input':null,'executionId':null}}",
                "{'type':'execute','data':{'workflowId':'w','input':[]}}",
                "{'type':'execute','data':{'workflowId':'w','executionId':'a/b'}}",
                "{'type':'execute','data':{'workflowId':''}}",
                "{'type':'execute','data':{}}",
                "{'type':'cancel','data':{'executionId':'e-1'}}",
                "{'type':'cancel','data':{'executionId':'e-1','reason':''}}",
                "{'type':'cancel','data':{'executionId':'e-1','reason':null}}",
                "{'type':'cancel','data':{'executionId':'e-1','reason':7}}",
                "{'type':'claim','data':{'executionId':'e-1'}}",
                "{'type':'claim','data':{'executionId':'e-1','nodeId':'n'}}",
                "{'type':'claim','data':{'executionId':'e-1','tokenId':'t','lease':1}}",
                "{'type':'claim','data':{'executionId':'e-1','tokenId':'t','lease':null}}",
                "{'type':'claim','data':{'executionId':'e-1','tokenId':'t','lease':0}}",
                "{'type':'claim','data':{'executionId':'e-1','tokenId':'t','lease':604800000}}",
                "{'type':'claim','data':{'executionId':'e-1','tokenId':'t','lease':604800001}}",
                "{'type':'claim','data':{'executionId':'e-1','tokenId':'t','lease':'1'}}",
                "{'type':'release','data':{'executionId':'e-1','nodeId':'n','tokenId':'t'}}",
                "{'type':'release','data':{'executionId':'e-1','nodeId':null}}",
                "{'type':'release'}",
                "{'type':'resume','data':{'executionId':'e-1','nodeId':'n','data':1,'seen':'abc'}}",
                "{'type':'resume','data':{'executionId':'e-1','nodeId':'n','data':1,'seen':''}}",
                "{'type':'resume','data':{'executionId':'e-1','nodeId':'n','data':1,'seen':1}}",
                "{'type':'interactions','data':{}}",
                "{'type':'interactions'}",
                "{'type':'interactions','data':{'status':'open','mine':true,'live':true,'count':true}}",
                "{'type':'interactions','data':{'status':['answered','expired'],'limit':1000,'cursor':'x'}}",
                "{'type':'interactions','data':{'status':[]}}",
                "{'type':'interactions','data':{'status':'OPEN'}}",
                "{'type':'interactions','data':{'status':['open',1]}}",
                "{'type':'interactions','data':{'status':null,'executionId':null,'text':null,'limit':null}}",
                "{'type':'interactions','data':{'executionId':'a b'}}",
                "{'type':'interactions','data':{'workflowId':'w','assignee':'a','group':'g','text':'t'}}",
                "{'type':'interactions','data':{'text':''}}",
                "{'type':'interactions','data':{'limit':0}}",
                "{'type':'interactions','data':{'limit':1001}}",
                "{'type':'interactions','data':{'limit':1.5}}",
                "{'type':'interactions','data':{'requestedBefore':0,'olderThan':0}}",
                "{'type':'interactions','data':{'requestedBefore':-1}}",
                "{'type':'interactions','data':{'requestedBefore':253402300800000}}",
                "{'type':'interactions','data':{'olderThan':'1d'}}",
                "{'type':'interactions','data':{'mine':1}}",
                "{'type':'unsubscribe','data':{'interactions':true}}",
                "{'type':'unsubscribe','data':{'interactions':false}}",
                "{'type':'unsubscribe','data':{'interactions':true,'all':true}}",
                "{'type':'unsubscribe','data':{'interactions':true,'executionId':'e'}}",
                "{'type':'unsubscribe','data':{'interactions':null,'executionId':'e'}}",
                "{'type':'workflow_started','data':{'executionId':'e-1'}}",
                "{'type':null}",
                "{}",
                "[]",
                "7",
                "null"
            })
    void parserAndSchemaAgree(String sample) {
        agree(sample.replace('\'', '"'));
    }

    @Test
    void parserAndSchemaAgreeOnLengths() {
        for (int length : List.of(1, 64, 65, 128, 129, 256, 257, 1_000, 1_001)) {
            String text = "x".repeat(length);
            String wide = "😀".repeat(length);
            agree("{\"type\":\"ping\",\"id\":\"" + text + "\"}");
            agree("{\"type\":\"ping\",\"id\":\"" + wide + "\"}");
            agree("{\"type\":\"unsubscribe\",\"data\":{\"executionId\":\"" + text + "\"}}");
            agree("{\"type\":\"execute\",\"data\":{\"workflowId\":\"" + wide + "\"}}");
            agree("{\"type\":\"cancel\",\"data\":{\"executionId\":\"e\",\"reason\":\"" + wide + "\"}}");
            agree("{\"type\":\"resume\",\"data\":{\"executionId\":\"e\",\"data\":1,\"nodeId\":\"" + text + "\"}}");
        }
    }

    private static void agree(String message) {
        boolean parsed;
        try {
            new MessageParser(MessageParser.DEFAULT_MAX_MESSAGE_BYTES).parse(ByteBuffer.wrap(message.getBytes(UTF_8)));
            parsed = true;
        } catch (ProtocolException e) {
            parsed = false;
        }
        List<String> problems = DOCUMENT.problems(Sender.CLIENT, JsonTexts.read(message));
        assertThat(problems.isEmpty()).as(message + " " + problems).isEqualTo(parsed);
    }

    private static RecordedEvent recorded(Event event) {
        return new RecordedEvent("e-1", "expense", "epoch", 7, NOW, event);
    }

    private static ExecutionSnapshot snapshot(ExecutionStatus status) {
        PauseToken token = new PauseToken("e-1", "approve-2", "t1");
        Identity ann = Identity.of("ann");
        Interaction asked = Interaction.builder()
                .token(token)
                .workflowId("expense")
                .nodeName("approve")
                .question(Question.form(Map.of("type", "object"))
                        .showing(Map.of("a", 1))
                        .decidedBy(new Quorum("decision", Map.of("approved", 2))))
                .seq(4)
                .requestedAt(NOW)
                .deadline(NOW.plusSeconds(60))
                .assignment(new Assignment(List.of("ann"), List.of("managers")))
                .status(Interaction.Status.CLAIMED)
                .claim(new Interaction.Claim("bob", NOW.plusSeconds(30)))
                .replies(List.of(new Interaction.Reply(ann, NOW, "key", Map.of("decision", "approved"))))
                .history(List.of(
                        new Interaction.Change(EventType.HUMAN_INPUT_VOTED, NOW, "ann"),
                        new Interaction.Change(EventType.HUMAN_INPUT_REMINDED, NOW, null)))
                .build();
        Interaction paused = Interaction.builder()
                .token(new PauseToken("e-1", "approve-2", "t2"))
                .workflowId("expense")
                .nodeName("approve")
                .seq(5)
                .requestedAt(NOW)
                .build();
        boolean failed = status == ExecutionStatus.FAILED;
        return ExecutionSnapshot.builder()
                .executionId("e-1")
                .workflowId("expense")
                .definitionHash("hash")
                .status(status)
                .position(3)
                .state(Map.of("amount", 250))
                .visit(
                        failed
                                ? null
                                : ExecutionSnapshot.Visit.builder()
                                        .nodeId("approve-2")
                                        .nodeName("approve")
                                        .startedAt(NOW)
                                        .phase(ExecutionSnapshot.Phase.ASKING)
                                        .build())
                .open(failed ? List.of() : List.of(asked, paused))
                .visits(2)
                .steps(5)
                .worked(Duration.ofSeconds(1))
                .createdAt(NOW)
                .result(
                        failed
                                ? new ExecutionResult(
                                        status, Map.of(), null, "It broke", "node_failed", null, "x-1", NOW)
                                : null)
                .epoch("epoch")
                .seq(7)
                .lastEventAt(NOW)
                .build();
    }
}
