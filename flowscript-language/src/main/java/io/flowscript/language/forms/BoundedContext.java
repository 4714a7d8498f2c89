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

/**
 * One run of the schema library within limits. It counts steps and depth itself, checks the time, and caps the number
 * of errors.
 */
final class BoundedContext extends ExecutionContext {

    /** Deep enough for a value of the maximum depth under a schema that refers to itself at each level. */
    private static final int MAX_DEPTH = 600;

    private final CheckBudget budget;
    private final int maxErrors;
    private final List<Error> found = new ArrayList<>();

    BoundedContext(CheckBudget budget, long maxSteps, int maxErrors) {
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

    /** Called by the library for every keyword that it evaluates. */
    @Override
    public void evaluationPathAddLast(String token) {
        budget.step();
        super.evaluationPathAddLast(token);
    }

    /**
     * Ends the run when the maximum number of errors is reached. Below a choice, where the result is still open,
     * further errors are dropped.
     */
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

    /** The library collects errors itself below a choice; that list is cut when it is handed back. */
    @Override
    public void setErrors(List<Error> errors) {
        cut(errors);
        super.setErrors(errors);
    }

    /** {@return the errors of the value, up to the maximum} */
    List<Error> run(Schema schema, JsonNode value) {
        try {
            schema.validate(this, value);
        } catch (FailFastAssertionException e) {
            // There may be more errors; those found so far are reported.
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
