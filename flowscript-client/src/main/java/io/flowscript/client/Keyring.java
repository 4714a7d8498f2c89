package io.flowscript.client;

import io.flowscript.core.concurrent.Guard;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the application for credentials, and keeps the newest, so that one call can renew the logins of several connections. For the
 * loop's thread.
 */
final class Keyring {

    private final Credentials.@Nullable Source source;
    private final Executor callbacks;
    private final Loop loop;
    private Credentials newest = Credentials.NONE;

    /**
     * Creates a keyring without credentials.
     *
     * @param source gives the credentials; null for none
     * @param callbacks runs the source
     */
    Keyring(Credentials.@Nullable Source source, Executor callbacks, Loop loop) {
        this.source = source;
        this.callbacks = callbacks;
        this.loop = loop;
    }

    /** Whether the client has no identity. */
    boolean isEmpty() {
        return source == null;
    }

    /**
     * Gets credentials.
     *
     * @param refused what the source is told
     * @param then takes the credentials, or what the source has thrown; null when it has returned that
     */
    void ask(boolean refused, Consumer<@Nullable Object> then) {
        Credentials.Source asked = source;
        if (asked == null) {
            then.accept(Credentials.NONE);
            return;
        }
        callbacks.execute(() -> {
            Object got = Guard.<@Nullable Object>call(() -> asked.get(refused), e -> e);
            loop.execute(() -> {
                if (got instanceof Credentials credentials) {
                    newest = credentials;
                }
                then.accept(got);
            });
        });
    }

    /**
     * Gets credentials that are newer than others: those that another connection has got meanwhile, or fresh ones.
     *
     * @param then as in {@link #ask}
     */
    void renew(Credentials old, Consumer<@Nullable Object> then) {
        if (newest.equals(old)) {
            ask(true, then);
        } else {
            then.accept(newest);
        }
    }
}
