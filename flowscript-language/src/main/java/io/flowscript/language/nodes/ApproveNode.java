package io.flowscript.language.nodes;

import static io.flowscript.language.nodes.BuiltInNode.describe;

import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The node {@code approve}: one person decides, or several people vote. If the deciders need more information, others
 * are asked for it, and then the deciders are asked again. The requests for information and their answers are the
 * node's memo.
 */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
final class ApproveNode {

    private static final String DECISION = "decision";
    private static final String COMMENT = "comment";
    private static final String VOTES = "votes";
    private static final String BY = "by";
    private static final String TIMED_OUT = "timedOut";
    private static final String APPROVED = "approved";
    private static final String REJECTED = "rejected";
    private static final String NEEDS_INFO = "needsInfo";
    private static final int MAX_VOTES = 1_000;
    private static final List<String> OWN = List.of(BY, TIMED_OUT, InformationRounds.FIELD);
    private static final List<String> HINTS = List.of("title", "description");

    /** The fields are in the order in which a person fills them in. */
    private static final Question QUESTION = Question.form(schema());

    private final OnTimeoutSetting onTimeout;
    private final @Nullable String stateKey;

    private ApproveNode(OnTimeoutSetting onTimeout, @Nullable String stateKey) {
        this.onTimeout = onTimeout;
        this.stateKey = stateKey;
    }

    /**
     * Creates the node.
     *
     * @param stateKey where the decision is written if the config names no path; null for nowhere
     */
    static BuiltInNode node(String name, @Nullable String stateKey, FormValidator forms) {
        OnTimeoutSetting onTimeout = new OnTimeoutSetting(forms);
        return new BuiltInNode(
                name,
                describe(
                        NodeType.HUMAN,
                        "Asks people for a decision",
                        APPROVED,
                        REJECTED,
                        NEEDS_INFO,
                        OnTimeoutSetting.EDGE),
                HumanSettings.all(new ConfigRules())
                        .optional("title", "a text", ConfigRules::isLabel)
                        .optional("description", "a text", ConfigRules::isLabel)
                        .optional("quorum", "an object such as {\"approvals\": 2, \"of\": 3}", ConfigRules::isObject)
                        .inside("quorum", quorumRules())
                        .optional(
                                "sendBack",
                                "an object such as {\"assignees\": \"{{requester}}\"}",
                                ConfigRules::isObject)
                        .inside("sendBack", SendBackSetting.rules(forms))
                        .rule(config -> onTimeout.wrongAnswer(config, QUESTION)),
                new ApproveNode(onTimeout, stateKey)::run);
    }

    private static Map<String, Object> schema() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(DECISION, Map.of("type", "string", "enum", List.of(APPROVED, REJECTED, NEEDS_INFO)));
        fields.put(COMMENT, Map.of("type", "string", "maxLength", 10_000));
        return Map.of("type", "object", "properties", fields, "required", List.of(DECISION));
    }

    private static ConfigRules quorumRules() {
        String votes = "a whole number from 1 to " + MAX_VOTES;
        return new ConfigRules()
                .required("approvals", votes, ConfigRules.isWhole(1, MAX_VOTES))
                .optional("of", votes, ConfigRules.isWhole(1, MAX_VOTES))
                .rule(quorum -> quorum.get("approvals") instanceof Number needed
                                && quorum.get("of") instanceof Number all
                                && needed.intValue() > all.intValue()
                        ? needed + " approvals are not possible with " + all
                                + " votes; \"approvals\" must be at most \"of\""
                        : null);
    }

    private Outcome run(ExecutionContext context) {
        InformationRounds information = InformationRounds.of(context.memo());
        Answer answer = context.answer();
        if (answer == null) {
            return onTimeout.checked(context, question(context, information)).ask(information.memo());
        }
        if (information.isAwaited()) {
            return answer.timedOut()
                    ? leave(context, NEEDS_INFO, unanswered(information), information)
                    : askAgain(context, information.answered(answer));
        }
        if (!answer.timedOut()) {
            return decided(context, answer, information);
        }
        Answer instead = onTimeout.answer(context, question(context, information), answer);
        return instead == null ? Edge.of(OnTimeoutSetting.EDGE) : decided(context, instead, information);
    }

    private static Outcome askAgain(ExecutionContext context, InformationRounds information) {
        return question(context, information).ask(information.memo());
    }

    private static Question question(ExecutionContext context, InformationRounds information) {
        Question question = QUESTION.hints(HumanSettings.hints(context.config(), HINTS));
        Value quorum = context.config().get("quorum");
        return information.shownWith(
                HumanSettings.apply(quorum.isNull() ? question : question.decidedBy(quorum(quorum)), context));
    }

    /**
     * Approves after the configured approvals, rejects once these cannot be reached any more. A single request for
     * more information ends the vote.
     */
    private static Quorum quorum(Value config) {
        int approvals = config.get("approvals").asInt();
        int votes = config.get("of").orElse(approvals).asInt();
        return new Quorum(DECISION, Map.of(APPROVED, approvals, REJECTED, votes - approvals + 1, NEEDS_INFO, 1));
    }

    private Outcome decided(ExecutionContext context, Answer answer, InformationRounds information) {
        String decision = answer.get(DECISION).asString();
        Map<String, @Nullable Object> data = data(context, answer);
        Value sendBack = context.config().get("sendBack");
        return decision.equals(NEEDS_INFO)
                        && !sendBack.isNull()
                        && information.rounds() < SendBackSetting.rounds(sendBack)
                ? SendBackSetting.ask(context, sendBack, information.asked(data.get(COMMENT), answer))
                : leave(context, decision, data, information);
    }

    /** Returns the answer and who gave it. Fields of the answer with the names that this node sets are ignored. */
    private static Map<String, @Nullable Object> data(ExecutionContext context, Answer answer) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>(answer.data().asMap());
        Object votes = data.remove(VOTES);
        OWN.forEach(data::remove);
        if (votes instanceof List<?> all
                && !answer.timedOut()
                && context.config().get("quorum").raw() != null) {
            Value last = Value.of(all.get(all.size() - 1)).get("answer");
            put(data, COMMENT, last.get(COMMENT).raw());
            data.put(VOTES, votes);
        }
        put(data, BY, HumanSettings.name(answer));
        put(data, TIMED_OUT, answer.timedOut() ? true : null);
        return data;
    }

    /** Returns the data for a request for information that was not answered in time. */
    private static Map<String, @Nullable Object> unanswered(InformationRounds information) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put(DECISION, NEEDS_INFO);
        put(data, COMMENT, information.question());
        put(data, BY, information.askedBy());
        return data;
    }

    private static void put(Map<String, @Nullable Object> data, String field, @Nullable Object value) {
        if (value != null) {
            data.put(field, value);
        }
    }

    private Outcome leave(
            ExecutionContext context, String edge, Map<String, @Nullable Object> data, InformationRounds information) {
        if (information.rounds() > 0) {
            data.put(InformationRounds.FIELD, information.memo());
        }
        return HumanSettings.leave(context, edge, data, stateKey);
    }
}
