package io.flowscript.core.settings;

import java.util.function.Consumer;

/**
 * The values of an immutable settings class, as the fields of a class that only the settings class sees. A copy takes all fields over, so none can be
 * forgotten:
 *
 * <pre>{@code
 * public final class Limits {
 *     private static final class Values extends SettingValues<Values> {
 *         int maxItems = 100;
 *         int maxBytes = 1_000;
 *     }
 *
 *     private final Values values;
 *
 *     public Limits maxItems(int value) {
 *         return new Limits(values.with(changed -> changed.maxItems = Range.atLeast(1, value, "maxItems")));
 *     }
 * }
 * }</pre>
 *
 * <p>The fields hold immutable values only. Nobody writes to them after {@link #with} has returned, so the settings are safe for use by any thread as
 * long as they keep the values in a final field.
 *
 * @param <V> the class of the values itself
 */
public abstract class SettingValues<V extends SettingValues<V>> implements Cloneable {

    /** The defaults, which the subclass gives to its fields. */
    protected SettingValues() {}

    /**
     * Copies the values and changes the copy.
     *
     * @param change sets fields of the copy; what it throws is passed on
     * @return the changed copy
     */
    public final V with(Consumer<? super V> change) {
        V copy = copy();
        change.accept(copy);
        return copy;
    }

    @SuppressWarnings("unchecked") // a clone is of the same class
    private V copy() {
        try {
            return (V) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
