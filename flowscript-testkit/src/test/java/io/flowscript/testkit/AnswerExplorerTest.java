package io.flowscript.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.CommandKey;
import io.flowscript.core.Identity;
import io.flowscript.core.event.EventType;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPage;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.testkit.AnswerExplorer.Explored;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayName("Answers at every possible moment: the engine is correct, and each injected fault is found")
@Tag("slow")
class AnswerExplorerTest {

    private static final NamedNode VOTE = Node.named("vote")
            .edges("yes", "no", "nobody")
            .ask(context -> Question.open()
                    .decidedBy(new Quorum("vote", Map.of("yes", 2, "no", 2)))
                    .notBy("dora")
                    .remind(Duration.ofHours(1))
                    .within(Duration.ofDays(1)))
            .answered((context, answer) -> {
                context.state()
                        .set(
                                "votes",
                                answer.data().isMissing()
                                        ? null
                                        : answer.get("votes").raw());
                return Edge.of(answer.timedOut() ? "nobody" : answer.get("vote").asString());
            });

    private static AnswerExplorer expense() {
        return AnswerExplorer.of(Expenses::addTo)
                .start("expense", Map.of("amount", 250))
                .answering("review", Expenses.APPROVED, Expenses.REJECTED);
    }

    @Test
    @DisplayName("One interaction with reminders, escalation and deadline: every receipt occurs, no invariant breaks")
    void oneQuestion() {
        Explored explored = expense().explore();

        assertThat(explored.runs()).isEqualTo(1_000);
        assertThat(explored.moments()).isGreaterThan(20);
        assertThat(explored.receipts())
                .containsKeys(
                        "accepted",
                        "already_resolved",
                        "validation_failed",
                        "expired",
                        "execution_finished",
                        "already_claimed");
    }

    @Test
    @DisplayName("Consecutive interactions, the second of which is opened by the answer to the first")
    void questionsInSequence() {
        Explored explored = AnswerExplorer.of(builder -> builder.node(Expenses.REVIEW)
                        .node(
                                "either",
                                context -> context.answer() == null
                                        ? Question.open().ask(1)
                                        : context.memo().asInt() == 1
                                                ? Question.open()
                                                        .within(Duration.ofHours(5))
                                                        .ask(2)
                                                : Edge.of("done"))
                        .workflow(Workflow.named("many")
                                .step("either")
                                .step("delay", Map.of("seconds", 60))
                                .step("review")
                                .build()))
                .start("many", Map.of("amount", 1))
                .answering("review", Expenses.APPROVED)
                .answering("either", null, false, 0, "")
                .runs(600)
                .explore();

        assertThat(explored.receipts().get("accepted")).isGreaterThan(600);
    }

    @Test
    void aQuorum() {
        Explored explored = AnswerExplorer.of(builder -> builder.node(VOTE)
                        .workflow(Workflow.named("vote").step("vote").build()))
                .start("vote", Map.of())
                .answering("vote", Map.of("vote", "yes"), Map.of("vote", "no"))
                .answeringWrongly("vote", Map.of("vote", "perhaps"), "yes")
                .people("dora", "ann", "bob", "carl")
                .runs(600)
                .explore();

        assertThat(explored.receipts())
                .containsKeys("accepted", "forbidden", "already_resolved", "validation_failed", "expired");
    }

    @Test
    void theSameSeedExploresTheSame() {
        assertThat(expense().runs(100).seed(7).explore())
                .isEqualTo(expense().runs(100).seed(7).explore())
                .isNotEqualTo(expense().runs(100).seed(8).explore());
    }

    @Test
    void anAnswerThatIsAcceptedAndLostIsFound() {
        finds("An answer was lost", real -> new FaultyInteractions(real) {
            @Override
            Receipt answer(PauseToken token, Object answer, AnswerOptions options, Interaction question) {
                return question.isOpen() && options.by().name().equals("carl")
                        ? new Receipt.Accepted(token, Instant.EPOCH, true)
                        : real().answer(token, answer, options);
            }
        });
    }

    @Test
    @DisplayName("A fault that shows only after a reminder is found by people who let time pass")
    void aFaultOfOneMomentIsFound() {
        finds("An answer was lost", real -> new FaultyInteractions(real) {
            @Override
            Receipt answer(PauseToken token, Object answer, AnswerOptions options, Interaction question) {
                boolean reminded = question.history().stream()
                        .anyMatch(change -> change.what().equals(EventType.HUMAN_INPUT_REMINDED));
                return question.isOpen() && reminded
                        ? new Receipt.Accepted(token, Instant.EPOCH, true)
                        : real().answer(token, answer, options);
            }
        });
    }

    @Test
    void aSecondAnswerThatIsAcceptedTooIsFound() {
        finds("More than one answer was accepted", real -> new FaultyInteractions(real) {
            @Override
            Receipt answer(PauseToken token, Object answer, AnswerOptions options, Interaction question) {
                Receipt receipt = real().answer(token, answer, options);
                return receipt instanceof Receipt.AlreadyResolved late
                        ? new Receipt.Accepted(token, late.at(), true)
                        : receipt;
            }
        });
    }

    @Test
    @DisplayName("An answer from elsewhere, such as from a listener, is in the log without a receipt")
    void anAnswerThatNobodyGaveIsFound() {
        finds("got the answer of ghost, but there are 0 receipts for it", real -> new FaultyInteractions(real) {
            @Override
            Receipt answer(PauseToken token, Object answer, AnswerOptions options, Interaction question) {
                if (question.isOpen() && options.by().name().equals("bob")) {
                    real().answer(token, answer, AnswerOptions.by(Identity.of("ghost")));
                }
                return real().answer(token, answer, options);
            }
        });
    }

    @Test
    void anAnswerThatIsDroppedIsFound() {
        finds("An answer to an open interaction was refused", real -> new FaultyInteractions(real) {
            @Override
            Receipt answer(PauseToken token, Object answer, AnswerOptions options, Interaction question) {
                return question.isOpen() && options.by().name().equals("bob")
                        ? new Receipt.Cancelled(token, Instant.EPOCH)
                        : real().answer(token, answer, options);
            }
        });
    }

    @Test
    void anIdempotencyKeyThatIsForgottenIsFound() {
        finds("The same answer under the same key got another receipt", real -> new FaultyInteractions(real) {
            @Override
            Receipt answer(PauseToken token, Object answer, AnswerOptions options, Interaction question) {
                return real().answer(token, answer, AnswerOptions.by(options.by()));
            }
        });
    }

    @Test
    void aWrongAnswerThatIsTakenIsFound() {
        finds("An invalid answer was accepted", real -> new FaultyInteractions(real) {
            @Override
            Receipt answer(PauseToken token, Object answer, AnswerOptions options, Interaction question) {
                Receipt receipt = real().answer(token, answer, options);
                return receipt instanceof Receipt.Invalid ? real().answer(token, Expenses.APPROVED, options) : receipt;
            }
        });
    }

    @Test
    void anAnswerThatIsChangedOnItsWayIsFound() {
        finds(
                "It went on with {\"decision\":\"rejected\"}, not with what was accepted",
                real -> new FaultyInteractions(real) {
                    @Override
                    Receipt answer(PauseToken token, Object answer, AnswerOptions options, Interaction question) {
                        return real().answer(
                                        token, answer.equals(Expenses.APPROVED) ? Expenses.REJECTED : answer, options);
                    }
                });
    }

    @Test
    void aWinnerThatIsNotTheWinnerIsFound() {
        finds("The receipt names nobody I know as who resolved it", real -> new FaultyInteractions(real) {
            @Override
            Receipt answer(PauseToken token, Object answer, AnswerOptions options, Interaction question) {
                Receipt receipt = real().answer(token, answer, options);
                return receipt instanceof Receipt.AlreadyResolved late
                        ? new Receipt.AlreadyResolved(token, Identity.of("nobody I know"), late.at())
                        : receipt;
            }
        });
    }

    @Test
    void aStateThatDependsOnSomethingElseIsFound() {
        AtomicInteger calls = new AtomicInteger();
        AnswerExplorer explorer = AnswerExplorer.of(builder -> {
                    Expenses.addTo(builder);
                    builder.node("book", context -> {
                        context.state().set("calls", calls.incrementAndGet());
                        return Edge.of("booked");
                    });
                })
                .start("expense", Map.of("amount", 250))
                .answering("review", Expenses.APPROVED);

        assertThatThrownBy(explorer::explore)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("The same answers without other actions lead to")
                .hasMessageContaining("\"calls\":");
    }

    @Test
    void tooFewPeopleAreToldSo() {
        AnswerExplorer explorer = AnswerExplorer.of(builder -> builder.node(Node.named("vote")
                                .edges("yes")
                                .ask(context -> Question.open().decidedBy(new Quorum("vote", Map.of("yes", 2))))
                                .answered((context, answer) -> Edge.of("yes")))
                        .workflow(Workflow.named("vote").step("vote").build()))
                .start("vote", Map.of())
                .answering("vote", Map.of("vote", "yes"))
                .people("ann");

        assertThatThrownBy(explorer::explore)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Nobody can close the interaction");
    }

    @Test
    void whatWasNotSaidIsAskedFor() {
        assertThatThrownBy(() -> AnswerExplorer.of(Expenses::addTo).explore())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("start(workflow, input)");
        assertThatThrownBy(() -> AnswerExplorer.of(Expenses::addTo)
                        .start("expense", Map.of("amount", 1))
                        .explore())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("answering(\"review\", ...)");
        assertThatThrownBy(() -> expense().runs(9)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> expense().people()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> expense().answering("review")).isInstanceOf(IllegalArgumentException.class);
    }

    /** A fault on the way of the answers is found, and the message tells the run and the story. */
    private static void finds(String what, UnaryOperator<Interactions> fault) {
        assertThatThrownBy(() -> expense().through(fault).explore())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(what)
                .hasMessageContaining("The run: people ")
                .hasMessageContaining("answers review with")
                .hasMessageContaining("What happened to explored");
    }

    /** A way of answers that can be faulty. */
    private abstract static class FaultyInteractions implements Interactions {

        private final Interactions real;

        FaultyInteractions(Interactions real) {
            this.real = real;
        }

        abstract Receipt answer(PauseToken token, Object answer, AnswerOptions options, Interaction question);

        Interactions real() {
            return real;
        }

        @Override
        public Receipt answer(PauseToken token, Object answer, AnswerOptions options) {
            return answer(token, answer, options, real.find(token).orElseThrow());
        }

        @Override
        public Receipt answer(String executionId, String nodeId, Object answer, AnswerOptions options) {
            return real.answer(executionId, nodeId, answer, options);
        }

        @Override
        public Optional<Interaction> find(PauseToken token) {
            return real.find(token);
        }

        @Override
        public InteractionPage stored(
                InteractionQuery query, InteractionOrder order, InteractionPlace after, int limit) {
            return real.stored(query, order, after, limit);
        }

        @Override
        public long countStored(InteractionQuery query, long most) {
            return real.countStored(query, most);
        }

        @Override
        public Interaction claim(PauseToken token, Identity by, Duration lease, CommandKey key) {
            return real.claim(token, by, lease, key);
        }

        @Override
        public Interaction release(PauseToken token, Identity by, CommandKey key) {
            return real.release(token, by, key);
        }

        @Override
        public Interaction revise(PauseToken token, Map<String, ?> shown, Identity by) {
            return real.revise(token, shown, by);
        }

        @Override
        public CompletionStage<?> markSeen(String executionId, Set<String> tokenIds, Identity by) {
            return real.markSeen(executionId, tokenIds, by);
        }
    }
}
