package io.flowscript.jwt;

import static io.flowscript.jwt.Issuer.EC;
import static io.flowscript.jwt.Issuer.RSA;
import static io.flowscript.jwt.Issuer.claims;
import static io.flowscript.jwt.Issuer.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.flowscript.core.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("The keys of an identity provider are fetched and kept")
class RemoteKeysTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ECKey NEXT = Issuer.ec("ec-2");

    private final ManualClock clock = new ManualClock(NOW);
    private final Issuer issuer = new Issuer();

    @AfterEach
    void close() {
        issuer.close();
    }

    private JwtAuthenticator authenticator() {
        return builder().build();
    }

    private JwtAuthenticatorBuilder builder() {
        return JwtAuthenticator.builder()
                .issuer(Issuer.NAME)
                .audience(Issuer.AUDIENCE)
                .jwksUri(issuer.keys())
                .clock(clock);
    }

    private boolean knows(JwtAuthenticator tokens, JWK key) {
        return tokens.authenticate(JwtAuthenticatorTest.request(sign(key, claims(clock.instant()))))
                .isPresent();
    }

    @Test
    @DisplayName("once, before the first request wants them, and not again for a while")
    void once() {
        JwtAuthenticator tokens = authenticator();
        await().until(() -> issuer.fetches.get() == 1);
        for (int i = 0; i < 100; i++) {
            assertThat(knows(tokens, RSA)).isTrue();
        }
        assertThat(tokens.authenticate(JwtAuthenticatorTest.request(sign(EC, claims(NOW)))))
                .isPresent();
        clock.advance(Duration.ofMinutes(14));
        assertThat(knows(tokens, RSA)).isTrue();
        assertThat(issuer.fetches).hasValue(1);
    }

    @Test
    @DisplayName("and again in the background when they are old; no request waits for that")
    void refreshed() {
        JwtAuthenticator tokens = authenticator();
        assertThat(knows(tokens, RSA)).isTrue();
        issuer.gate = new CountDownLatch(1);
        issuer.body = Issuer.set(NEXT);
        clock.advance(Duration.ofMinutes(15));

        assertThat(knows(tokens, RSA))
                .as("the old key, while the new ones are on their way")
                .isTrue();
        issuer.gate.countDown();

        await().until(() -> !knows(tokens, RSA));
        assertThat(knows(tokens, NEXT)).isTrue();
        assertThat(issuer.fetches).hasValue(2);
    }

    @Test
    @DisplayName("and at once when a token names an unknown key, but only now and then")
    void rotation() {
        JwtAuthenticator tokens = authenticator();
        assertThat(knows(tokens, RSA)).isTrue();
        issuer.body = Issuer.set(RSA, NEXT);
        assertThat(knows(tokens, NEXT)).as("a moment after the last attempt").isFalse();
        clock.advance(RemoteKeys.PAUSE);
        assertThat(knows(tokens, NEXT)).isTrue();
        ECKey forged = Issuer.ec("forged");
        clock.advance(RemoteKeys.PAUSE);
        for (int i = 0; i < 50; i++) {
            assertThat(knows(tokens, forged)).isFalse();
        }
        assertThat(issuer.fetches).hasValue(3);
    }

    @Test
    @DisplayName("and those that are known go on to count while the provider is out of order, for a bounded time")
    void outage() {
        JwtAuthenticator tokens = authenticator();
        assertThat(knows(tokens, RSA)).isTrue();
        issuer.status = 503;
        for (int round = 1; round < 4; round++) {
            clock.advance(Duration.ofHours(6));
            int attempts = issuer.fetches.get();
            await().until(() -> knows(tokens, RSA) && issuer.fetches.get() > attempts);
        }
        clock.advance(Duration.ofHours(6));
        assertThatThrownBy(() -> knows(tokens, RSA)).isInstanceOf(IllegalStateException.class);
        issuer.status = 200;
        clock.advance(RemoteKeys.PAUSE);
        await().ignoreExceptions().until(() -> knows(tokens, RSA));
    }

    @Test
    @DisplayName("and a request fails, and does not turn out to be of nobody, as long as there are none")
    void never() {
        issuer.status = 500;
        JwtAuthenticator tokens = authenticator();
        assertThatThrownBy(() -> knows(tokens, RSA)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> knows(tokens, RSA)).isInstanceOf(IllegalStateException.class);
        issuer.status = 200;
        clock.advance(RemoteKeys.PAUSE);
        assertThat(knows(tokens, RSA)).isTrue();
        assertThat(issuer.fetches).hasValue(2);
    }

    @Test
    @DisplayName("and not when the answer is none: too large, no set of keys, a redirect, or too late")
    void badAnswers() {
        String right = issuer.body;
        for (String body : List.of(
                "no",
                "{}",
                "{\"keys\":7}",
                "{\"pad\":\"" + "x".repeat(KeySetClient.MAX_BYTES) + "\"," + right.substring(1))) {
            issuer.body = body;
            assertThatThrownBy(() -> knows(authenticator(), RSA)).isInstanceOf(IllegalStateException.class);
        }
        issuer.body = right;
        issuer.status = 302;
        assertThatThrownBy(() -> knows(authenticator(), RSA)).isInstanceOf(IllegalStateException.class);
        issuer.status = 200;
        issuer.gate = new CountDownLatch(1);
        JwtAuthenticator impatient = builder().timeout(Duration.ofMillis(50)).build();
        assertThatThrownBy(() -> knows(impatient, RSA)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("and keys that are too weak, secret or for something else are left out")
    void usable() throws Exception {
        RSAKey weak = new RSAKeyGenerator(1024, true).keyID("weak").generate();
        ECKey encrypting = new ECKey.Builder(NEXT)
                .keyID("enc")
                .keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION)
                .build();
        issuer.body = "{\"keys\":["
                + Stream.<JWK>of(weak, encrypting, RSA)
                        .map(key -> key.toPublicJWK().toJSONString())
                        .collect(java.util.stream.Collectors.joining(","))
                + ",{\"kty\":\"oct\",\"kid\":\"secret\",\"k\":\"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA\"}]}";
        JwtAuthenticator tokens = authenticator();
        assertThat(knows(tokens, RSA)).isTrue();
        assertThat(knows(tokens, encrypting)).isFalse();
        assertThat(issuer.fetches).hasValue(1);
        // The library does not sign with so weak a key, so the selection is asked directly.
        RemoteKeys keys = new RemoteKeys(
                new KeySetClient(issuer.keys(), Duration.ofSeconds(5)),
                clock,
                Duration.ofHours(1),
                Duration.ofHours(2));
        assertThat(keys.keysFor(header("RS256", "weak"))).isEmpty();
        assertThat(keys.keysFor(header("HS256", "secret"))).isEmpty();
        assertThat(keys.keysFor(header("RS256", RSA.getKeyID()))).hasSize(1);
    }

    private static com.nimbusds.jose.JWSHeader header(String algorithm, String kid) {
        return new com.nimbusds.jose.JWSHeader.Builder(com.nimbusds.jose.JWSAlgorithm.parse(algorithm))
                .keyID(kid)
                .build();
    }

    @Test
    @DisplayName("and many requests at once wait for one attempt")
    void together() {
        issuer.gate = new CountDownLatch(1);
        JwtAuthenticator tokens = authenticator();
        List<CompletableFuture<Boolean>> all = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> knows(tokens, RSA)))
                .limit(8)
                .toList();
        await().until(() -> issuer.fetches.get() == 1);
        issuer.gate.countDown();
        all.forEach(each -> assertThat(each.join()).isTrue());
        assertThat(issuer.fetches).hasValue(1);
    }

    @Test
    @DisplayName("an attempt that fails before anything is sent fails, and nobody waits for it for ever")
    void failsAtOnce() {
        AtomicInteger attempts = new AtomicInteger();
        RemoteKeys keys = new RemoteKeys(
                () -> {
                    attempts.incrementAndGet();
                    throw new IllegalArgumentException("no such scheme");
                },
                clock,
                Duration.ofMinutes(15),
                Duration.ofHours(24));
        JWSHeader header = new JWSHeader(JWSAlgorithm.RS256);
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThatThrownBy(() -> keys.keysFor(header)).isInstanceOf(IllegalStateException.class);
            assertThat(attempts).hasValue(attempt);
            clock.advance(RemoteKeys.PAUSE);
        }
    }
}
