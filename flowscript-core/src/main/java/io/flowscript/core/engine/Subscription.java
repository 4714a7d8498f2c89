package io.flowscript.core.engine;

/**
 * A listener that hears. Closing it ends that; a call that is under way is not waited for.
 *
 * @since 0.1.0
 */
public interface Subscription extends AutoCloseable {

    @Override
    void close();
}
