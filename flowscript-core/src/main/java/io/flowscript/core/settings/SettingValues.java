package io.flowscript.core.settings;

import java.util.function.Consumer;

/**
 * The values of an immutable settings class. The values are the fields of a private nested subclass. {@link #with} copies all
 * fields and changes the copy, so a settings class needs no code that lists its fields:
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
 * <p>The fields must hold immutable values and must be changed only inside {@link #with}. The settings class must keep the
 * values in a final field. Then the settings are safe for use by any thread.
 *
 * @param <V> the subclass itself
 */
public abstract class SettingValues<V extends SettingValues<V>> implements Cloneable {

    /** Makes the default values, with which the subclass initializes its fields. */
    protected SettingValues() {}

    /**
     * Copies the values and changes the copy.
     *
     * @param change sets fields of the copy; this method throws what it throws
     * @return the changed copy
     */
    public final V with(Consumer<? super V> change) {
        V copy = copy();
        change.accept(copy);
        return copy;
    }

    @SuppressWarnings("unchecked") // a clone has the same class
    private V copy() {
        try {
            return (V) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
