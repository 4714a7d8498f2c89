package io.flowscript.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import io.flowscript.core.FlowScriptException;
import java.net.InetAddress;
import java.net.URI;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link JwtAuthenticator}. Not safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class JwtAuthenticatorBuilder {

    private static final Duration MAX_SKEW = Duration.ofMinutes(5);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int MIN_RSA_BITS = 2048;

    /** All that verify with a public key by means of the JDK. */
    private static final Map<String, JWSAlgorithm> ALLOWED = java.util.stream.Stream.of(
                    JWSAlgorithm.RS256,
                    JWSAlgorithm.RS384,
                    JWSAlgorithm.RS512,
                    JWSAlgorithm.PS256,
                    JWSAlgorithm.PS384,
                    JWSAlgorithm.PS512,
                    JWSAlgorithm.ES256,
                    JWSAlgorithm.ES384,
                    JWSAlgorithm.ES512)
            .collect(Collectors.toUnmodifiableMap(JWSAlgorithm::getName, algorithm -> algorithm));

    @Nullable
    String issuer;

    Set<String> audiences = Set.of();
    Set<JWSAlgorithm> algorithms = Set.copyOf(ALLOWED.values());
    String nameClaim = "sub";
    Function<Map<String, Object>, ? extends @Nullable Object> groups = claims -> claims.get("groups");

    @Nullable
    String cookie;

    Duration skew = Duration.ofSeconds(30);
    InstantSource clock = InstantSource.system();
    private List<PublicKey> keys = List.of();
    private @Nullable URI jwksUri;
    private Duration timeout = Duration.ofSeconds(5);
    private Duration refreshAfter = Duration.ofMinutes(15);
    private Duration maxKeyAge = Duration.ofHours(24);

    JwtAuthenticatorBuilder() {}

    /**
     * Sets who issues the tokens: the claim {@code iss}. Must be set.
     *
     * @param iss the issuer, exactly as tokens have it
     * @return this
     */
    public JwtAuthenticatorBuilder issuer(String iss) {
        this.issuer = Objects.requireNonNull(iss, "iss");
        return this;
    }

    /**
     * Sets for whom the tokens are: the claim {@code aud}. Must be set, since an issuer gives tokens for other applications too.
     *
     * @param aud the audiences; a token has one of them
     * @return this
     */
    public JwtAuthenticatorBuilder audience(String... aud) {
        this.audiences = new LinkedHashSet<>(Arrays.asList(aud));
        return this;
    }

    /**
     * Sets where the issuer shows its keys, as a set of JWK (RFC 7517). They are fetched at once in the background, again every 15 minutes ({@link
     * #refreshKeysAfter}), and when a token names a key that is not among them, at most every 10 seconds. No more than 256 KiB are read, and no redirect is followed.
     *
     * @param address an address with {@code https}; {@code http} only on the loopback interface
     * @return this
     * @throws FlowScriptException with code {@code invalid_setting} for another address
     */
    public JwtAuthenticatorBuilder jwksUri(URI address) {
        boolean isSafe = "https".equals(address.getScheme())
                || ("http".equals(address.getScheme()) && isLoopback(address.getHost()));
        require(isSafe && address.getHost() != null, "Keys are fetched over https, unlike " + address);
        this.jwksUri = address;
        return this;
    }

    /**
     * Sets the keys of the issuer, in place of {@link #jwksUri}.
     *
     * @param publicKeys RSA keys with at least 2,048 bits, and EC keys
     * @return this
     * @throws FlowScriptException with code {@code invalid_setting} for another key
     */
    public JwtAuthenticatorBuilder key(PublicKey... publicKeys) {
        for (PublicKey key : publicKeys) {
            boolean isStrong = key instanceof ECPublicKey
                    || (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= MIN_RSA_BITS);
            require(isStrong, "A key is an RSA key with 2,048 bits or more, or an EC key");
        }
        this.keys = List.of(publicKeys);
        return this;
    }

    /**
     * Allows fewer algorithms. By default all that have a public key: RS, PS and ES, each with 256, 384 and 512.
     *
     * @param names the names, such as {@code ES256}
     * @return this
     * @throws FlowScriptException with code {@code invalid_setting} for another algorithm
     */
    public JwtAuthenticatorBuilder algorithms(String... names) {
        for (String name : names) {
            require(ALLOWED.containsKey(name), "Tokens can be signed with " + ALLOWED.keySet() + ", not with " + name);
        }
        this.algorithms = Arrays.stream(names).map(ALLOWED::get).collect(Collectors.toUnmodifiableSet());
        return this;
    }

    /**
     * Sets which claim has the name of the identity.
     *
     * @param claim the name of a claim that is a text; {@code sub} by default, since it stays the same and is unique for an issuer
     * @return this
     */
    public JwtAuthenticatorBuilder nameClaim(String claim) {
        this.nameClaim = Objects.requireNonNull(claim, "claim");
        return this;
    }

    /**
     * Sets which claim has the groups of the identity.
     *
     * @param claim the name of a claim that is a list of texts; {@code groups} by default. A token without it has no groups
     * @return this
     */
    public JwtAuthenticatorBuilder groupsClaim(String claim) {
        Objects.requireNonNull(claim, "claim");
        this.groups = claims -> claims.get(claim);
        return this;
    }

    /**
     * Sets how the groups are found in a token that has them elsewhere than in one claim.
     *
     * @param ofClaims returns the groups, given the claims of a token whose signature is right
     * @return this
     */
    public JwtAuthenticatorBuilder groups(Function<Map<String, Object>, ? extends Collection<String>> ofClaims) {
        this.groups = Objects.requireNonNull(ofClaims, "ofClaims");
        return this;
    }

    /**
     * Takes the token from a cookie, when the request has no field {@code Authorization}. By default no cookie is read.
     *
     * @param name the name of the cookie
     * @return this
     */
    public JwtAuthenticatorBuilder cookie(String name) {
        this.cookie = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * Sets by how much the clocks of the issuer and of this server may differ.
     *
     * @param most from zero to 5 minutes; 30 seconds by default
     * @return this
     */
    public JwtAuthenticatorBuilder skew(Duration most) {
        require(
                !most.isNegative() && most.compareTo(MAX_SKEW) <= 0,
                "Clocks may differ by up to 5 minutes, not " + most);
        this.skew = most;
        return this;
    }

    /**
     * Sets the clock by which tokens begin and expire.
     *
     * @param time the clock; that of the system by default
     * @return this
     */
    public JwtAuthenticatorBuilder clock(InstantSource time) {
        this.clock = Objects.requireNonNull(time, "time");
        return this;
    }

    /**
     * Sets how long it may take to fetch the keys.
     *
     * @param most more than zero, at most a minute; 5 seconds by default
     * @return this
     */
    public JwtAuthenticatorBuilder timeout(Duration most) {
        this.timeout = positive(most, MAX_TIMEOUT);
        return this;
    }

    /**
     * Sets after what time the keys are fetched again, in the background.
     *
     * @param time more than zero, at most 365 days; 15 minutes by default
     * @return this
     */
    public JwtAuthenticatorBuilder refreshKeysAfter(Duration time) {
        this.refreshAfter = positive(time, LONGEST);
        return this;
    }

    /**
     * Sets for how long keys count that cannot be fetched again, because the issuer cannot be reached.
     *
     * @param time more than zero, at most 365 days; 24 hours by default
     * @return this
     */
    public JwtAuthenticatorBuilder maxKeyAge(Duration time) {
        this.maxKeyAge = positive(time, LONGEST);
        return this;
    }

    /**
     * Creates the authenticator, and begins to fetch the keys.
     *
     * @return the authenticator
     * @throws FlowScriptException with code {@code invalid_setting} when the issuer, the audience or the keys are not set, or both ways of
     *     giving keys are used
     */
    public JwtAuthenticator build() {
        require(issuer != null, "The issuer must be set");
        require(!audiences.isEmpty(), "The audience must be set: an issuer gives tokens for other applications too");
        require(!algorithms.isEmpty(), "At least one algorithm must be allowed");
        URI address = jwksUri;
        require((address == null) != keys.isEmpty(), "Either the keys or their address must be set");
        if (address == null) {
            List<PublicKey> fixed = keys;
            return new JwtAuthenticator(this, header -> fixed);
        }
        RemoteKeys remote = new RemoteKeys(new KeySetClient(address, timeout), clock, refreshAfter, maxKeyAge);
        remote.refresh();
        return new JwtAuthenticator(this, remote);
    }

    private static boolean isLoopback(@Nullable String host) {
        return host != null
                && (host.equals("localhost")
                        || host.equals("[::1]")
                        || (host.matches("127(\\.\\d{1,3}){3}") && isLoopbackAddress(host)));
    }

    private static boolean isLoopbackAddress(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (java.net.UnknownHostException e) {
            return false;
        }
    }

    private static Duration positive(Duration time, Duration most) {
        require(
                !time.isNegative() && !time.isZero() && time.compareTo(most) <= 0,
                "A time must be more than zero and at most " + most + ", not " + time);
        return time;
    }

    private static void require(boolean isRight, String message) {
        if (!isRight) {
            throw new FlowScriptException("invalid_setting", message);
        }
    }
}
