package io.flowscript.engine;

/**
 * The registration of a listener or observer. Closing it ends the registration and does not wait for a call in
 * progress.
 *
 * @since 0.1.0
 */
public interface Subscription extends AutoCloseable {

    @Override
    void close();
}
