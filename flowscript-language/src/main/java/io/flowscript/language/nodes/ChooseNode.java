package io.flowscript.language.nodes;

import static io.flowscript.language.nodes.BuiltInNode.describe;

import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The node {@code choose}: a person picks one of several options. */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
final class ChooseNode {

    /** The edge for an option for which the branch has no flow. */
    static final String CHOSEN = "chosen";

    private static final String CHOICE = "choice";

    private ChooseNode() {}

    static BuiltInNode node(FormValidator forms) {
        OnTimeoutSetting onTimeout = new OnTimeoutSetting(forms);
        return new BuiltInNode(
                "choose",
                // Declares no edges, because it leaves by the edges of the options.
                describe(NodeType.HUMAN, "Asks a person to choose one of several options"),
                HumanSettings.all(ChoiceOptions.rules(new ConfigRules()))
                        .optional("title", "a text", ConfigRules::isLabel)
                        .optional("description", "a text", ConfigRules::isLabel)
                        .rule(config -> {
                            ChoiceOptions options = ChoiceOptions.asWritten(config);
                            return onTimeout.wrongAnswer(config, options == null ? null : form(options));
                        }),
                context -> run(context, onTimeout));
    }

    private static Outcome run(ExecutionContext context, OnTimeoutSetting onTimeout) {
        ChoiceOptions options = ChoiceOptions.of(context);
        Answer answer = context.answer();
        if (answer != null && !answer.timedOut()) {
            return answered(context, options, answer);
        }
        Question question = question(context, options);
        if (answer == null) {
            if (context.config().get("options").raw() instanceof List) {
                options.checkFlows(context.branchEdges());
            }
            return onTimeout.checked(context, question).ask();
        }
        Answer instead = onTimeout.answer(context, question, answer);
        return instead == null ? Edge.of(OnTimeoutSetting.EDGE) : answered(context, options, instead);
    }

    private static Question form(ChoiceOptions options) {
        return Question.form(Map.of(
                "type",
                "object",
                "properties",
                Map.of(CHOICE, Map.of("enum", options.values())),
                "required",
                List.of(CHOICE)));
    }

    private static Question question(ExecutionContext context, ChoiceOptions options) {
        Map<String, @Nullable Object> hints = new LinkedHashMap<>();
        Map<String, @Nullable Object> texts = HumanSettings.hints(context.config(), List.of("title", "description"));
        if (texts != null) {
            hints.putAll(texts);
        }
        hints.put("options", options.shown());
        return HumanSettings.apply(form(options).hints(hints), context);
    }

    private static Outcome answered(ExecutionContext context, ChoiceOptions options, Answer answer) {
        ChoiceOptions.Option chosen = options.chosen(answer.get(CHOICE).raw());
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put(CHOICE, chosen.value());
        data.put("label", chosen.label());
        String by = HumanSettings.name(answer);
        if (by != null) {
            data.put("by", by);
        }
        if (answer.timedOut()) {
            data.put("timedOut", true);
        }
        return HumanSettings.leave(context, ChoiceOptions.edge(chosen, context.branchEdges()), data, null);
    }
}
