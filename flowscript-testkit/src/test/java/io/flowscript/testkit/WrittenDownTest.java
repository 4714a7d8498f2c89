package io.flowscript.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Assignment;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.json.SnapshotCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What people do with questions, at random, in two engines: one that is never left, one that is written down as JSON and left for another after each thing. */
@Tag("slow")
class WrittenDownTest {

    private static final int ROUNDS = Integer.getInteger("flowscript.written-down", 150);
    private static final List<Identity> PEOPLE = List.of(
            Identity.of("ada", "leads"), Identity.of("bob"), Identity.of("eve"), Identity.of("zoe", "leads", "bosses"));

    private static Question question(long round) {
        return Question.form(Map.of("type", "object", "required", List.of("decision")))
                .showing(Map.of("amount", round, "price", 2.5))
                .assignedTo("ada")
                .candidates("leads")
                .notBy("eve")
                .remind(Duration.ofHours(5), Duration.ofHours(30))
                .escalate(Duration.ofHours(24), new Assignment(List.of("zoe"), List.of("bosses")))
                .decidedBy(new Quorum("decision", Map.of("approved", 2, "needsInfo", 1)))
                .within(Duration.ofHours(48))
                .because("round " + round)
                .cancellable();
    }

    /** An engine, and perhaps the next one. */
    private static final class Home {

        private final ManualClock clock = new ManualClock();
        private final AtomicInteger ids = new AtomicInteger();
        private final AtomicInteger epochs = new AtomicInteger();
        private final List<RecordedEvent> events = new ArrayList<>();
        private final boolean moves;
        private boolean restores;
        private ManualExecutor executor = new ManualExecutor();
        private FlowScript flows = engine();
        private Execution run;

        Home(boolean moves) {
            this.moves = moves;
            run = flows.start("w", Map.of(), "run");
            settle();
        }

        private FlowScript engine() {
            executor = new ManualExecutor();
            return FlowScript.builder()
                    .clock(clock)
                    .executor(executor)
                    .engineExecutor(executor)
                    .ids(() -> restores ? "epoch" + epochs.incrementAndGet() : "id" + ids.incrementAndGet())
                    .limits(EngineLimits.defaults().rememberedInteractions(4))
                    .node("ask", context -> {
                        if (context.answer() == null) {
                            return question(context.state()
                                            .get("round")
                                            .orElse(0)
                                            .asInt())
                                    .ask();
                        }
                        int round = context.state().get("round").orElse(0).asInt() + 1;
                        context.state().set("round", round);
                        context.state().set("last", context.answer().data().raw());
                        return round == 3
                                ? Edge.of("exit")
                                : round == 2 ? question(round).ask() : Edge.of("loopTo:ask");
                    })
                    .workflow(WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of("ask"))))
                    .build();
        }

        void settle() {
            do {
                clock.advance(Duration.ZERO);
            } while (executor.runOne());
            long seen = events.isEmpty() ? 0 : events.get(events.size() - 1).seq();
            run.events().read(new Position(null, seen), 10_000).forEach(event -> events.add(inFirstEpoch(event)));
            if (moves) {
                byte[] json = SnapshotCodec.write(run.snapshot());
                flows.close();
                flows = engine();
                ExecutionSnapshot back = SnapshotCodec.read(json);
                restores = true;
                run = flows.restore(back);
                restores = false;
                executor.runAll();
            }
        }

        /** Each engine begins a new epoch, in which it goes on with the next number: the only difference that may be. */
        private RecordedEvent inFirstEpoch(RecordedEvent event) {
            String epoch = events.isEmpty() ? event.epoch() : events.get(0).epoch();
            return new RecordedEvent(
                    event.executionId(), event.workflowId(), epoch, event.seq(), event.time(), event.event());
        }

        /** One thing that somebody does, or that time does; gives what came of it. */
        Object disturb(Random random, List<PauseToken> tokens) {
            PauseToken token = tokens.get(random.nextInt(3) == 0 ? random.nextInt(tokens.size()) : tokens.size() - 1);
            Identity who = PEOPLE.get(random.nextInt(PEOPLE.size()));
            int kind = random.nextInt(10);
            Object came = switch (kind) {
                case 0, 1 -> {
                    clock.advance(Duration.ofMinutes(random.nextInt(600)));
                    yield "";
                }
                case 2 -> tried(() -> flows.interactions().claim(token, who, Duration.ofHours(1 + random.nextInt(3))));
                case 3 -> tried(() -> flows.interactions().release(token, who));
                case 4 -> tried(() -> flows.interactions().revise(token, Map.of("amount", random.nextInt(3)), who));
                default -> answer(random, token, who);
            };
            settle();
            return came;
        }

        private Receipt answer(Random random, PauseToken token, Identity who) {
            String key = random.nextBoolean() ? "k" + random.nextInt(2) : null;
            String seen = random.nextBoolean() ? null : Question.contextHash(Map.of("amount", random.nextInt(3)));
            String decision =
                    List.of("approved", "approved", "needsInfo", "maybe").get(random.nextInt(4));
            Object answer = random.nextInt(12) == 0
                    ? Map.of("_cancelled", true)
                    : Map.of("decision", decision, "number", 1.50, "long", 7L);
            return flows.interactions().answer(token, answer, new AnswerOptions(who, key, seen));
        }

        private static Object tried(Callable<Interaction> change) {
            try {
                return comparable(change.call());
            } catch (FlowScriptException e) {
                return e.code() + " " + e.getMessage();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        /** Everything but the question, which is told by its hash: two of the same are not equal. */
        private static List<Object> comparable(Interaction it) {
            return java.util.Arrays.asList(
                    it.token(),
                    it.deadline(),
                    it.assignment(),
                    it.status(),
                    it.schedule(),
                    it.claim(),
                    it.replies(),
                    it.shownBefore(),
                    it.history(),
                    it.seenBy(),
                    it.closedAt(),
                    it.info());
        }
    }

    @Test
    @DisplayName(
            "I1, I3: an execution that is written as JSON after each step takes the same way, and its events follow the grammar")
    void theSameInBoth() {
        int ended = 0;
        for (long seed = 0; seed < ROUNDS; seed++) {
            Home stays = new Home(false);
            Home moves = new Home(true);
            Random one = new Random(seed);
            Random other = new Random(seed);
            List<PauseToken> tokens = new ArrayList<>();
            for (int i = 0; i < 60 && !stays.run.status().isEnded(); i++) {
                stays.run.interactions().forEach(open -> {
                    if (!tokens.contains(open.token())) {
                        tokens.add(open.token());
                    }
                });
                assertThat(moves.disturb(other, tokens))
                        .as("seed %d, step %d", seed, i)
                        .isEqualTo(stays.disturb(one, tokens));
            }
            if (stays.run.status().isEnded()) {
                ended++;
            }
            for (Home home : List.of(stays, moves)) {
                home.run.cancel("time is up", null);
                home.settle();
                EventGrammar.check(home.events);
            }
            assertThat(moves.events).as("seed %d", seed).isEqualTo(stays.events);
            assertThat(moves.run.snapshot().closed().stream().map(Home::comparable))
                    .isEqualTo(stays.run.snapshot().closed().stream()
                            .map(Home::comparable)
                            .toList());
            stays.flows.close();
            moves.flows.close();
        }
        assertThat(ended).isBetween(ROUNDS / 10, ROUNDS);
    }
}
