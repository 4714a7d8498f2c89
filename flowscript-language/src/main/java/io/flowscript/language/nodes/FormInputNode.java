package io.flowscript.language.nodes;

import static io.flowscript.language.nodes.BuiltInNode.describe;

import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import org.jspecify.annotations.Nullable;

/** The node {@code formInput}: a person fills in a form, or declines to. */
final class FormInputNode {

    private static final String SUBMITTED = "submitted";
    private static final String CANCELLED = "cancelled";

    /** Where the answer is written if the config names no path. */
    private static final String STATE_KEY = "formData";

    private FormInputNode() {}

    static BuiltInNode node(FormValidator forms) {
        OnTimeoutSetting onTimeout = new OnTimeoutSetting(forms);
        return new BuiltInNode(
                "formInput",
                describe(
                        NodeType.HUMAN, "Asks a person to fill in a form", SUBMITTED, CANCELLED, OnTimeoutSetting.EDGE),
                HumanSettings.all(FormSettings.form(new ConfigRules(), forms)).rule(config -> {
                    Question question = FormSettings.asWritten(config.get("form"));
                    return onTimeout.wrongAnswer(config, question == null ? null : question.cancellable());
                }),
                context -> run(context, onTimeout));
    }

    private static Outcome run(ExecutionContext context, OnTimeoutSetting onTimeout) {
        Answer answer = context.answer();
        if (answer != null && !answer.timedOut()) {
            return answered(context, answer);
        }
        Question question = HumanSettings.apply(
                        FormSettings.question(context.config().get("form")), context)
                .cancellable();
        if (answer == null) {
            return onTimeout.checked(context, question).ask();
        }
        @Nullable Answer instead = onTimeout.answer(context, question, answer);
        return instead == null ? Edge.of(OnTimeoutSetting.EDGE) : answered(context, instead);
    }

    private static Outcome answered(ExecutionContext context, Answer answer) {
        Object data = answer.data().raw();
        return Question.open().cancellable().isCancelledBy(data)
                ? Edge.of(CANCELLED)
                : HumanSettings.leave(context, SUBMITTED, data, STATE_KEY);
    }
}
