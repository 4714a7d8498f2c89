package io.flowscript.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Assignment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class QuestionTest {

    private static final List<UnaryOperator<Question>> SETTINGS = List.of(
            question -> question.hints(Map.of("a", 1)),
            question -> question.showing(Map.of("a", 1)),
            question -> question.defaults(Map.of("a", 1)),
            question -> question.within(Duration.ofDays(1)),
            question -> question.assignedTo("ann"),
            question -> question.notBy("bob"),
            question -> question.remind(Duration.ofHours(1)),
            question -> question.escalate(Duration.ofHours(2), Assignment.ANYBODY),
            question -> question.decidedBy(new Quorum("decision", Map.of("yes", 2))),
            question -> question.because("it matters"),
            Question::cancellable);

    @Test
    @DisplayName("Two questions are equal when all their values are, and their text shows them")
    void equalValues() {
        List<Question> different = new ArrayList<>(List.of(Question.open(), Question.form(Map.of("type", "number"))));
        SETTINGS.forEach(setting -> different.add(setting.apply(Question.open())));

        assertThat(different).doesNotHaveDuplicates();
        assertThat(Question.form(Map.of("type", "number")))
                .isEqualTo(different.get(1))
                .hasSameHashCodeAs(different.get(1));
        for (UnaryOperator<Question> setting : SETTINGS) {
            Question once = setting.apply(Question.open());
            assertThat(setting.apply(Question.open())).isEqualTo(once).hasSameHashCodeAs(once);
        }
        assertThat(Question.open().because("it matters").toString()).contains("reason=it matters");
    }
}
