package io.flowscript.events.links;

import io.flowscript.core.FlowScriptException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Appends a signature to a text, after a dot, and verifies it. Immutable; safe for use by any thread. */
final class LinkSignature {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MIN_KEY_BYTES = 32;
    private static final int MAX_KEY_BYTES = 1_024;
    private static final int MAX_KEYS = 9;

    /** Part of every signed text, so that other texts signed with the same key are not valid links. */
    private static final byte[] PURPOSE = "flowscript answer link\n".getBytes(StandardCharsets.UTF_8);

    /** The first key signs; all keys verify. */
    private final List<SecretKeySpec> keys;

    private LinkSignature(List<SecretKeySpec> keys) {
        this.keys = List.copyOf(keys);
    }

    static LinkSignature with(byte[] key) {
        return new LinkSignature(List.of(checked(key)));
    }

    LinkSignature alsoAccepting(byte[] key) {
        List<SecretKeySpec> more = new ArrayList<>(keys);
        more.add(checked(key));
        if (more.size() > MAX_KEYS) {
            throw new FlowScriptException(
                    "invalid_setting", "Links can be opened with at most " + (MAX_KEYS - 1) + " older keys");
        }
        return new LinkSignature(more);
    }

    private static SecretKeySpec checked(byte[] key) {
        if (key.length < MIN_KEY_BYTES || key.length > MAX_KEY_BYTES) {
            throw new FlowScriptException(
                    "invalid_setting",
                    "A key for links must have " + MIN_KEY_BYTES + " to " + MAX_KEY_BYTES + " bytes; this one has "
                            + key.length);
        }
        return new SecretKeySpec(key, ALGORITHM);
    }

    String sign(String text) {
        return text + "." + signature(keys.get(0), text);
    }

    /**
     * Returns the text before the signature.
     *
     * @param text any text
     * @return null when it has no valid signature
     */
    @Nullable
    String verified(String text) {
        int dot = text.lastIndexOf('.');
        if (dot < 0) {
            return null;
        }
        String before = text.substring(0, dot);
        byte[] given = text.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
        boolean valid = false;
        for (SecretKeySpec key : keys) {
            // Compared as text, because several Base64 texts decode to the same bytes; and in constant time.
            byte[] wanted = signature(key, before).getBytes(StandardCharsets.UTF_8);
            valid |= MessageDigest.isEqual(wanted, given);
        }
        return valid ? before : null;
    }

    private static String signature(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(PURPOSE);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }
}
