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

/** The node {@code choose}: a person picks one of some options. */
// The nullness of type arguments elsewhere is not in the class files that JDK 17 reads.
@SuppressWarnings("NullAway")
final class Choose {

    /** The edge of an option for which the branch has no flow. */
    static final String CHOSEN = "chosen";

    private static final String CHOICE = "choice";

    private Choose() {}

    static BuiltInNode node(FormValidator forms) {
        OnTimeout onTimeout = new OnTimeout(forms);
        return new BuiltInNode(
                "choose",
                // It declares no edges, for it leaves by those of the options.
                describe(NodeType.HUMAN, "Asks a person to choose one of some options"),
                HumanSettings.all(Options.rules(new ConfigRules()))
                        .optional("title", "a text", ConfigRules::isLabel)
                        .optional("description", "a text", ConfigRules::isLabel)
                        .rule(config -> {
                            Options options = Options.asWritten(config);
                            return onTimeout.wrongAnswer(config, options == null ? null : form(options));
                        }),
                context -> run(context, onTimeout));
    }

    private static Outcome run(ExecutionContext context, OnTimeout onTimeout) {
        Options options = Options.of(context);
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
        return instead == null ? Edge.of(OnTimeout.EDGE) : answered(context, options, instead);
    }

    private static Question form(Options options) {
        return Question.form(Map.of(
                "type",
                "object",
                "properties",
                Map.of(CHOICE, Map.of("enum", options.values())),
                "required",
                List.of(CHOICE)));
    }

    private static Question question(ExecutionContext context, Options options) {
        Map<String, @Nullable Object> hints = new LinkedHashMap<>();
        Map<String, @Nullable Object> texts = HumanSettings.hints(context.config(), List.of("title", "description"));
        if (texts != null) {
            hints.putAll(texts);
        }
        hints.put("options", options.shown());
        return HumanSettings.apply(form(options).hints(hints), context);
    }

    private static Outcome answered(ExecutionContext context, Options options, Answer answer) {
        Options.Option chosen = options.chosen(answer.get(CHOICE).raw());
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
        return HumanSettings.leave(context, Options.edge(chosen, context.branchEdges()), data);
    }
}
