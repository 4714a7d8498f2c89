package io.flowscript.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.proc.JWSVerifierFactory;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.Login;
import io.flowscript.http.Authenticator;
import io.flowscript.http.ClientRequest;
import java.security.PublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Identifies clients by a signed token (JWT, RFC 7519) of an identity provider, in {@code Authorization: Bearer}, in the subprotocol of a
 * browser's WebSocket, or in a cookie. The login expires with the token.
 *
 * <pre>{@code
 * JwtAuthenticator tokens = JwtAuthenticator.builder()
 *         .issuer("https://login.example.com/")
 *         .audience("flows")
 *         .jwksUri(URI.create("https://login.example.com/.well-known/jwks.json"))
 *         .build();
 * }</pre>
 *
 * <p>A token is accepted when
 *
 * <ul>
 *   <li>its signature is right, by a key of the provider and an algorithm that is allowed. Only algorithms with a public key are: RS, PS and ES.
 *       Keys that the token has or refers to do not count, and a header parameter that must be understood ({@code crit}) refuses it,
 *   <li>its type is {@code JWT}, {@code at+jwt}, or not given,
 *   <li>its issuer is the one that was set, and the audience one of those that were set,
 *   <li>it has an end that is not over, and has begun to count, with a little skew of the clocks,
 *   <li>it has a name, and its groups are texts.
 * </ul>
 *
 * <p>Otherwise it is nobody's, and {@link #authenticate} returns empty; the reason is logged at level DEBUG, without the token. It
 * throws when the keys of the provider are not known, since they cannot be fetched: the request is then answered with 500, and the
 * client may try again. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class JwtAuthenticator implements Authenticator {

    private static final int MAX_LENGTH = 16_384;
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt");
    private static final System.Logger LOG = System.getLogger(JwtAuthenticator.class.getName());

    private final JWSVerifierFactory verifiers = new DefaultJWSVerifierFactory();
    private final KeySource keys;
    private final Set<JWSAlgorithm> algorithms;
    private final String issuer;
    private final Set<String> audiences;
    private final String nameClaim;
    private final Function<Map<String, Object>, ? extends @Nullable Object> groups;
    private final @Nullable String cookie;
    private final Duration skew;
    private final InstantSource clock;

    JwtAuthenticator(JwtAuthenticatorBuilder settings, KeySource keys) {
        this.keys = keys;
        this.algorithms = Set.copyOf(settings.algorithms);
        this.issuer = Objects.requireNonNull(settings.issuer);
        this.audiences = Set.copyOf(settings.audiences);
        this.nameClaim = settings.nameClaim;
        this.groups = settings.groups;
        this.cookie = settings.cookie;
        this.skew = settings.skew;
        this.clock = settings.clock;
    }

    /** {@return a builder; the issuer, the audience, and where the keys are must be set} */
    public static JwtAuthenticatorBuilder builder() {
        return new JwtAuthenticatorBuilder();
    }

    @Override
    public Optional<Login> authenticate(ClientRequest request) {
        String token = tokenOf(request);
        if (token == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(login(token));
        } catch (Refused refused) {
            LOG.log(System.Logger.Level.DEBUG, "A token is refused: {0}", refused.getMessage());
            return Optional.empty();
        }
    }

    private @Nullable String tokenOf(ClientRequest request) {
        boolean hasField = request.headers().containsKey("authorization");
        return request.bearerToken()
                .or(() -> cookie == null || hasField ? Optional.empty() : request.cookie(cookie))
                .orElse(null);
    }

    private Login login(String token) {
        check(token.length() <= MAX_LENGTH, "it is too long");
        SignedJWT jwt = parse(token);
        JWSHeader header = jwt.getHeader();
        check(algorithms.contains(header.getAlgorithm()), "its algorithm is not allowed");
        check(header.getCriticalParams() == null, "it has critical header parameters");
        check(
                header.getType() == null
                        || TYPES.contains(header.getType().getType().toLowerCase(java.util.Locale.ROOT)),
                "it is of another type");
        List<PublicKey> possible = keys.keysFor(header);
        check(possible.stream().anyMatch(key -> isSignedBy(key, jwt)), "it is not signed by a key of the issuer");
        return login(claims(jwt));
    }

    private static SignedJWT parse(String token) {
        try {
            return SignedJWT.parse(token);
        } catch (ParseException | RuntimeException e) {
            throw new Refused("it is no signed token"); // the cause may have parts of it
        }
    }

    private boolean isSignedBy(PublicKey key, SignedJWT jwt) {
        try {
            JWSVerifier verifier = verifiers.createJWSVerifier(jwt.getHeader(), key);
            return jwt.verify(verifier);
        } catch (JOSEException | RuntimeException e) {
            return false;
        }
    }

    private static JWTClaimsSet claims(SignedJWT jwt) {
        try {
            return Objects.requireNonNull(jwt.getJWTClaimsSet());
        } catch (ParseException | RuntimeException e) {
            throw new Refused("its claims are not well-formed");
        }
    }

    private Login login(JWTClaimsSet claims) {
        check(issuer.equals(claims.getIssuer()), "it has another issuer");
        check(claims.getAudience().stream().anyMatch(audiences::contains), "it is for another audience");
        Instant now = clock.instant();
        check(claims.getExpirationTime() != null, "it has no end");
        Instant end = claims.getExpirationTime().toInstant().plus(skew);
        check(now.isBefore(end), "it has expired");
        check(
                claims.getNotBeforeTime() == null
                        || !now.plus(skew).isBefore(claims.getNotBeforeTime().toInstant()),
                "it does not count yet");
        return new Login(identity(claims), end);
    }

    private Identity identity(JWTClaimsSet claims) {
        check(claims.getClaim(nameClaim) instanceof String, "it has no name");
        Object given = groups.apply(claims.getClaims());
        check(given == null || given instanceof Collection<?>, "its groups are no list");
        Set<String> names = new HashSet<>();
        if (given instanceof Collection<?> list) {
            for (Object group : list) {
                check(group instanceof String, "a group is no text");
                names.add((String) group);
            }
        }
        try {
            return new Identity((String) claims.getClaim(nameClaim), names);
        } catch (FlowScriptException e) {
            throw new Refused("its name or its groups are too long or too many");
        }
    }

    private static void check(boolean isRight, String otherwise) {
        if (!isRight) {
            throw new Refused(otherwise);
        }
    }

    /** Why a token is refused, without a word of the token. */
    private static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason, null, false, false);
        }
    }
}
