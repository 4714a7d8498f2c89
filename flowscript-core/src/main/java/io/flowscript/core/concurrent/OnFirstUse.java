package io.flowscript.core.concurrent;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that costs much to make, and is made when somebody first needs it. Safe for use by any thread; no thread waits for another one.
 *
 * @param <T> the type of the value
 */
public final class OnFirstUse<T> implements Supplier<T> {

    private final Supplier<T> maker;
    private final AtomicReference<@Nullable T> value = new AtomicReference<>();

    /**
     * Creates one without its value.
     *
     * @param maker makes the value. When several threads need it first at the same time, each makes one, and the first one made counts.
     */
    public OnFirstUse(Supplier<T> maker) {
        this.maker = maker;
    }

    /** {@return the value, always the same} What the maker throws is thrown, and the next caller tries again. */
    @Override
    public T get() {
        T known = value.get();
        if (known != null) {
            return known;
        }
        T made = maker.get();
        T other = value.compareAndExchange(null, made);
        return other == null ? made : other;
    }
}
