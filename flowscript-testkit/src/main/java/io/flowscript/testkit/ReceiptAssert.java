package io.flowscript.testkit;

import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Violation;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about what became of an answer.
 *
 * @since 0.1.0
 */
public final class ReceiptAssert extends AbstractAssert<ReceiptAssert, Receipt> {

    ReceiptAssert(Receipt receipt) {
        super(receipt, ReceiptAssert.class);
    }

    /**
     * It counts, whether the execution goes on with it or more answers are needed.
     *
     * @return this
     */
    public ReceiptAssert isAccepted() {
        isNotNull();
        if (!(actual instanceof Receipt.Accepted)) {
            failWithMessage("Expected the answer to be accepted, but it was refused: %s", Story.text(actual));
        }
        return this;
    }

    /**
     * It counts, and the execution goes on with it.
     *
     * @return this
     */
    public ReceiptAssert closesTheQuestion() {
        isAccepted();
        if (actual instanceof Receipt.Accepted accepted && !accepted.closes()) {
            failWithMessage("Expected the answer to close the question, but more answers are needed");
        }
        return this;
    }

    /**
     * It does not count.
     *
     * @param code the stable code of why, such as {@code already_resolved}; see {@link Receipt#code}
     * @return this
     */
    public ReceiptAssert isRefused(String code) {
        isNotNull();
        if (actual instanceof Receipt.Accepted || !actual.code().equals(code)) {
            failWithMessage("Expected the answer to be refused with %s, but it is: %s", code, Story.text(actual));
        }
        return this;
    }

    /**
     * It breaks the form at a place.
     *
     * @param path where, as {@link Violation#path} says it
     * @return this
     */
    public ReceiptAssert violates(String path) {
        isRefused("validation_failed");
        List<String> paths = actual instanceof Receipt.Invalid invalid
                ? invalid.violations().stream().map(Violation::path).toList()
                : List.of();
        if (!paths.contains(path)) {
            failWithMessage("Expected the answer to break the form at %s, but it is: %s", path, Story.text(actual));
        }
        return this;
    }
}
