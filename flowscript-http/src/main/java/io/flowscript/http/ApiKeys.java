package io.flowscript.http;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.Login;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Identifies programs by a key, in {@code Authorization: Bearer} or in {@code X-API-Key}. The server knows only the SHA-256 of each key, so
 * whoever reads its configuration or its database has no key.
 *
 * <pre>{@code
 * String key = ApiKeys.generate("billing");    // shown once, to whoever is to use it
 * String hash = ApiKeys.hash(key);             // kept
 * builder.authenticator(ApiKeys.of(Map.of(hash, Login.of("billing", "services"))));
 * }</pre>
 *
 * <p>A plain hash is enough only for keys that nobody can guess, as {@link #generate} makes them. It is none for passwords. Immutable; safe
 * for use by any thread.
 *
 * @since 0.1.0
 */
public final class ApiKeys implements Authenticator {

    private static final String FIELD = "x-api-key";
    private static final int MAX_LENGTH = 512;
    private static final int RANDOM_BYTES = 32;
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9-]{1,32}");
    private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Function<String, Optional<Login>> lookup;

    private ApiKeys(Function<String, Optional<Login>> lookup) {
        this.lookup = lookup;
    }

    /**
     * Accepts a fixed set of keys. A request's key is compared with each of them, in a time that does not depend on how much of it is right.
     *
     * @param logins whose each key is, by its {@link #hash}
     * @return the authenticator
     * @throws FlowScriptException with code {@code invalid_setting} when the name of an entry is no hash; the key itself must not be there
     */
    public static ApiKeys of(Map<String, Login> logins) {
        List<Entry> entries = logins.entrySet().stream()
                .map(each -> new Entry(checked(each.getKey()), each.getValue()))
                .toList();
        return new ApiKeys(hash -> find(entries, hash));
    }

    /**
     * Accepts keys that the application looks up, for example in a database.
     *
     * @param byHash returns whose a key is, by its {@link #hash}; empty when there is no such key. It is called for each request that has
     *     a key, may block for a short time, and may throw as an {@link Authenticator}
     * @return the authenticator
     */
    public static ApiKeys lookup(Function<String, Optional<Login>> byHash) {
        return new ApiKeys(byHash);
    }

    /**
     * Makes a new key with 256 random bits.
     *
     * @param prefix what the key begins with, so that people see what it is for, and scanners find one that was published: 1 to 32 letters,
     *     digits and hyphens
     * @return the key, such as {@code billing_NJ8hT…}
     * @throws FlowScriptException with code {@code invalid_setting} for another prefix
     */
    public static String generate(String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new FlowScriptException(
                    "invalid_setting", "The prefix of a key has 1 to 32 letters, digits and hyphens, unlike " + prefix);
        }
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        return prefix + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /**
     * Returns what is kept of a key.
     *
     * @param key the key
     * @return its SHA-256, 64 hexadecimal digits in lower case
     */
    public static String hash(String key) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    @Override
    public Optional<Login> authenticate(ClientRequest request) {
        List<String> fields = request.headers().getOrDefault(FIELD, List.of());
        if (fields.size() > 1 || (!fields.isEmpty() && request.headers().containsKey("authorization"))) {
            return Optional.empty(); // two readers could take it to be from different senders
        }
        Optional<String> key = fields.isEmpty() ? request.bearerToken() : Optional.of(fields.get(0));
        return key.filter(given -> given.length() <= MAX_LENGTH)
                .map(ApiKeys::hash)
                .flatMap(lookup);
    }

    private static Optional<Login> find(List<Entry> entries, String hash) {
        byte[] wanted = hash.getBytes(StandardCharsets.US_ASCII);
        Login found = null;
        for (Entry each : entries) {
            if (MessageDigest.isEqual(each.hash.getBytes(StandardCharsets.US_ASCII), wanted)) {
                found = each.login; // the others are compared nevertheless
            }
        }
        return Optional.ofNullable(found);
    }

    private static String checked(String hash) {
        if (!HASH.matcher(hash).matches()) {
            throw new FlowScriptException(
                    "invalid_setting", "Keys are named by their SHA-256, 64 hexadecimal digits; ApiKeys.hash makes it");
        }
        return hash.toLowerCase(Locale.ROOT);
    }

    /** Whose a key is. */
    private record Entry(String hash, Login login) {}
}
