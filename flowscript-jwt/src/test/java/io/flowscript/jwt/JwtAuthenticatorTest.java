package io.flowscript.jwt;

import static io.flowscript.jwt.Issuer.EC;
import static io.flowscript.jwt.Issuer.RSA;
import static io.flowscript.jwt.Issuer.claims;
import static io.flowscript.jwt.Issuer.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.http.ClientRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A client is known by the token that its identity provider has signed")
class JwtAuthenticatorTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final ManualClock clock = new ManualClock(NOW);

    private static JwtAuthenticatorBuilder builder() throws Exception {
        return JwtAuthenticator.builder()
                .issuer(Issuer.NAME)
                .audience(Issuer.AUDIENCE, "another")
                .key(RSA.toPublicKey(), EC.toPublicKey());
    }

    private JwtAuthenticator authenticator() throws Exception {
        return builder().clock(clock).build();
    }

    static ClientRequest request(String... tokens) {
        List<String> fields =
                Arrays.stream(tokens).map(token -> "Bearer " + token).toList();
        return new ClientRequest(
                "GET", "/ws", Map.of(), Map.of("authorization", fields), Map.of(), "127.0.0.1", true, null);
    }

    @Test
    @DisplayName("with its groups, and until the token expires, give or take the skew of the clocks")
    void accepts() throws Exception {
        Login ann = new Login(new Identity("ann", Set.of("managers")), NOW.plusSeconds(3_630));
        assertThat(authenticator().authenticate(request(sign(RSA, claims(NOW)))))
                .contains(ann);
        assertThat(authenticator().authenticate(request(sign(EC, claims(NOW))))).contains(ann);
        String early = sign(RSA, claims(NOW).notBeforeTime(Date.from(NOW.plusSeconds(30))));
        assertThat(authenticator().authenticate(request(early))).isPresent();
        clock.advance(Duration.ofSeconds(3_629));
        assertThat(authenticator().authenticate(request(sign(RSA, claims(NOW)))))
                .isPresent();
    }

    @Test
    @DisplayName("whether the token names its key and its type or not")
    void optionalHeaders() throws Exception {
        for (String type : new String[] {"JWT", "at+jwt", "AT+JWT"}) {
            String token = sign(RSA, claims(NOW), header -> header.type(new JOSEObjectType(type)));
            assertThat(authenticator().authenticate(request(token))).as(type).isPresent();
        }
        assertThat(authenticator().authenticate(request(sign(RSA, claims(NOW), header -> header.keyID(null)))))
                .isPresent();
    }

    /** What is wrong, and the token. Each differs from a right one in that alone. */
    static Stream<Arguments> attacks() throws Exception {
        String right = sign(RSA, claims(NOW));
        String[] parts = right.split("\\.", -1);
        SignedJWT hmac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(RSA.getKeyID()).build(),
                claims(NOW).build());
        hmac.sign(new MACSigner(RSA.toPublicKey().getEncoded()));
        SignedJWT pem =
                new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims(NOW).build());
        pem.sign(new MACSigner(("-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(RSA.toPublicKey().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII)));
        String mallory =
                encoded("{\"iss\":\"" + Issuer.NAME + "\",\"aud\":\"flows\",\"sub\":\"mallory\",\"exp\":9999999999}");
        char last = parts[2].charAt(10);
        String altered = parts[2].substring(0, 10) + (last == 'A' ? 'B' : 'A') + parts[2].substring(11);
        var own = Issuer.rsa(RSA.getKeyID());
        return Stream.of(
                arguments("expired", sign(RSA, claims(NOW).expirationTime(Date.from(NOW.minusSeconds(31))))),
                arguments("at its end", sign(RSA, claims(NOW).expirationTime(Date.from(NOW.minusSeconds(30))))),
                arguments("not yet valid", sign(RSA, claims(NOW).notBeforeTime(Date.from(NOW.plusSeconds(31))))),
                arguments("no exp", sign(RSA, claims(NOW).expirationTime(null))),
                arguments("another issuer", sign(RSA, claims(NOW).issuer("https://login.example.com"))),
                arguments("no issuer", sign(RSA, claims(NOW).issuer(null))),
                arguments("another audience", sign(RSA, claims(NOW).audience("others"))),
                arguments("no audience", sign(RSA, claims(NOW).audience((String) null))),
                arguments("no name", sign(RSA, claims(NOW).subject(null))),
                arguments("a blank name", sign(RSA, claims(NOW).subject(" "))),
                arguments("a name that is too long", sign(RSA, claims(NOW).subject("x".repeat(257)))),
                arguments("groups that are no list", sign(RSA, claims(NOW).claim("groups", "managers"))),
                arguments("a group that is no text", sign(RSA, claims(NOW).claim("groups", List.of(1)))),
                arguments("an empty alg none", new PlainJWT(claims(NOW).build()).serialize()),
                arguments("alg none with a signature", encoded("{\"alg\":\"none\"}") + "." + parts[1] + "." + parts[2]),
                arguments("alg NonE", encoded("{\"alg\":\"NonE\"}") + "." + parts[1] + "."),
                arguments("HS256 with the public key", hmac.serialize()),
                arguments("HS256 with the public key as PEM", pem.serialize()),
                arguments(
                        "ES256 with a signature of RSA",
                        encoded("{\"alg\":\"ES256\"}") + "." + parts[1] + "." + parts[2]),
                arguments("an altered payload", parts[0] + "." + mallory + "." + parts[2]),
                arguments("an altered signature", parts[0] + "." + parts[1] + "." + altered),
                arguments("no signature", parts[0] + "." + parts[1] + "."),
                arguments(
                        "a psychic signature (r and s are zero)",
                        encoded("{\"alg\":\"ES256\",\"kid\":\"ec-1\"}") + "." + mallory + "."
                                + Base64URL.encode(new byte[64])),
                arguments("a key of somebody else under the same name", sign(own, claims(NOW))),
                arguments("jwk", sign(own, claims(NOW), header -> header.jwk(own.toPublicJWK()))),
                arguments(
                        "jku", sign(own, claims(NOW), header -> header.jwkURL(URI.create("http://127.0.0.1:1/keys")))),
                arguments(
                        "x5u",
                        sign(own, claims(NOW), header -> header.x509CertURL(URI.create("http://127.0.0.1:1/x")))),
                arguments(
                        "crit",
                        sign(
                                RSA,
                                claims(NOW),
                                header -> header.criticalParams(Set.of("exp")).customParam("exp", 1))),
                arguments(
                        "another type",
                        sign(RSA, claims(NOW), header -> header.type(new JOSEObjectType("logout+jwt")))),
                arguments("giant", sign(RSA, claims(NOW).claim("filler", "x".repeat(16_384)))),
                arguments("deep", sign(RSA, claims(NOW)).replace(parts[1], encoded("[".repeat(5_000)))),
                arguments("not a JWT", "no-token"),
                arguments("two dots", ".."),
                arguments("five parts", right + ".a.b"),
                arguments("payload that is no JSON", parts[0] + "." + encoded("no") + "." + parts[2]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    @DisplayName("and by no other")
    void refuses(String what, String token) throws Exception {
        assertThat(authenticator().authenticate(request(token))).as(what).isEmpty();
    }

    @Test
    @DisplayName("and two fields, or another scheme, are nobody's")
    void fields() throws Exception {
        String right = sign(RSA, claims(NOW));
        assertThat(authenticator().authenticate(request(right, right))).isEmpty();
        assertThat(authenticator().authenticate(request())).isEmpty();
        ClientRequest basic = new ClientRequest(
                "GET", "/", Map.of(), Map.of("authorization", List.of("Basic " + right)), Map.of(), "", true, null);
        assertThat(authenticator().authenticate(basic)).isEmpty();
    }

    @Test
    @DisplayName("and a cookie counts only where it was named, and not beside a field")
    void cookies() throws Exception {
        String right = sign(RSA, claims(NOW));
        ClientRequest cookie =
                new ClientRequest("GET", "/", Map.of(), Map.of(), Map.of("token", right), "", true, null);
        ClientRequest both = new ClientRequest(
                "GET",
                "/",
                Map.of(),
                Map.of("authorization", List.of("Basic no")),
                Map.of("token", right),
                "",
                true,
                null);
        JwtAuthenticator reading = builder().clock(clock).cookie("token").build();
        assertThat(authenticator().authenticate(cookie)).isEmpty();
        assertThat(reading.authenticate(cookie)).isPresent();
        assertThat(reading.authenticate(both)).isEmpty();
        assertThat(reading.authenticate(request(right))).isPresent();
    }

    @Test
    @DisplayName("and names and groups can be in other claims")
    void otherClaims() throws Exception {
        JwtAuthenticator other = builder()
                .clock(clock)
                .nameClaim("email")
                .groups(claims -> claims.get("realm_access") instanceof Map<?, ?> realm
                        ? ((List<?>) realm.get("roles"))
                                .stream().map(String::valueOf).toList()
                        : List.of())
                .build();
        JWTClaimsSet.Builder claims =
                claims(NOW).claim("email", "ann@example.com").claim("realm_access", Map.of("roles", List.of("clerk")));
        assertThat(other.authenticate(request(sign(RSA, claims))).orElseThrow().identity())
                .isEqualTo(Identity.of("ann@example.com", "clerk"));
        assertThat(other.authenticate(request(sign(RSA, claims(NOW).claim("email", 7)))))
                .isEmpty();
        JwtAuthenticator renamed = builder().clock(clock).groupsClaim("roles").build();
        assertThat(renamed.authenticate(request(sign(RSA, claims(NOW).claim("roles", List.of("a", "a", "b")))))
                        .orElseThrow()
                        .identity()
                        .groups())
                .containsExactlyInAnyOrder("a", "b");
        assertThat(renamed.authenticate(request(sign(RSA, claims(NOW))))
                        .orElseThrow()
                        .identity()
                        .groups())
                .isEmpty();
    }

    @Test
    @DisplayName("and an algorithm counts only while it is allowed")
    void algorithms() throws Exception {
        JwtAuthenticator elliptic = builder().clock(clock).algorithms("ES256").build();
        assertThat(elliptic.authenticate(request(sign(EC, claims(NOW))))).isPresent();
        assertThat(elliptic.authenticate(request(sign(RSA, claims(NOW))))).isEmpty();
        for (String name : List.of("none", "HS256", "RS1")) {
            assertThatThrownBy(() -> builder().algorithms(name)).isInstanceOf(FlowScriptException.class);
        }
    }

    @Test
    @DisplayName("and what would leave it open is refused when it is built")
    void settings() throws Exception {
        KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
        weak.initialize(1024);
        assertThatThrownBy(() -> builder().key(weak.generateKeyPair().getPublic()))
                .isInstanceOf(FlowScriptException.class);
        for (String address :
                List.of("http://login.example.com/keys", "file:///keys", "http://127.evil.example/", "https:/keys")) {
            assertThatThrownBy(() -> builder().jwksUri(URI.create(address)))
                    .as(address)
                    .isInstanceOf(FlowScriptException.class);
        }
        assertThatThrownBy(() -> builder().audience().build()).isInstanceOf(FlowScriptException.class);
        assertThatThrownBy(() -> JwtAuthenticator.builder()
                        .audience("a")
                        .key(RSA.toPublicKey())
                        .build())
                .isInstanceOf(FlowScriptException.class);
        assertThatThrownBy(() ->
                        JwtAuthenticator.builder().issuer("a").audience("a").build())
                .isInstanceOf(FlowScriptException.class);
        assertThatThrownBy(() -> builder()
                        .jwksUri(URI.create("https://login.example.com/keys"))
                        .build())
                .isInstanceOf(FlowScriptException.class);
        assertThatThrownBy(() -> builder().skew(Duration.ofMinutes(6))).isInstanceOf(FlowScriptException.class);
    }

    private static String encoded(String json) {
        return Base64URL.encode(json).toString();
    }
}
