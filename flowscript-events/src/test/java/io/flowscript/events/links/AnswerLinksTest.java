package io.flowscript.events.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerLinksTest {

    private static final Identity ANN = Identity.of("ann", "managers", "people");
    private static final Identity BOB = Identity.of("bob");
    private static final Map<String, Object> YES = Map.of("decision", "approved");
    private static final Map<String, Object> NO = Map.of("decision", "rejected");
    private static final Object FORM = Map.of(
            "type",
            "object",
            "required",
            List.of("decision"),
            "properties",
            Map.of("decision", Map.of("enum", List.of("approved", "rejected"))));

    private final ManualClock clock = new ManualClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final FlowScript flows = engine();
    private final AnswerLinks links = AnswerLinks.signedWith(key(1));

    private FlowScript engine() {
        return FlowScript.builder()
                .clock(clock)
                .executor(executor)
                .engineExecutor(executor)
                .node(asks(
                        "review",
                        Question.form(FORM).showing(Map.of("amount", 250)).within(Duration.ofDays(2))))
                .node(asks("anything", Question.open()))
                .node(asks(
                        "board",
                        Question.form(FORM).decidedBy(new Quorum("decision", Map.of("approved", 2, "rejected", 1)))))
                .workflow(workflow("review"))
                .workflow(workflow("anything"))
                .workflow(workflow("board"))
                .build();
    }

    private static NamedNode asks(String name, Question question) {
        return Node.named(name).ask(context -> question).answered((context, answer) -> {
            context.state()
                    .set(
                            "answer",
                            answer.timedOut() ? "too late" : answer.data().raw());
            return Edge.of("answered");
        });
    }

    private static WorkflowDefinition workflow(String node) {
        return WorkflowDefinition.of(Map.of("id", node, "nodes", List.of(node)));
    }

    private static byte[] key(int seed) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) seed);
        return key;
    }

    @AfterEach
    void close() {
        flows.close();
    }

    private Execution paused(String workflowId) {
        Execution execution = flows.start(workflowId, Map.of());
        executor.runAll();
        assertThat(execution.status()).isEqualTo(ExecutionStatus.PAUSED);
        return execution;
    }

    private static Interaction question(Execution execution) {
        return execution.interactions().get(0);
    }

    private AnswerLink linkTo(Execution execution, Identity who) {
        return AnswerLink.to(question(execution), who, clock.instant().plus(Duration.ofDays(1)));
    }

    private Receipt answer(String link, @Nullable Object answer) {
        Receipt receipt = links.answer(flows, link, answer);
        executor.runAll();
        return receipt;
    }

    private static void assertInvalid(AnswerLinks links, FlowScript flows, String text) {
        for (FlowScriptException refused : List.of(
                catchThrowableOfType(FlowScriptException.class, () -> links.open(flows, text)),
                catchThrowableOfType(FlowScriptException.class, () -> links.answer(flows, text, YES)))) {
            assertThat(refused.code()).as(text).isEqualTo("invalid_link");
            assertThat(refused)
                    .hasMessage("This link is not valid; check that it was copied completely")
                    .hasNoCause();
        }
    }

    @Test
    void opensAndAnswersAQuestionInThePersonsName() {
        Execution execution = paused("review");
        Interaction asked = question(execution);
        AnswerLink link = linkTo(execution, ANN);

        String text = links.sign(link);

        assertThat(text).matches("[A-Za-z0-9._-]+").hasSizeLessThan(450);
        OpenedLink opened = links.open(flows, text);
        assertThat(opened.link()).isEqualTo(link);
        assertThat(opened.interaction()).isEqualTo(asked);
        assertThat(answer(text, YES)).isEqualTo(new Receipt.Accepted(asked.token(), clock.instant(), true));
        assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(execution.state("$.answer").raw()).isEqualTo(YES);
        HumanEvent.InputReceived received =
                (HumanEvent.InputReceived) execution.events().read(Position.START, 100).stream()
                        .map(event -> event.event())
                        .filter(HumanEvent.InputReceived.class::isInstance)
                        .findFirst()
                        .orElseThrow();
        assertThat(received.by()).isEqualTo("ann");
    }

    @Test
    void whatALinkSaysCanBeReadButHoldsNoKey() {
        Execution execution = paused("review");
        String text = links.sign(linkTo(execution, ANN).onlyAnswering(YES));
        String readable = new String(Base64.getUrlDecoder().decode(text.split("\\.", -1)[1]), StandardCharsets.UTF_8);
        assertThat(readable)
                .contains(
                        "\"as\":\"ann\"",
                        "\"groups\":[\"managers\",\"people\"]",
                        "\"only\":{\"decision\":\"approved\"}");
        assertThat(links).asString().doesNotContain(text);
    }

    @Test
    void toLookChangesNothing() {
        Execution execution = paused("review");
        String text = links.sign(linkTo(execution, ANN).onlyAnswering(YES));
        long before = execution.events().latest();
        for (int i = 0; i < 100; i++) {
            links.open(flows, text);
        }
        executor.runAll();
        assertThat(execution.events().latest()).isEqualTo(before);
        assertThat(question(execution).isOpen()).isTrue();
    }

    @Test
    @DisplayName("a double click gets the same receipt; the link is spent then")
    void isSpentByTheAnswerThatCounts() {
        Execution execution = paused("review");
        PauseToken token = question(execution).token();
        String text = links.sign(linkTo(execution, ANN));
        String another = links.sign(linkTo(execution, ANN));
        Receipt first = answer(text, YES);
        clock.advance(Duration.ofSeconds(10));

        assertThat(answer(text, YES)).isEqualTo(first);
        assertThat(answer(text, NO)).isEqualTo(new Receipt.Conflict(token));
        assertThat(answer(another, YES))
                .isEqualTo(
                        new Receipt.AlreadyResolved(token, ANN, clock.instant().minus(Duration.ofSeconds(10))));
        assertThat(execution.state("$.answer").raw()).isEqualTo(YES);
        assertThat(links.open(flows, text).interaction().status()).isEqualTo(Interaction.Status.ANSWERED);
    }

    @Test
    void anAnswerThatIsRefusedDoesNotUseItUp() {
        Execution execution = paused("review");
        String text = links.sign(linkTo(execution, ANN));
        assertThat(answer(text, Map.of("decision", "perhaps"))).isInstanceOf(Receipt.Invalid.class);
        assertThat(answer(text, null)).isInstanceOf(Receipt.Invalid.class);
        assertThat(answer(text, NO)).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    void anyValueIsAnAnswer() {
        for (Object value : Arrays.asList(false, 0, "", null, List.of(), Map.of())) {
            Execution execution = paused("anything");
            String text = links.sign(linkTo(execution, ANN).onlyAnswering(value));
            assertThat(answer(text, value)).isInstanceOf(Receipt.Accepted.class);
            assertThat(execution.state("$.answer").raw()).isEqualTo(value);
        }
    }

    @Test
    void aLinkForOneAnswerTakesNoOther() {
        Execution execution = paused("review");
        String approve = links.sign(linkTo(execution, ANN).onlyAnswering(YES));
        for (Object other : Arrays.asList(NO, null, Map.of(), "approved", Map.of("decision", "approved", "more", 1))) {
            Receipt receipt = answer(approve, other);
            assertThat(receipt).isInstanceOf(Receipt.Forbidden.class);
            assertThat(receipt.code()).isEqualTo("forbidden");
        }
        assertThat(question(execution).isOpen()).isTrue();
        assertThat(answer(approve, YES)).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    @DisplayName("the one answer is compared as JSON: keys in any order, 2.50 is 2.5")
    void theOneAnswerIsComparedAsJson() {
        Execution execution = paused("anything");
        String text = links.sign(linkTo(execution, ANN).onlyAnswering(Map.of("a", 2.5, "b", List.of(1L, "\ud800"))));
        assertThat(answer(text, Map.of("b", List.of(1, "\ud800"), "a", new java.math.BigDecimal("2.50"))))
                .isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    void noLinkForNullIsALinkForAny() {
        Execution execution = paused("anything");
        String text = links.sign(linkTo(execution, ANN).onlyAnswering(null));
        assertThat(answer(text, "something")).isInstanceOf(Receipt.Forbidden.class);
        assertThat(answer(text, null)).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    @DisplayName("every bit of a link counts: flip one, and it is as invalid as any other text")
    void everyBitCounts() {
        Execution execution = paused("review");
        byte[] good = links.sign(linkTo(execution, ANN)).getBytes(StandardCharsets.ISO_8859_1);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertInvalid(links, flows, new String(flipped, StandardCharsets.ISO_8859_1));
        }
        assertThat(question(execution).isOpen()).isTrue();
    }

    @Test
    @DisplayName("no other letter at any place is taken, not even one whose bits Base64 leaves unused")
    void everyLetterCounts() {
        Execution execution = paused("review");
        String good = links.sign(linkTo(execution, ANN));
        char[] letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray();
        for (int i = good.length() - 50; i < good.length(); i++) {
            for (char letter : letters) {
                if (letter != good.charAt(i)) {
                    assertInvalid(links, flows, good.substring(0, i) + letter + good.substring(i + 1));
                }
            }
        }
    }

    @Test
    void noPartOfALinkIsALink() {
        Execution execution = paused("review");
        String good = links.sign(linkTo(execution, ANN));
        for (int i = 0; i < good.length(); i++) {
            assertInvalid(links, flows, good.substring(0, i));
            assertInvalid(links, flows, good.substring(i + 1));
        }
        for (String more : List.of("=", ".", "A", " ", "\n", "\u0000")) {
            assertInvalid(links, flows, good + more);
            assertInvalid(links, flows, more + good);
        }
        assertInvalid(links, flows, good + good);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "1..", "1.e30.", "1", "\u00e9.\ud800.\u0000", "2.e30.e30", "null"})
    void whatIsNoLinkIsInvalid(String text) {
        assertInvalid(links, flows, text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.",
                "1.%",
                "1.e30",
                "1.W10",
                "1.bnVsbA",
                "1.eyJpZCI6",
                "1.eyJpZCI6MX0",
                "1.A",
                "2.e30",
                // {"id":"i","execution":"e","node":"n","token":"t","as":"ann","until":1e300}
                "1.eyJpZCI6ImkiLCJleGVjdXRpb24iOiJlIiwibm9kZSI6Im4iLCJ0b2tlbiI6InQiLCJhcyI6ImFubiIsInVudGlsIjoxZTMwMH0"
            })
    void signedGarbageIsInvalid(String garbage) {
        String signed = LinkSignature.with(key(1)).sign(garbage);

        assertThatThrownBy(() -> links.open(flows, signed))
                .isInstanceOfSatisfying(
                        FlowScriptException.class,
                        refused -> assertThat(refused.code()).isEqualTo("invalid_link"));
    }

    @Test
    void hugeTextsAreInvalid() {
        assertInvalid(links, flows, "x".repeat(50_000_000));
        assertInvalid(links, flows, "1." + "A".repeat(5_000_000) + "." + "A".repeat(43));
        String good = links.sign(linkTo(paused("review"), ANN));
        assertInvalid(links, flows, good.substring(0, 10) + "A".repeat(AnswerLinks.MAX_LENGTH) + good.substring(10));
    }

    @Test
    void theSignatureOfOneLinkDoesNotFitAnother() {
        Execution execution = paused("review");
        String[] mine = links.sign(linkTo(execution, ANN)).split("\\.", -1);
        String[] other = links.sign(linkTo(paused("review"), ANN)).split("\\.", -1);
        assertInvalid(links, flows, mine[0] + "." + mine[1] + "." + other[2]);
        assertInvalid(links, flows, other[0] + "." + other[1] + "." + mine[2]);
    }

    @Test
    void aLinkAnswersItsOwnQuestionAlone() {
        Execution mine = paused("review");
        Execution other = paused("review");
        answer(links.sign(linkTo(mine, ANN)), YES);
        assertThat(mine.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(question(other).isOpen()).isTrue();
    }

    @Test
    void aQuestionThatIsNotThereIsNotFound() {
        Execution execution = paused("review");
        Interaction asked = question(execution);
        AnswerLink link = linkTo(execution, ANN);
        AnswerLink elsewhere = new AnswerLink(
                link.id(),
                new PauseToken(execution.id(), asked.token().nodeId(), "another"),
                ANN,
                link.until(),
                null,
                null);
        assertThat(answer(links.sign(elsewhere), YES)).isEqualTo(new Receipt.NotFound());
        assertThatThrownBy(() -> links.open(flows, links.sign(elsewhere)))
                .isInstanceOfSatisfying(
                        FlowScriptException.class,
                        refused -> assertThat(refused.code()).isEqualTo("interaction_not_found"));
    }

    @Test
    void anotherKeyIsNotTakenUnlessItIsAccepted() {
        Execution execution = paused("review");
        String old = links.sign(linkTo(execution, ANN));
        AnswerLinks renewed = AnswerLinks.signedWith(key(2));
        assertInvalid(renewed, flows, old);

        AnswerLinks both = renewed.alsoAccepting(key(3)).alsoAccepting(key(1));
        assertThat(both.open(flows, old).interaction()).isEqualTo(question(execution));
        assertThat(both.answer(flows, old, YES)).isInstanceOf(Receipt.Accepted.class);
        assertInvalid(links, flows, both.sign(linkTo(paused("review"), ANN)));
        assertThat(renewed.open(flows, both.sign(linkTo(paused("review"), ANN))))
                .isNotNull();
    }

    @Test
    void keysAreChecked() {
        for (int bytes : new int[] {0, 16, 31, 1_025}) {
            assertThatThrownBy(() -> AnswerLinks.signedWith(new byte[bytes]))
                    .isInstanceOf(FlowScriptException.class)
                    .hasMessageContaining("32 to 1024 bytes; this one has " + bytes);
            assertThatThrownBy(() -> links.alsoAccepting(new byte[bytes])).isInstanceOf(FlowScriptException.class);
        }
        AnswerLinks many = links;
        for (int i = 0; i < 8; i++) {
            many = many.alsoAccepting(key(i));
        }
        AnswerLinks full = many;
        assertThatThrownBy(() -> full.alsoAccepting(key(9))).hasMessageContaining("at most 8");
    }

    @Test
    void theKeyIsCopied() {
        byte[] key = key(5);
        AnswerLinks made = AnswerLinks.signedWith(key);
        String text = made.sign(linkTo(paused("review"), ANN));
        Arrays.fill(key, (byte) 0);
        assertThat(made.open(flows, text)).isNotNull();
    }

    @Test
    void endsByTheEnginesClock() {
        Execution execution = paused("review");
        Instant until = clock.instant().plus(Duration.ofHours(3));
        String text = links.sign(AnswerLink.to(question(execution), ANN, until));
        clock.advance(Duration.ofHours(3).minusMillis(1));
        assertThat(links.open(flows, text).link().until()).isEqualTo(until);
        clock.advance(Duration.ofMillis(1));
        for (FlowScriptException refused : List.of(
                catchThrowableOfType(FlowScriptException.class, () -> links.open(flows, text)),
                catchThrowableOfType(FlowScriptException.class, () -> links.answer(flows, text, YES)))) {
            assertThat(refused.code()).isEqualTo("link_expired");
        }
        assertThat(question(execution).isOpen()).isTrue();
    }

    @Test
    void theDeadlineOfTheQuestionHoldsBesides() {
        Execution execution = paused("review");
        PauseToken token = question(execution).token();
        String text = links.sign(
                AnswerLink.to(question(execution), ANN, clock.instant().plus(Duration.ofDays(30))));
        clock.advance(Duration.ofDays(3));
        executor.runAll();
        assertThat(answer(text, YES))
                .isInstanceOfSatisfying(
                        Receipt.Expired.class,
                        expired -> assertThat(expired.token()).isEqualTo(token));
        assertThat(execution.state("$.answer").raw()).isEqualTo("too late");
    }

    @Test
    void aCancelledQuestionIsThat() {
        Execution execution = paused("review");
        String text = links.sign(linkTo(execution, ANN));
        execution.cancel("not needed", null);
        executor.runAll();
        assertThat(answer(text, YES)).isInstanceOf(Receipt.Cancelled.class);
    }

    @Test
    @DisplayName("what the mail showed is what is approved: once something else is shown, the answer is stale")
    void isStaleWhenSomethingElseIsShown() {
        Execution execution = paused("review");
        PauseToken token = question(execution).token();
        String text = links.sign(linkTo(execution, ANN).onlyAnswering(YES));
        flows.interactions().revise(token, Map.of("amount", 90_000), BOB);

        Receipt receipt = answer(text, YES);
        assertThat(receipt).isInstanceOf(Receipt.Stale.class);
        Receipt.Stale stale = (Receipt.Stale) receipt;
        assertThat(stale.seen()).isEqualTo(Map.of("amount", 250));
        assertThat(stale.shown()).isEqualTo(Map.of("amount", 90_000));
        assertThat(question(execution).isOpen()).isTrue();

        assertThat(links.answer(flows, text, YES, stale.contextHash())).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    void aLinkThatWasShownNothingAnswersWhateverIsShown() {
        Execution execution = paused("review");
        String text = links.sign(linkTo(execution, ANN).seen(null));
        flows.interactions().revise(question(execution).token(), Map.of("amount", 90_000), BOB);
        assertThat(answer(text, YES)).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    @DisplayName("several decide: one link a person, one vote a person, however many links they have")
    void aQuorumTakesOneVoteOfEachPerson() {
        Execution execution = paused("board");
        PauseToken token = question(execution).token();
        String ann = links.sign(linkTo(execution, ANN));
        String annAgain = links.sign(linkTo(execution, ANN));
        String bob = links.sign(linkTo(execution, BOB));

        Receipt first = answer(ann, YES);
        assertThat(first).isEqualTo(new Receipt.Accepted(token, clock.instant(), false));
        assertThat(answer(annAgain, YES)).isInstanceOf(Receipt.Forbidden.class);
        assertThat(answer(ann, YES)).isEqualTo(first);
        assertThat(answer(ann, NO)).isEqualTo(new Receipt.Conflict(token));
        assertThat(question(execution).isOpen()).isTrue();
        assertThat(answer(bob, YES)).isEqualTo(new Receipt.Accepted(token, clock.instant(), true));
        assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(answer(ann, YES)).isEqualTo(first);
    }

    @Test
    void somebodyElsesClaimHolds() {
        Execution execution = paused("review");
        PauseToken token = question(execution).token();
        String ann = links.sign(linkTo(execution, ANN));
        flows.interactions().claim(token, BOB, Duration.ofHours(1));
        assertThat(answer(ann, YES)).isInstanceOfSatisfying(Receipt.Forbidden.class, refused -> {
            assertThat(refused.code()).isEqualTo("already_claimed");
            assertThat(refused.message()).contains("bob");
        });
        flows.interactions().release(token, BOB);
        assertThat(answer(ann, YES)).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    @DisplayName("whoever may not answer may not by a link either")
    void separationOfDutiesHolds() {
        try (FlowScript careful = FlowScript.builder()
                .clock(clock)
                .executor(executor)
                .engineExecutor(executor)
                .node(asks("review", Question.open().notBy("ann")))
                .workflow(workflow("review"))
                .build()) {
            Execution execution = careful.start("review", Map.of());
            executor.runAll();
            assertThat(links.answer(careful, links.sign(linkTo(execution, ANN)), YES))
                    .isInstanceOf(Receipt.Forbidden.class);
            assertThat(links.answer(careful, links.sign(linkTo(execution, Identity.ANONYMOUS)), YES))
                    .isInstanceOf(Receipt.Forbidden.class);
            assertThat(links.answer(careful, links.sign(linkTo(execution, BOB)), YES))
                    .isInstanceOf(Receipt.Accepted.class);
        }
    }

    @Test
    void aLinkCanBeNobodys() {
        Execution execution = paused("anything");
        PauseToken token = question(execution).token();
        String text = links.sign(linkTo(execution, Identity.ANONYMOUS));
        assertThat(answer(text, 1)).isInstanceOf(Receipt.Accepted.class);
        assertThat(flows.interactions().answer(token, 2, AnswerOptions.NONE))
                .isEqualTo(new Receipt.AlreadyResolved(token, null, clock.instant()));
    }

    @Test
    void aLinkIsBounded() {
        Execution execution = paused("review");
        AnswerLink long1 = linkTo(execution, ANN).onlyAnswering("x".repeat(3_000));
        assertThatThrownBy(() -> links.sign(long1))
                .isInstanceOfSatisfying(
                        FlowScriptException.class,
                        refused -> assertThat(refused.code()).isEqualTo("link_too_long"));
        Set<String> groups =
                Set.copyOf(IntStream.range(0, 1_000).mapToObj(i -> "group " + i).toList());
        assertThatThrownBy(() -> links.sign(linkTo(execution, new Identity("ann", groups))))
                .hasMessageContaining("2000 characters");
        AnswerLink named = linkTo(execution, Identity.of("\u4e2d".repeat(100), "g\"\\\n\ud83d\ude00"));
        assertThat(links.open(flows, links.sign(named)).link()).isEqualTo(named);
    }

    @Test
    void aLinksOwnBoundsAreChecked() {
        AnswerLink link = linkTo(paused("review"), ANN);
        assertThatThrownBy(() -> new AnswerLink("", link.token(), ANN, link.until(), null, null))
                .isInstanceOf(FlowScriptException.class);
        assertThatThrownBy(() -> new AnswerLink("x".repeat(65), link.token(), ANN, link.until(), null, null))
                .isInstanceOf(FlowScriptException.class);
        assertThatThrownBy(() -> new AnswerLink("x", link.token(), ANN, Instant.MAX, null, null))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining("10000");
    }

    @Test
    void noTwoLinksAreTheSame() {
        Execution execution = paused("review");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            ids.add(linkTo(execution, ANN).id());
        }
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("a signature is compared in constant time")
    void comparesInConstantTime() throws IOException {
        try (InputStream in = LinkSignature.class.getResourceAsStream("LinkSignature.class")) {
            String names = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(names)
                    .contains("java/security/MessageDigest", "isEqual")
                    .doesNotContain("java/util/Arrays", "equals");
        }
    }
}
