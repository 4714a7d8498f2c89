package io.flowscript.language.nodes;

import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.Question;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of requests for more information. Each round has {@code question}, {@code askedBy}, {@code askedAt},
 * and, once it is answered, {@code answer}, {@code answeredBy}, {@code answeredAt}. Immutable; its JSON form is the
 * memo of the node that asks.
 */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
final class InformationRounds {

    /** Name of the field in what is shown to people, and in the node's result. */
    static final String FIELD = "information";

    private static final String QUESTION = "question";
    private static final String ASKED_BY = "askedBy";
    private static final String ANSWERED_AT = "answeredAt";

    private final List<Value> rounds;

    private InformationRounds(List<Value> rounds) {
        this.rounds = rounds;
    }

    static InformationRounds of(Value memo) {
        return new InformationRounds(memo.isNull() ? List.of() : memo.asList());
    }

    List<?> memo() {
        return rounds.stream().map(Value::raw).toList();
    }

    int rounds() {
        return rounds.size();
    }

    /** Whether the last request is not answered yet. */
    boolean isAwaited() {
        return !rounds.isEmpty() && last().get(ANSWERED_AT).isMissing();
    }

    /** Returns the last request. */
    @Nullable
    Object question() {
        return last().get(QUESTION).raw();
    }

    /** Returns who made the last request. */
    @Nullable
    Object askedBy() {
        return last().get(ASKED_BY).raw();
    }

    /** Adds a round. */
    InformationRounds asked(@Nullable Object question, Answer needsInfo) {
        Map<String, @Nullable Object> round = new LinkedHashMap<>();
        if (question != null) {
            round.put(QUESTION, question);
        }
        String by = HumanSettings.name(needsInfo);
        if (by != null) {
            round.put(ASKED_BY, by);
        }
        round.put("askedAt", needsInfo.at().toString());
        return with(rounds, round);
    }

    /** Completes the last round. */
    InformationRounds answered(Answer answer) {
        Map<String, @Nullable Object> round = new LinkedHashMap<>(last().asMap());
        round.put("answer", answer.data().raw());
        String by = HumanSettings.name(answer);
        if (by != null) {
            round.put("answeredBy", by);
        }
        round.put(ANSWERED_AT, answer.at().toString());
        return with(rounds.subList(0, rounds.size() - 1), round);
    }

    /** Adds all rounds to what a question shows. */
    Question shownWith(Question question) {
        if (rounds.isEmpty()) {
            return question;
        }
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        Map<String, @Nullable Object> before = question.context();
        if (before != null) {
            shown.putAll(before);
        }
        shown.put(FIELD, memo());
        return question.showing(shown);
    }

    private Value last() {
        return rounds.get(rounds.size() - 1);
    }

    private static InformationRounds with(List<Value> rounds, Map<String, @Nullable Object> round) {
        List<Value> all = new ArrayList<>(rounds);
        all.add(Value.of(round));
        return new InformationRounds(all);
    }
}
