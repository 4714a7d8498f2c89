package io.flowscript.testkit;

import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Violation;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about the receipt of an answer. Every assertion that does not hold throws {@link AssertionError}.
 *
 * @since 0.1.0
 */
public final class ReceiptAssert extends AbstractAssert<ReceiptAssert, Receipt> {

    ReceiptAssert(Receipt receipt) {
        super(receipt, ReceiptAssert.class);
    }

    /**
     * Verifies that the answer was accepted, whether or not more answers are needed.
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
     * Verifies that the answer was accepted and closed the interaction.
     *
     * @return this
     */
    public ReceiptAssert closesTheQuestion() {
        isAccepted();
        if (actual instanceof Receipt.Accepted accepted && !accepted.closes()) {
            failWithMessage("Expected the answer to close the interaction, but more answers are needed");
        }
        return this;
    }

    /**
     * Verifies that the answer was refused.
     *
     * @param code the stable code, such as {@code already_resolved}; see {@link Receipt#code}
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
     * Verifies that the answer violates the form at a path.
     *
     * @param path the path, see {@link Violation#path}
     * @return this
     */
    public ReceiptAssert violates(String path) {
        isRefused("validation_failed");
        List<String> paths = actual instanceof Receipt.Invalid invalid
                ? invalid.violations().stream().map(Violation::path).toList()
                : List.of();
        if (!paths.contains(path)) {
            failWithMessage("Expected the answer to violate the form at %s, but it is: %s", path, Story.text(actual));
        }
        return this;
    }
}
