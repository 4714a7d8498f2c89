package io.flowscript.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.flowscript.core.Assignment;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.BusinessTime;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.NodeBuilder.QuestionMaker;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.engine.Subscription;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxQuery;
import io.flowscript.events.links.AnswerLink;
import io.flowscript.events.links.AnswerLinks;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import io.flowscript.json.Workflows;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of the guide to people in the loop, compiled and run. The last test compares the guide with this file. */
class PeopleGuideTest {

    private static final DocExamples GUIDE = new DocExamples("docs/guide-people.md");

    private final ManualClock clock = new ManualClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final Object decision = Map.of(
            "type", "object",
            "properties", Map.of("decision", Map.of("enum", List.of("approved", "rejected"))),
            "required", List.of("decision"));
    private final Map<String, Object> approved = Map.of("decision", "approved");
    private final Identity ann = Identity.of("ann");
    private final Identity bob = Identity.of("bob");
    private FlowScript flows = FlowScript.builder().build();

    @AfterEach
    void close() {
        flows.close();
    }

    /** Runs a node as the only step of a workflow, as far as it goes without time passing. */
    private Execution run(Node node, Map<String, ?> input) {
        return run(FlowScript.builder(), node, input);
    }

    private Execution run(FlowScriptBuilder builder, Node node, Map<String, ?> input) {
        flows.close();
        flows = builder.clock(clock)
                .executor(executor)
                .engineExecutor(executor)
                .node("review", node)
                .workflow(Workflow.named("expense").step("review").build())
                .build();
        Execution run = flows.start("expense", input);
        executor.runAll();
        return run;
    }

    private Interaction ask(QuestionMaker question) {
        Node node = Node.named("review")
                .ask(question)
                .answered((context, answer) -> Edge.of("done", answer.data().raw()));
        return run(node, Map.of("requester", "carl")).interactions().get(0);
    }

    private Receipt answer(Interaction question, Object answer, Identity by) {
        Receipt receipt = flows.interactions().answer(question.token(), answer, AnswerOptions.by(by));
        executor.runAll();
        return receipt;
    }

    private Interaction now(Interaction question) {
        return flows.interactions().find(question.token()).orElseThrow();
    }

    private void advance(Duration time) {
        clock.advance(time);
        executor.runAll();
    }

    @Test
    void asking() throws Exception {
        flows.close();
        flows = FlowScript.builder()
                .clock(clock)
                .executor(executor)
                .engineExecutor(executor)
                .workflow(Workflows.read(
                        "{\"id\": \"w\", \"nodes\": [" + GUIDE.blocks("json").get(0) + "]}"))
                .build();
        Execution run = flows.start("w", Map.of());
        executor.runAll();
        assertThat(answer(run.interactions().get(0), 0, ann)).isInstanceOf(Receipt.Invalid.class);
        assertThat(answer(run.interactions().get(0), 3, ann)).isInstanceOf(Receipt.Accepted.class);
        assertThat(run.state("count").asInt()).isEqualTo(3);
    }

    @Test
    void answering() {
        Node review = Node.named("review")
                .edges("approved", "rejected", "late")
                .ask(context -> Question.form(decision)
                        .showing(Map.of("amount", context.state().get("amount").raw()))
                        .within(Duration.ofDays(2)))
                .answered((context, answer) -> answer.timedOut()
                        ? Edge.of("late")
                        : Edge.of(answer.get("decision").asString()));
        Execution run = run(review, Map.of("amount", 250, "secret", "s"));

        assertThat(run.interactions().get(0).question().context()).isEqualTo(Map.of("amount", 250));
        Interaction question = run.interactions().get(0);
        Receipt receipt = flows.interactions()
                .answer(question.token(), Map.of("decision", "approved"), AnswerOptions.by(Identity.of("ann")));

        assertThat(receipt).isInstanceOf(Receipt.Accepted.class);
        assertThat(answer(question, approved, bob))
                .isInstanceOfSatisfying(
                        Receipt.AlreadyResolved.class,
                        late -> assertThat(late.by()).isEqualTo(ann));
    }

    @Test
    void answeringOnce() {
        Interaction question = ask(context -> Question.form(decision));
        AnswerOptions once = AnswerOptions.by(Identity.of("ann")).idempotencyKey("order-17-review");

        Receipt first = flows.interactions().answer(question.token(), approved, once);
        assertThat(flows.interactions().answer(question.token(), approved, once))
                .isEqualTo(first);
        assertThat(flows.interactions().answer(question.token(), Map.of("decision", "rejected"), once))
                .isInstanceOf(Receipt.Conflict.class);
    }

    @Test
    void whatYouSaw() {
        Interaction question = ask(context -> Question.form(decision).showing(Map.of("amount", 250)));
        String seen = Question.contextHash(question.question().context());
        flows.interactions().revise(question.token(), Map.of("amount", 9_999), Identity.of("shop"));

        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Receipt receipt = flows.interactions()
                    .answer(question.token(), approved, AnswerOptions.by(ann).seen(seen));
            if (receipt instanceof Receipt.Stale stale) {
                System.out.println("You saw " + stale.seen() + ", now it is " + stale.shown());
            }
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("You saw {amount=250}, now it is {amount=9999}");
        assertThat(answer(question, approved, ann)).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    void takingItOn() {
        Interaction question = ask(context -> Question.form(decision));
        flows.interactions().claim(question.token(), ann, Duration.ofMinutes(15));
        assertThat(answer(question, approved, bob)).isInstanceOf(Receipt.Forbidden.class);
        flows.interactions().release(question.token(), ann);
        assertThat(now(question).status()).isEqualTo(Status.OPEN);

        flows.interactions().claim(question.token(), bob, Duration.ofMinutes(15));
        advance(Duration.ofMinutes(15));
        assertThat(answer(question, approved, ann)).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    void severalPeople() {
        Question board = Question.form(decision)
                .candidates("board")
                .decidedBy(new Quorum("decision", Map.of("approved", 2, "rejected", 2)));
        Interaction question = ask(context -> board);

        assertThat(answer(question, approved, ann))
                .isInstanceOfSatisfying(
                        Receipt.Accepted.class,
                        vote -> assertThat(vote.closes()).isFalse());
        assertThat(answer(question, approved, ann)).isInstanceOf(Receipt.Forbidden.class);
        assertThat(answer(question, approved, bob))
                .isInstanceOfSatisfying(
                        Receipt.Accepted.class,
                        vote -> assertThat(vote.closes()).isTrue());
        assertThat(now(question).replies()).hasSize(2);
    }

    @Test
    void notByWhoeverAsked() {
        Interaction question = ask(context -> {
            Question separate = Question.form(decision)
                    .notBy(context.state().get("requester").asString());
            return separate;
        });
        assertThat(answer(question, approved, Identity.of("carl"))).isInstanceOf(Receipt.Forbidden.class);
        assertThatThrownBy(() -> flows.interactions().claim(question.token(), Identity.of("carl"), Duration.ofHours(1)))
                .isInstanceOf(FlowScriptException.class);
        assertThat(answer(question, approved, ann)).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    void time() {
        Question patient = Question.form(decision)
                .assignedTo("ann")
                .within(Duration.ofDays(400))
                .remind(Duration.ofDays(1), Duration.ofDays(3))
                .escalate(Duration.ofDays(7), new Assignment(List.of(), List.of("managers")));
        Interaction question = ask(context -> patient);
        Instant asked = clock.instant();

        for (int day = 0; day < 400; day++) {
            advance(Duration.ofDays(1));
        }
        assertThat(now(question).assignment().groups()).containsExactly("managers");
        assertThat(now(question).status()).isEqualTo(Status.EXPIRED);
        assertThat(now(question).history())
                .extracting(
                        Interaction.Change::what,
                        change -> Duration.between(asked, change.at()).toDays())
                .containsExactly(
                        tuple(EventType.HUMAN_INPUT_REMINDED, 1L),
                        tuple(EventType.HUMAN_INPUT_REMINDED, 3L),
                        tuple(EventType.HUMAN_INPUT_ESCALATED, 7L),
                        tuple(EventType.HUMAN_INPUT_TIMEOUT, 400L));
    }

    @Test
    void officeHours() {
        BusinessTime noWeekends = (from, time) -> {
            ZonedDateTime at = from.atZone(ZoneOffset.UTC);
            for (long days = time.toDays(); days > 0; ) {
                at = at.plusDays(1);
                days -= at.getDayOfWeek().getValue() <= 5 ? 1 : 0;
            }
            return at.plus(time.minusDays(time.toDays())).toInstant();
        };
        FlowScriptBuilder builder = FlowScript.builder().businessTime(noWeekends);
        Node node = Node.named("review")
                .ask(context -> Question.open().within(Duration.ofDays(10)))
                .answered((context, answer) -> Edge.of("done"));

        Interaction question = run(builder, node, Map.of()).interactions().get(0);
        assertThat(Duration.between(question.requestedAt(), Objects.requireNonNull(question.deadline())))
                .isEqualTo(Duration.ofDays(14));
    }

    @Test
    void askingAgain() {
        Object name = Map.of("type", "string", "minLength", 1);
        Node conversation = Node.named("conversation")
                .ask(context -> Question.form(name))
                .answered((context, answer) -> context.memo().isMissing()
                        ? Question.form(decision)
                                .showing(Map.of("name", answer.data().raw()))
                                .ask(answer.data().raw())
                        : Edge.of(
                                "done",
                                Map.of(
                                        "name", context.memo().raw(),
                                        "decision", answer.get("decision").raw())));
        Execution run = run(conversation, Map.of());

        answer(run.interactions().get(0), "Ada", ann);
        assertThat(run.interactions().get(0).question().context()).isEqualTo(Map.of("name", "Ada"));
        answer(run.interactions().get(0), approved, ann);
        assertThat(run.result().join().isCompleted()).isTrue();
        assertThat(run.events().read(Position.START, 100))
                .extracting(
                        recorded -> recorded.event() instanceof NodeEvent.Completed completed ? completed.data() : null)
                .contains(Map.of("name", "Ada", "decision", "approved"));
    }

    @Test
    void whoMay() {
        EventBridge bridge = FlowScriptBridge.builder(flows)
                .accessPolicy(AccessPolicy.ASSIGNED)
                .build();
        bridge.close();

        Interaction question = ask(context -> Question.open().assignedTo("ann").candidates("board"));
        assertThat(AccessPolicy.ASSIGNED.permits(ann, AccessPolicy.Action.ANSWER, question))
                .isTrue();
        assertThat(AccessPolicy.ASSIGNED.permits(Identity.of("dan", "board"), AccessPolicy.Action.CLAIM, question))
                .isTrue();
        assertThat(AccessPolicy.ASSIGNED.permits(bob, AccessPolicy.Action.VIEW, question))
                .isFalse();
    }

    @Test
    void theInbox() {
        ask(context -> Question.form(decision).assignedTo("ann"));
        try (Inbox inbox = Inbox.of(flows)) {
            InboxQuery mine = InboxQuery.OPEN.meantFor(ann);
            Inbox.Page page = inbox.list(mine, null, 20);
            long open = inbox.count(mine).value();
            inbox.subscribe(mine, change -> System.out.println(change));

            assertThat(page.interactions()).hasSize(1);
            assertThat(open).isEqualTo(1);
            assertThat(inbox.list(InboxQuery.OPEN.meantFor(bob), null, 20).interactions())
                    .isEmpty();
        }
    }

    @Test
    void whoHasSeenIt() {
        Interaction question = ask(context -> Question.form(decision).assignedTo("ann"));
        try (Inbox inbox = Inbox.of(flows)) {
            EventBridge bridge = FlowScriptBridge.builder(flows).inbox(inbox).build();

            List<Interaction> unseen =
                    inbox.list(InboxQuery.OPEN.unseen(), null, 20).interactions();
            List<String> names = inbox.seenBy(question.token());
            assertThat(unseen).containsExactly(question);
            assertThat(names).isEmpty();

            List<Interaction> called = new ArrayList<>();
            Consumer<Interaction> phone = called::add;
            Subscription escalation =
                    inbox.onUnseen(InboxQuery.OPEN, Duration.ofHours(4), asked -> phone.accept(asked));
            advance(Duration.ofHours(5));
            assertThat(called).containsExactly(question);

            try (MemoryTransport transport = MemoryTransport.on(bridge)) {
                MemoryClient client = transport.connect(ann, Framing.LINES);
                client.subscribe(question.token().executionId());
                executor.runAll();
                client.ack(question.token().executionId());
                executor.runAll();
            }
            assertThat(inbox.seenBy(question.token())).containsExactly("ann");
            escalation.close();
            bridge.close();
        }
    }

    @Test
    void answeringByALink() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        Interaction question = ask(context -> Question.form(decision));

        AnswerLinks links = AnswerLinks.signedWith(key);
        String link = links.sign(AnswerLink.to(question, ann, clock.instant().plus(Duration.ofDays(2)))
                .onlyAnswering(approved));
        Receipt receipt = links.answer(flows, link, approved);

        assertThat(receipt).isInstanceOf(Receipt.Accepted.class);
        assertThat(answer(question, approved, bob)).isInstanceOf(Receipt.AlreadyResolved.class);
    }

    static List<String> javaBlocks() throws Exception {
        return GUIDE.blocks("java");
    }

    @ParameterizedTest
    @MethodSource("javaBlocks")
    void everyJavaExampleOfTheGuideIsInThisFile(String block) throws Exception {
        DocExamples.assertIsIn(PeopleGuideTest.class, block);
    }
}
