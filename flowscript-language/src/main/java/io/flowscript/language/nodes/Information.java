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
 * What those who decide wanted to know and were told, round by round: each with {@code question}, {@code askedBy}, {@code askedAt}, and, once it was
 * told, {@code answer}, {@code answeredBy}, {@code answeredAt}. Immutable; as JSON it is the memo of the node that asks.
 */
// The nullness of type arguments elsewhere is not in the class files that JDK 17 reads.
@SuppressWarnings("NullAway")
final class Information {

    /** Its name in what is shown, and in what the node leaves with. */
    static final String FIELD = "information";

    private static final String QUESTION = "question";
    private static final String ASKED_BY = "askedBy";
    private static final String ANSWERED_AT = "answeredAt";

    private final List<Value> rounds;

    private Information(List<Value> rounds) {
        this.rounds = rounds;
    }

    static Information of(Value memo) {
        return new Information(memo.isNull() ? List.of() : memo.asList());
    }

    List<?> memo() {
        return rounds.stream().map(Value::raw).toList();
    }

    int rounds() {
        return rounds.size();
    }

    /** Whether something was asked and is not told yet. */
    boolean isAwaited() {
        return !rounds.isEmpty() && last().get(ANSWERED_AT).isMissing();
    }

    /** What was asked last. */
    @Nullable
    Object question() {
        return last().get(QUESTION).raw();
    }

    /** Who asked last. */
    @Nullable
    Object askedBy() {
        return last().get(ASKED_BY).raw();
    }

    /** One more round begins. */
    Information asked(@Nullable Object question, Answer needsInfo) {
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

    /** The last round is over. */
    Information told(Answer answer) {
        Map<String, @Nullable Object> round = new LinkedHashMap<>(last().asMap());
        round.put("answer", answer.data().raw());
        String by = HumanSettings.name(answer);
        if (by != null) {
            round.put("answeredBy", by);
        }
        round.put(ANSWERED_AT, answer.at().toString());
        return with(rounds.subList(0, rounds.size() - 1), round);
    }

    /** The question with all of this shown, beside what it shows already. */
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

    private static Information with(List<Value> rounds, Map<String, @Nullable Object> round) {
        List<Value> all = new ArrayList<>(rounds);
        all.add(Value.of(round));
        return new Information(all);
    }
}
