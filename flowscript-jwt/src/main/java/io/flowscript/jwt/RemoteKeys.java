package io.flowscript.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an identity provider, which are fetched from it and kept. They are fetched in the background when they are first wanted and
 * whenever they have become old; a request waits for them only when there are none, or when a token names a key that is not among them.
 *
 * <p>There is one attempt at a time, and none soon after the last. While the provider cannot be reached, the keys that were fetched count
 * for a bounded time. Safe for use by any thread.
 */
final class RemoteKeys implements KeySource {

    /** How long after an attempt there is no other, whatever tokens name. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    /** How many keys a signature is tried with when the token does not name one. */
    private static final int MAX_TRIED = 8;

    private static final int MIN_RSA_BITS = 2048;
    private static final System.Logger LOG = System.getLogger(RemoteKeys.class.getName());

    private final Supplier<CompletableFuture<JWKSet>> fetching;
    private final InstantSource clock;
    private final Duration refreshAfter;
    private final Duration maxAge;
    private final Object lock = new Object();
    private volatile @Nullable Known known;

    /** Guarded by the lock, as is the next. */
    private @Nullable CompletableFuture<Known> flight;

    private @Nullable Instant lastAttempt;

    private record Known(JWKSet keys, Instant at) {}

    /**
     * Creates a source without keys.
     *
     * @param fetching fetches the keys, in a bounded time and without blocking
     * @param refreshAfter after what time the keys are fetched again in the background
     * @param maxAge for how long keys count that cannot be fetched again
     */
    RemoteKeys(
            Supplier<CompletableFuture<JWKSet>> fetching, InstantSource clock, Duration refreshAfter, Duration maxAge) {
        this.fetching = fetching;
        this.clock = clock;
        this.refreshAfter = refreshAfter;
        this.maxAge = maxAge;
    }

    /** Fetches the keys in the background, unless that was tried a short time ago. */
    void refresh() {
        var unused = attempt();
    }

    @Override
    public List<PublicKey> keysFor(JWSHeader header) {
        Known now = present();
        List<PublicKey> found = select(now.keys, header);
        if (!found.isEmpty()) {
            return found;
        }
        CompletableFuture<Known> attempt = attempt();
        if (attempt == null) {
            Known landed = known; // since they were read above
            return landed == null ? found : select(landed.keys, header);
        }
        try {
            return select(attempt.join().keys, header);
        } catch (CompletionException failed) {
            return found; // it was logged
        }
    }

    /** The keys, which are fetched now if there are none that count. */
    private Known present() {
        Known have = known;
        Duration age = have == null ? maxAge : Duration.between(have.at, clock.instant());
        if (have != null && age.compareTo(maxAge) < 0) {
            if (age.compareTo(refreshAfter) >= 0) {
                refresh();
            }
            return have;
        }
        CompletableFuture<Known> attempt = attempt();
        if (attempt == null) {
            Known landed = known;
            if (landed != null && !landed.equals(have)) {
                return landed; // since they were read above
            }
            throw new IllegalStateException("The keys of the identity provider could not be fetched a short time ago");
        }
        try {
            return attempt.join();
        } catch (CompletionException failed) {
            throw new IllegalStateException("The keys of the identity provider cannot be fetched", failed.getCause());
        }
    }

    /** Fetches the keys, or joins the attempt to do so. {@return null when the last attempt was a short time ago} */
    private @Nullable CompletableFuture<Known> attempt() {
        CompletableFuture<Known> begun = new CompletableFuture<>();
        Instant now = clock.instant();
        synchronized (lock) {
            if (flight != null) {
                return flight;
            }
            if (lastAttempt != null && Duration.between(lastAttempt, now).abs().compareTo(PAUSE) < 0) {
                return null;
            }
            flight = begun;
            lastAttempt = now;
        }
        var unused = fetch().whenComplete((keys, failure) -> landed(begun, keys, now, failure));
        return begun;
    }

    /** Fetches the keys. What is thrown before anything is sent fails the attempt too, so that nobody waits for it for ever. */
    private CompletableFuture<JWKSet> fetch() {
        try {
            return fetching.get();
        } catch (Throwable thrown) {
            return CompletableFuture.failedFuture(thrown);
        }
    }

    private void landed(
            CompletableFuture<Known> begun, @Nullable JWKSet keys, Instant at, @Nullable Throwable failure) {
        Known fetched = keys == null ? null : new Known(keys, at);
        if (fetched != null) {
            known = fetched;
        }
        synchronized (lock) {
            flight = null;
        }
        if (fetched != null) {
            begun.complete(fetched);
        } else {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The keys of the identity provider cannot be fetched; those that are known go on to count for a while",
                    failure);
            begun.completeExceptionally(failure == null ? new IllegalStateException("no keys") : failure);
        }
    }

    private static List<PublicKey> select(JWKSet keys, JWSHeader header) {
        List<PublicKey> selected = new ArrayList<>();
        for (JWK key : new JWKSelector(JWKMatcher.forJWSHeader(header)).select(keys)) {
            PublicKey usable = usable(key);
            if (usable != null && selected.size() < MAX_TRIED) {
                selected.add(usable);
            }
        }
        return selected;
    }

    /** A key that can verify a signature; null when it is too weak or of another kind. */
    private static @Nullable PublicKey usable(JWK key) {
        if (!(key instanceof AsymmetricJWK pair) || (key instanceof RSAKey rsa && rsa.size() < MIN_RSA_BITS)) {
            return null;
        }
        try {
            return pair.toPublicKey();
        } catch (JOSEException e) {
            return null;
        }
    }
}
