package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.language.forms.SchemaFormValidator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * Holds what a bridge sends against the schemas of the protocol, as {@code CheckedBridge} of the testkit does, which
 * stands on this module. Each set of a message's fields is looked at once for each type, code and status.
 */
final class SchemaCheck implements EventBridge {

    private static final Map<?, ?> SCHEMAS = schemas();
    private static final Map<Object, FormValidator.Form> FORMS = new ConcurrentHashMap<>();
    private static final Set<String> FITTING = ConcurrentHashMap.newKeySet();

    private final EventBridge bridge;
    private final Queue<String> problems = new ConcurrentLinkedQueue<>();

    SchemaCheck(EventBridge bridge) {
        this.bridge = bridge;
    }

    @Override
    public ClientSession connect(ClientChannel channel, ClientInfo client) {
        return bridge.connect(
                new ClientChannel() {
                    @Override
                    public void send(List<ByteBuffer> frames, SendCallback done) {
                        frames.forEach(SchemaCheck.this::check);
                        channel.send(frames, done);
                    }

                    @Override
                    public void close(int code, String reason) {
                        channel.close(code, reason);
                    }

                    @Override
                    public boolean ping(Runnable pong) {
                        return channel.ping(pong);
                    }

                    @Override
                    public String transport() {
                        return channel.transport();
                    }
                },
                client);
    }

    @Override
    public int disconnect(Predicate<Identity> who) {
        return bridge.disconnect(who);
    }

    @Override
    public int maxMessageBytes() {
        return bridge.maxMessageBytes();
    }

    @Override
    public void close() {
        bridge.close();
        assertThat(problems).as("messages that break their schemas").isEmpty();
    }

    private void check(ByteBuffer frame) {
        for (String line :
                StandardCharsets.UTF_8.decode(frame.duplicate()).toString().split("\n", -1)) {
            if (!line.isEmpty() && new JsonReader(100).read(line) instanceof Map<?, ?> message) {
                String shape = shape(message);
                if (!FITTING.contains(shape)) {
                    var wrong = FORMS.computeIfAbsent(message.get("type"), SchemaCheck::form)
                            .validate(message);
                    if (wrong.isEmpty()) {
                        FITTING.add(shape);
                    } else {
                        problems.add(wrong + ": " + line);
                    }
                }
            }
        }
    }

    private static String shape(Map<?, ?> object) {
        Set<String> fields = new TreeSet<>();
        object.forEach((name, value) -> {
            if (value instanceof Map<?, ?> inner) {
                fields.add(name + shape(inner));
            } else if (value instanceof List<?> list) {
                fields.add(name + (list.isEmpty() ? "[]" : "[..]"));
            } else if (Set.of("type", "code", "status").contains(name)) {
                fields.add(name + ":" + value);
            } else {
                fields.add(
                        name + ":" + (value == null ? "null" : value.getClass().getSimpleName()));
            }
        });
        return fields.toString();
    }

    private static FormValidator.Form form(Object type) {
        return new SchemaFormValidator()
                .compile(Map.of(
                        "$schema", SCHEMAS.get("$schema"), "$ref", "#/$defs/" + type, "$defs", SCHEMAS.get("$defs")));
    }

    private static Map<?, ?> schemas() {
        try (InputStream in =
                ErrorCode.class.getResourceAsStream("/META-INF/flowscript/protocol/server-messages.schema.json")) {
            return (Map<?, ?>) new JsonReader(100).read(ByteBuffer.wrap(in.readAllBytes()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
