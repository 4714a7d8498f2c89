package io.flowscript.testkit.protocol;

import io.flowscript.testkit.protocol.Step.Part;
import io.flowscript.testkit.protocol.Step.Request;
import io.flowscript.testkit.protocol.Step.Send.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one step, whose structure the schema of case files has already checked. */
final class StepReader {

    private static final String CLIENT = "client";
    private static final int OK = 200;

    private final Map<String, @Nullable Object> step;
    private final String on;

    private StepReader(Map<String, @Nullable Object> step) {
        this.step = step;
        this.on = step.get("on") instanceof String name ? name : CLIENT;
    }

    static Step read(Map<String, @Nullable Object> step) {
        return new StepReader(step).read();
    }

    private Step read() {
        if (step.containsKey("connect")) {
            return connect(field("connect"));
        } else if (step.containsKey("stream")) {
            Map<String, @Nullable Object> stream = field("stream");
            return new Step.Stream(on, request(stream, "/"), texts(stream.get("skip")));
        } else if (step.containsKey("send")) {
            return send(List.of(new Part(field("send"), 1)), Form.TEXT);
        } else if (step.containsKey("sendText")) {
            return send(parts(step.get("sendText")), flag("fragments") ? Form.FRAGMENTS : Form.TEXT);
        } else if (step.containsKey("sendBinary")) {
            return send(parts(step.get("sendBinary")), Form.BINARY);
        } else if (step.containsKey("expect") && !step.containsKey("http")) {
            return new Step.Expect(on, patterns(step.get("expect")), skip());
        } else if (step.containsKey("quiet")) {
            return new Step.Quiet(on, skip());
        } else if (step.containsKey("close")) {
            return new Step.Close(on, number(step.get("close"), 0));
        } else if (step.containsKey("cut")) {
            return new Step.Cut(on);
        } else if (step.containsKey("closed")) {
            return new Step.Closed(on, number(step.get("closed"), 0), skip());
        } else if (step.containsKey("ended")) {
            return new Step.Closed(on, null, skip());
        }
        return http(String.valueOf(step.get("http")));
    }

    private Step connect(Map<String, @Nullable Object> connect) {
        Object connected = connect.get("connected");
        Object refused = connect.get("refused");
        return new Step.Connect(
                on,
                request(connect, "/ws"),
                connect.get("subprotocol") instanceof String name ? name : null,
                texts(connect.get("skip")),
                connected == null ? Map.of() : JsonTexts.object(connected, "connected"),
                refused == null ? null : number(refused, 0));
    }

    private Step send(List<Part> parts, Form form) {
        return new Step.Send(on, parts, form, number(step.get("times"), 1), flag("fits"));
    }

    private Step http(String line) {
        Map<String, @Nullable Object> expect = field("expect");
        int space = line.indexOf(' ');
        Object headers = expect.get("headers");
        List<Part> body = null;
        if (step.containsKey("body")) {
            body = List.of(new Part(JsonTexts.object(step.get("body"), "body"), 1));
        } else if (step.containsKey("text")) {
            body = parts(step.get("text"));
        }
        return new Step.Http(
                on,
                line.substring(0, space),
                request(step, line.substring(space + 1)),
                body,
                number(expect.get("status"), OK),
                expect.get("type") instanceof String type ? type : null,
                headers == null ? Map.of() : JsonTexts.object(headers, "headers"),
                expect.get("body"),
                expect.containsKey("body"));
    }

    private static Request request(Map<String, @Nullable Object> from, String path) {
        Object headers = from.get("headers");
        return new Request(
                from.get("path") instanceof String other ? other : path,
                from.get("as") instanceof String who ? who : null,
                headers == null ? Map.of() : JsonTexts.object(headers, "headers"));
    }

    private static List<Part> parts(@Nullable Object text) {
        List<Part> parts = new ArrayList<>();
        for (Object part : text instanceof List<?> several ? several : List.of(String.valueOf(text))) {
            if (part instanceof Map<?, ?> repeated) {
                parts.add(new Part(String.valueOf(repeated.get("repeat")), number(repeated.get("times"), 1)));
            } else {
                parts.add(new Part(String.valueOf(part), 1));
            }
        }
        return parts;
    }

    private static List<Map<String, @Nullable Object>> patterns(@Nullable Object expect) {
        List<Map<String, @Nullable Object>> patterns = new ArrayList<>();
        for (Object pattern :
                expect instanceof List<?> several ? several : List.of(JsonTexts.object(expect, "expect"))) {
            patterns.add(JsonTexts.object(pattern, "expect"));
        }
        return patterns;
    }

    private List<String> skip() {
        return texts(step.get("skip"));
    }

    private static List<String> texts(@Nullable Object list) {
        return list instanceof List<?> several
                ? several.stream().map(String::valueOf).toList()
                : List.of();
    }

    private Map<String, @Nullable Object> field(String name) {
        return JsonTexts.object(step.get(name), name);
    }

    private boolean flag(String name) {
        return Boolean.TRUE.equals(step.get(name));
    }

    private static int number(@Nullable Object value, int otherwise) {
        return value instanceof Number number ? number.intValue() : otherwise;
    }
}
