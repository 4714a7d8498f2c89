package io.flowscript.events.interaction;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One run of the schema library, within limits: steps and depth, which it counts itself, time, and what it finds. */
final class BoundedContext extends ExecutionContext {

    /** Deep enough for a value of the greatest depth under a schema that refers to itself at each level. */
    private static final int MAX_DEPTH = 600;

    private final Budget budget;
    private final int maxErrors;

    BoundedContext(Budget budget, long maxSteps, int maxErrors) {
        super(ExecutionConfig.builder()
                .locale(Locale.ROOT)
                .formatAssertionsEnabled(true)
                .maxEvaluationDepth(MAX_DEPTH)
                .maxEvaluationSteps(maxSteps)
                .build());
        this.budget = budget;
        this.maxErrors = maxErrors;
        super.setErrors(new ArrayList<>());
    }

    /** Every keyword that is looked at passes here. */
    @Override
    public void evaluationPathAddLast(String token) {
        budget.step();
        super.evaluationPathAddLast(token);
    }

    @Override
    public void addError(Error error) {
        if (getErrors().size() < maxErrors) {
            super.addError(error);
        }
    }

    /** The library collects by itself below a choice; what it has collected is cut when it is handed back. */
    @Override
    public void setErrors(List<Error> errors) {
        cut(errors);
        super.setErrors(errors);
    }

    /** {@return what was found, at most as many as asked for} */
    List<Error> found() {
        List<Error> errors = getErrors();
        cut(errors);
        return List.copyOf(errors);
    }

    private void cut(List<Error> errors) {
        if (errors.size() > maxErrors) {
            errors.subList(maxErrors, errors.size()).clear();
        }
    }
}
