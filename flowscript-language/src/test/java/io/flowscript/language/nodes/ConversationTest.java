package io.flowscript.language.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node of an application's own that asks one question after the other, each but the first with a memo. */
class ConversationTest {

    private static NamedNode book() {
        Object city = Map.of("type", "string", "minLength", 1);
        Object date = Map.of("type", "string", "format", "date");
        return Node.named("book")
                .edges("booked")
                .ask(context -> Question.form(city))
                .answered((context, answer) -> {
                    if (context.memo().isMissing()) {
                        String chosen = answer.data().asString();
                        return Question.form(date)
                                .showing(Map.of("city", chosen))
                                .ask(Map.of("city", chosen));
                    }
                    return Edge.of(
                            "booked",
                            Map.of(
                                    "city",
                                    context.memo().get("city").raw(),
                                    "date",
                                    answer.data().raw()));
                });
    }

    @ParameterizedTest(name = "restarted: {0}")
    @ValueSource(booleans = {false, true})
    void twoQuestionsInSequence(boolean restarts) {
        try (HumanRun run = HumanRun.with(restarts, builder -> builder.node(book()), "book")) {
            assertThat(run.answer("ann", "")).isInstanceOf(Receipt.Invalid.class);
            run.answered("ann", "Vienna");
            assertThat(run.shown().get("city")).hasToString("Vienna");
            assertThat(run.answer("ann", "tomorrow")).isInstanceOf(Receipt.Invalid.class);
            run.answered("ann", "2026-05-01");
            assertThat(run.edge()).isEqualTo("booked");
            assertThat(run.data().raw()).isEqualTo(Map.of("city", "Vienna", "date", "2026-05-01"));
            assertThat(run.types()).filteredOn("node:executing"::equals).hasSize(1);
        }
    }

    @ParameterizedTest(name = "restarted: {0}")
    @ValueSource(booleans = {false, true})
    void asManyAsTheMemoCounts(boolean restarts) {
        NamedNode count = Node.named("count").ask(context -> Question.open()).answered((context, answer) -> {
            int round = context.memo().orElse(0).asInt() + 1;
            context.state().set("last", answer.data().raw());
            return round < 5 ? Question.open().ask(round) : Edge.of("done", round);
        });
        try (HumanRun run = HumanRun.with(restarts, builder -> builder.node(count), "count")) {
            for (int i = 1; i <= 5; i++) {
                run.answered(null, i * 10);
            }
            assertThat(run.data().asInt()).isEqualTo(5);
            assertThat(run.state().get("last").asInt()).isEqualTo(50);
        }
    }

    @Test
    void whatABuilderIsToldIsInTheMetadataWhateverTheOrder() {
        NamedNode node = Node.named("n")
                .timeout(Duration.ofSeconds(1))
                .retry(RetryPolicy.fixed(2, Duration.ZERO))
                .expressions("when")
                .edges("a", "b")
                .type(NodeType.CONTROL)
                .description("D")
                .run(context -> Edge.of("a"));
        assertThat(node.metadata().description()).isEqualTo("D");
        assertThat(node.metadata().type()).isEqualTo(NodeType.CONTROL);
        assertThat(node.metadata().edges()).containsExactlyInAnyOrderElementsOf(List.of("a", "b"));
        assertThat(node.metadata().expressionFields()).containsExactly("when");
        assertThat(node.metadata().retry().attempts()).isEqualTo(2);
        assertThat(node.metadata().timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(book().metadata().type()).isEqualTo(NodeType.HUMAN);
    }
}
