package io.flowscript.events.operations;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Ids of executions that follow from the command which starts them: 128 bits of a hash, in 22 characters as random ids have them. Who
 * does not know the id of the command cannot guess them. Stateless.
 */
final class ExecutionIds {

    private static final int BYTES = 16;

    private ExecutionIds() {}

    /** {@return the id for a command of a sender} */
    static String of(Sender from, String commandId) {
        return hash(from.scope().length() + " " + from.scope() + commandId);
    }

    /** {@return the id that takes the place of another one} */
    static String after(String executionId) {
        return hash(executionId);
    }

    private static String hash(String text) {
        byte[] hash;
        try {
            hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Each Java platform has SHA-256", e);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
    }
}
