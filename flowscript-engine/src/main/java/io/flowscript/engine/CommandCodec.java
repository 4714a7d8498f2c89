package io.flowscript.engine;

import io.flowscript.core.CommandKey;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Commands that engines send each other, and their replies, as JSON values. A command has its kind as {@code "do"}. A reply has
 * a receipt, {@code "done"}, or an error with code and message. Stateless.
 */
final class CommandCodec {

    static final String START = "start";
    static final String CANCEL = "cancel";
    static final String ANSWER = "answer";
    static final String CLAIM = "claim";
    static final String RELEASE = "release";
    static final String REVISE = "revise";
    static final String SEEN = "seen";

    private CommandCodec() {}

    private static Map<String, @Nullable Object> command(String kind) {
        Map<String, @Nullable Object> command = new LinkedHashMap<>();
        command.put("do", kind);
        return command;
    }

    static Map<String, @Nullable Object> start(
            String workflowId,
            Map<String, ? extends @Nullable Object> input,
            @Nullable CommandKey key,
            @Nullable String trace) {
        Map<String, @Nullable Object> command = command(START);
        command.put("workflow", workflowId);
        command.put("input", input);
        command.put("command", key(key));
        if (trace != null) {
            command.put("trace", trace);
        }
        return command;
    }

    static Map<String, @Nullable Object> cancel(
            @Nullable String reason, @Nullable Identity by, @Nullable CommandKey key) {
        Map<String, @Nullable Object> command = command(CANCEL);
        command.put("reason", reason);
        command.put("by", identity(by));
        command.put("command", key(key));
        return command;
    }

    static Map<String, @Nullable Object> answer(PauseToken token, @Nullable Object answer, AnswerOptions options) {
        Map<String, @Nullable Object> command = of(ANSWER, token);
        command.put("data", answer);
        command.put("by", identity(options.by()));
        command.put("key", options.idempotencyKey());
        command.put("seen", options.seen());
        return command;
    }

    static Map<String, @Nullable Object> claim(
            PauseToken token, Identity by, Duration lease, @Nullable CommandKey key) {
        Map<String, @Nullable Object> command = of(CLAIM, token);
        command.put("by", identity(by));
        command.put("lease", lease.toString());
        command.put("command", key(key));
        return command;
    }

    static Map<String, @Nullable Object> release(PauseToken token, Identity by, @Nullable CommandKey key) {
        Map<String, @Nullable Object> command = of(RELEASE, token);
        command.put("by", identity(by));
        command.put("command", key(key));
        return command;
    }

    static Map<String, @Nullable Object> revise(
            PauseToken token, Map<String, @Nullable Object> shown, @Nullable Identity by) {
        Map<String, @Nullable Object> command = of(REVISE, token);
        command.put("shown", shown);
        command.put("by", identity(by));
        return command;
    }

    static Map<String, @Nullable Object> seen(Set<String> tokenIds, Identity by) {
        Map<String, @Nullable Object> command = command(SEEN);
        command.put("tokens", List.copyOf(tokenIds));
        command.put("by", identity(by));
        return command;
    }

    private static Map<String, @Nullable Object> of(String kind, PauseToken token) {
        Map<String, @Nullable Object> command = command(kind);
        command.put("node", token.nodeId());
        command.put("token", token.tokenId());
        return command;
    }

    static PauseToken token(String executionId, Value command) {
        return new PauseToken(
                executionId,
                command.get("node").asString(),
                command.get("token").asString());
    }

    private static @Nullable Map<String, @Nullable Object> identity(@Nullable Identity who) {
        return who == null ? null : Map.of("name", who.name(), "groups", List.copyOf(who.groups()));
    }

    static @Nullable Identity identity(Value command) {
        Value by = command.get("by");
        if (by.isNull()) {
            return null;
        }
        Set<String> groups = new HashSet<>();
        by.get("groups").asList().forEach(group -> groups.add(group.asString()));
        return new Identity(by.get("name").asString(), groups);
    }

    private static @Nullable Map<String, @Nullable Object> key(@Nullable CommandKey key) {
        return key == null ? null : Map.of("sender", key.sender(), "id", key.id(), "digest", key.digest());
    }

    static @Nullable CommandKey key(Value command) {
        Value key = command.get("command");
        return key.isMissing() || key.isNull()
                ? null
                : new CommandKey(
                        key.get("sender").asString(),
                        key.get("id").asString(),
                        key.get("digest").asString());
    }

    static @Nullable String text(Value command, String field) {
        Value text = command.get(field);
        return text.isNull() ? null : text.asString();
    }

    /** A reply to a command that has no receipt. */
    static Value done(boolean done) {
        return Value.of(Map.of("done", done));
    }

    static Value failed(FlowScriptException error) {
        Map<String, @Nullable Object> reply = new LinkedHashMap<>();
        reply.put("error", error.code());
        reply.put("message", error.getMessage());
        return Value.of(reply);
    }

    /** {@return what was replied} Throws what the command has failed with. */
    static boolean done(Value reply) {
        checkDone(reply);
        return reply.get("done").asBoolean();
    }

    static void checkDone(Value reply) {
        Value error = reply.get("error");
        if (!error.isMissing()) {
            throw new FlowScriptException(error.asString(), reply.get("message").asString());
        }
    }

    static Value reply(Receipt receipt) {
        Map<String, @Nullable Object> reply = new LinkedHashMap<>();
        reply.put("receipt", receipt.code());
        if (receipt instanceof Receipt.Accepted accepted) {
            reply.put("at", accepted.at().toString());
            reply.put("closes", accepted.closes());
        } else if (receipt instanceof Receipt.Invalid invalid) {
            List<Object> violations = new ArrayList<>();
            for (Violation each : invalid.violations()) {
                violations.add(Map.of("path", each.path(), "keyword", each.keyword(), "message", each.message()));
            }
            reply.put("violations", violations);
        } else if (receipt instanceof Receipt.AlreadyResolved resolved) {
            reply.put("at", resolved.at().toString());
            reply.put("by", identity(resolved.by()));
        } else if (receipt instanceof Receipt.Expired expired) {
            reply.put("at", expired.at().toString());
        } else if (receipt instanceof Receipt.Cancelled cancelled) {
            reply.put("at", cancelled.at().toString());
        } else if (receipt instanceof Receipt.Forbidden forbidden) {
            reply.put("forbidden", forbidden.message());
        } else if (receipt instanceof Receipt.Stale stale) {
            reply.put("saw", stale.seen());
            reply.put("shown", stale.shown());
            reply.put("hash", stale.contextHash());
        }
        return Value.of(reply);
    }

    /** {@return the receipt that was replied} Throws what the command has failed with. */
    static Receipt receipt(PauseToken token, Value reply) {
        checkDone(reply);
        String code = reply.get("receipt").asString();
        if (!reply.get("forbidden").isMissing()) {
            return new Receipt.Forbidden(token, code, reply.get("forbidden").asString());
        }
        return switch (code) {
            case "accepted" ->
                new Receipt.Accepted(token, at(reply), reply.get("closes").asBoolean());
            case "validation_failed" -> new Receipt.Invalid(token, violations(reply));
            case "already_resolved" -> new Receipt.AlreadyResolved(token, identity(reply), at(reply));
            case "expired" -> new Receipt.Expired(token, at(reply));
            case "execution_finished" -> new Receipt.Cancelled(token, at(reply));
            case "stale" -> new Receipt.Stale(token, object(reply, "saw"), object(reply, "shown"), text(reply, "hash"));
            case "idempotency_conflict" -> new Receipt.Conflict(token);
            case "interaction_not_found" -> new Receipt.NotFound();
            default -> throw new IllegalArgumentException("There is no receipt with the code " + code);
        };
    }

    private static Instant at(Value reply) {
        return Instant.parse(reply.get("at").asString());
    }

    private static List<Violation> violations(Value reply) {
        return reply.get("violations").asList().stream()
                .map(each -> new Violation(
                        each.get("path").asString(),
                        each.get("keyword").asString(),
                        each.get("message").asString()))
                .toList();
    }

    private static @Nullable Map<String, @Nullable Object> object(Value reply, String field) {
        Value object = reply.get(field);
        return object.isNull() ? null : object.asMap();
    }
}
