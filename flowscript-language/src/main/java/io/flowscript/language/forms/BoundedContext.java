package io.flowscript.language.forms;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.FailFastAssertionException;
import com.networknt.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** One run of the schema library, within limits: steps and depth, which it counts itself, time, and what it finds. */
final class BoundedContext extends ExecutionContext {

    /** Deep enough for a value of the greatest depth under a schema that refers to itself at each level. */
    private static final int MAX_DEPTH = 600;

    private final Budget budget;
    private final int maxErrors;
    private final List<Error> found = new ArrayList<>();

    BoundedContext(Budget budget, long maxSteps, int maxErrors) {
        super(ExecutionConfig.builder()
                .locale(Locale.ROOT)
                .formatAssertionsEnabled(true)
                .maxEvaluationDepth(MAX_DEPTH)
                .maxEvaluationSteps(maxSteps)
                .build());
        this.budget = budget;
        this.maxErrors = maxErrors;
        super.setErrors(found);
    }

    /** Every keyword that is looked at passes here. */
    @Override
    public void evaluationPathAddLast(String token) {
        budget.step();
        super.evaluationPathAddLast(token);
    }

    /** Ends the run when as much was found as is told; below a choice, where nothing is decided yet, the rest is dropped. */
    @Override
    public void addError(Error error) {
        budget.step();
        List<Error> errors = getErrors();
        if (errors.size() < maxErrors) {
            super.addError(error);
        } else if (errors == found) {
            throw new FailFastAssertionException(error);
        }
    }

    /** The library collects by itself below a choice; what it has collected is cut when it is handed back. */
    @Override
    public void setErrors(List<Error> errors) {
        cut(errors);
        super.setErrors(errors);
    }

    /** {@return what is wrong with the value, at most as many as asked for} */
    List<Error> run(Schema schema, JsonNode value) {
        try {
            schema.validate(this, value);
        } catch (FailFastAssertionException e) {
            // There is more; what was found so far is all that is told.
        }
        cut(found);
        return List.copyOf(found);
    }

    private void cut(List<Error> errors) {
        if (errors.size() > maxErrors) {
            errors.subList(maxErrors, errors.size()).clear();
        }
    }
}
