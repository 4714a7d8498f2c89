package io.flowscript.testkit.fault;

import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.protocol.EventFilter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A client that keeps nothing but its positions, and comes each time by another way. It follows executions by themselves, or all of them, or those of a
 * workflow; then it takes up what it knows by itself, each from where it stands, beside its subscription to many.
 */
final class MemoryVisitor {

    private static final JsonReader JSON = new JsonReader(64);

    private final MemorySchedule schedule;
    private final Random random;
    private final String name;
    private final Map<String, DeliveryCheck> checks = new LinkedHashMap<>();
    private final EventFilter filter;
    private final boolean conflates;
    /** What many it follows, empty for none. */
    private final Map<String, Object> many;

    private FaultyChannel channel;
    private Channel way;
    private boolean manyReplied;
    private boolean manyAsked;
    private final Map<String, Long> latestWhenAsked = new HashMap<>();
    private final List<String> startedBeforeReply = new ArrayList<>();
    private final List<String> runningAtReply = new ArrayList<>();

    /** How it follows what it follows. */
    private enum Channel {
        /** Runs of events as one frame, for as long as it lasts. */
        LINES,
        /** One message a frame. */
        SINGLE,
        /** Takes what comes first and leaves. */
        POLL,
        /** Keeps positions as one text. */
        STREAM
    }

    MemoryVisitor(MemorySchedule schedule, String name) {
        this.schedule = schedule;
        this.name = name;
        this.random = new Random(schedule.seed * 31 + name.hashCode());
        this.filter = schedule.filter();
        this.conflates = random.nextInt(3) == 0;
        this.many = switch (random.nextInt(4)) {
            case 0 -> Map.of("all", true);
            case 1 -> Map.of("workflowId", "red");
            default -> Map.of();
        };
        if (!filter.isEmpty()) {
            schedule.note("filtered");
        }
        if (conflates) {
            schedule.note("conflated");
        }
        if (!many.isEmpty()) {
            schedule.note(many.containsKey("all") ? "followed all" : "followed a workflow");
        }
    }

    /** An execution has come to be, or has been begun anew. */
    void began(ExpectedEvents truth) {
        DeliveryCheck check = checks.get(truth.executionId());
        if (check != null) {
            check.beginAnew(truth);
        } else if (many.isEmpty() && random.nextInt(3) > 0) {
            checks.put(truth.executionId(), new DeliveryCheck(truth, filter, conflates));
            if (isHere()) {
                subscribe(checks.get(truth.executionId()));
            }
        }
    }

    /** An execution goes on under the same numbers, of which it is not told. */
    void goesOn(ExpectedEvents truth) {
        DeliveryCheck check = checks.get(truth.executionId());
        if (check != null) {
            check.goOn(truth);
        }
    }

    /** Comes, if it is not here. */
    void visit() {
        if (!isHere()) {
            come(Channel.values()[random.nextInt(many.isEmpty() ? Channel.values().length : 1)]);
        }
    }

    /** Comes to stay to the end. */
    void stay() {
        if (isHere()) {
            throw new AssertionError(name + " is here still");
        }
        come(Channel.LINES);
    }

    /** Goes of its own accord. */
    void leave() {
        if (isHere()) {
            schedule.tell(name + " leaves");
            over();
        }
    }

    /** The transport ends it. */
    void sendAway() {
        if (isHere()) {
            schedule.tell(name + " is sent away");
            over();
        }
    }

    /** When everything has come to rest. */
    void finish() {
        if (!isHere()) {
            throw new AssertionError(name + " is not here any more");
        }
        if (!many.isEmpty()) {
            schedule.runs().forEach((id, run) -> {
                boolean mine = covers(run.truth);
                boolean later = !startedBeforeReply.contains(id);
                if (mine && (later || runningAtReply.contains(id)) && !checks.containsKey(id)) {
                    throw new AssertionError(name + " was not told of " + id);
                }
            });
        }
        checks.values().forEach(check -> {
            check.finish();
            schedule.note("events", check.events());
            schedule.note("holes", check.holes());
            schedule.note("skips", check.skips());
            schedule.note("marks", check.marks());
        });
    }

    private boolean isHere() {
        return channel != null && !channel.isOver();
    }

    private void come(Channel by) {
        over();
        way = by;
        schedule.note("visit " + by);
        manyReplied = false;
        manyAsked = false;
        channel = schedule.connect(by == Channel.SINGLE ? Framing.SINGLE : Framing.LINES, new FaultyChannel.Client() {
            @Override
            public void received(ByteBuffer frame) {
                try {
                    takeFrame(frame);
                } catch (AssertionError wrong) {
                    schedule.fail(wrong);
                }
            }

            @Override
            public void ended(int code) {
                schedule.tell(name + " is closed with " + code);
                if (!MemorySchedule.isExpected(code)) {
                    schedule.fail(new AssertionError(name + " was closed with " + code));
                }
            }
        });
        if (channel == null) {
            return;
        }
        List<DeliveryCheck> open =
                checks.values().stream().filter(check -> !check.isOver()).toList();
        if (by == Channel.POLL || by == Channel.STREAM) {
            if (!open.isEmpty()) {
                subscribe(open.get(random.nextInt(open.size())));
            }
            return;
        }
        open.forEach(this::subscribe);
        if (!many.isEmpty()) {
            Map<String, Object> data = new LinkedHashMap<>(many);
            if (!filter.types().isEmpty()) {
                data.put("types", List.copyOf(filter.types()));
            }
            if (!filter.nodes().isEmpty()) {
                data.put("nodes", List.copyOf(filter.nodes()));
            }
            if (conflates) {
                data.put("conflate", true);
            }
            latestWhenAsked.clear();
            startedBeforeReply.clear();
            runningAtReply.clear();
            schedule.runs().forEach((id, run) -> latestWhenAsked.put(id, run.truth.latest()));
            manyAsked = true;
            say("many", data);
        }
    }

    private void over() {
        if (channel != null) {
            channel.leave();
            channel = null;
        }
    }

    private void subscribe(DeliveryCheck check) {
        Map<String, Object> data = check.subscription();
        if (way == Channel.STREAM && data.remove("epoch") != null) {
            data.put("after", check.positionText());
        }
        say(check.truth().executionId(), data);
    }

    private void say(String id, Map<String, Object> data) {
        schedule.tell(name + " asks " + withoutEpoch(data));
        channel.say(ByteBuffer.wrap(JsonWriter.write(Map.of("type", "subscribe", "id", id, "data", data))));
    }

    /** Epochs are other ones each time that a seed is played. */
    private static String withoutEpoch(Map<String, Object> data) {
        return data.toString().replaceAll("epoch=[^,}]*|after=[^,}]*:", "");
    }

    private void takeFrame(ByteBuffer frame) {
        if (way == Channel.SINGLE) {
            take(frame);
            return;
        }
        boolean something = false;
        int from = 0;
        for (int i = 0; i < frame.limit(); i++) {
            if (frame.get(i) == '\n') {
                something |= take(frame.slice(from, i - from));
                from = i + 1;
            }
        }
        if (from != frame.limit()) {
            throw new AssertionError("A frame does not end with a newline");
        }
        if (way == Channel.POLL && something) {
            leave();
        }
    }

    /** {@return whether it is something that a poll is answered with} */
    private boolean take(ByteBuffer text) {
        @SuppressWarnings("unchecked") // every message is a JSON object
        Map<String, Object> message = (Map<String, Object>) JSON.read(text);
        String type = (String) message.get("type");
        Map<?, ?> data = (Map<?, ?>) message.get("data");
        schedule.tell(name + " < " + type + " " + message.get("seq") + " " + data.get("executionId"));
        if (type.equals("error")) {
            throw new AssertionError(name + " got " + data);
        }
        if (type.equals("subscribed") && "many".equals(message.get("replyTo"))) {
            schedule.runs().forEach((id, run) -> {
                startedBeforeReply.add(id);
                if (!run.truth.isEnded()) {
                    runningAtReply.add(id);
                }
            });
            manyReplied = true;
            return false;
        }
        if (data.get("executionId") instanceof String id) {
            DeliveryCheck check = checks.get(id);
            if (check == null) {
                check = joined(id, type, data);
            }
            check.take(message);
        }
        return message.get("seq") != null || type.equals("events_missed");
    }

    /** An execution that it did not know has joined what it follows. */
    private DeliveryCheck joined(String id, String type, Map<?, ?> data) {
        ExpectedEvents truth = schedule.runs().get(id).truth;
        truth.record();
        if (!manyAsked || !type.equals("subscribed") || !covers(truth)) {
            throw new AssertionError(name + " did not ask for " + id);
        }
        long after = ((Number) data.get("after")).longValue();
        boolean later = manyReplied && !startedBeforeReply.contains(id);
        if (later ? after != 0 : after < latestWhenAsked.getOrDefault(id, 0L) || after > truth.latest()) {
            throw new AssertionError(name + " joins " + id + " after " + after);
        }
        schedule.note(later ? "joined from the first" : "joined in the middle");
        DeliveryCheck check = new DeliveryCheck(truth, filter, conflates);
        check.beginAfter(after);
        checks.put(id, check);
        return check;
    }

    private boolean covers(ExpectedEvents truth) {
        return many.containsKey("all")
                || schedule.runs()
                        .get(truth.executionId())
                        .execution
                        .workflowId()
                        .equals(many.get("workflowId"));
    }
}
