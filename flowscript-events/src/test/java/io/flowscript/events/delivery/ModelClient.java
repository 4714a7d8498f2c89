package io.flowscript.events.delivery;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import io.flowscript.json.protocol.EventFilter;
import io.flowscript.json.protocol.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A client that checks every message against what the protocol promises: it knows what it asked for, where it stands in each
 * execution, and what truly happened.
 */
final class ModelClient {

    private static final List<String> LAST = List.of("workflow_completed", "workflow_failed", "workflow_cancelled");

    private final String name;
    private final MemoryTransport transport;
    private final ExpectedEvents truth;
    private final List<String> story = new ArrayList<>();
    private final Map<String, Asked> requests = new HashMap<>();
    private final Map<Scope, Asked> inForce = new LinkedHashMap<>();
    private final Map<String, ClientProgress> ways = new TreeMap<>();
    private MemoryClient link;
    private int sent;

    /** What truly happened, and what came of it. */
    static final class ExpectedEvents {

        final Map<String, Run> runs = new TreeMap<>();

        /** What clients were sent, and how often they were closed as too slow. */
        final Map<String, Integer> seen;

        ExpectedEvents(Map<String, Integer> seen) {
            this.seen = seen;
        }

        /** One execution. */
        static final class Run {
            final String workflowId;
            final String epoch;
            final List<Event> events = new ArrayList<>();
            long oldest = 1;

            Run(String workflowId, String epoch) {
                this.workflowId = workflowId;
                this.epoch = epoch;
            }

            long latest() {
                return events.size();
            }

            Event event(long seq) {
                return events.get((int) seq - 1);
            }

            boolean isEnded() {
                return !events.isEmpty() && events.get(events.size() - 1).isTerminal();
            }
        }

        long latest(String id) {
            Run run = runs.get(id);
            return run == null ? 0 : run.latest();
        }
    }

    /** One request to subscribe or to unsubscribe. */
    record Asked(
            int number,
            Scope scope,
            boolean subscribes,
            EventFilter filter,
            boolean conflate,
            Long after,
            String epoch,
            boolean latest,
            Map<String, Long> latestWhenSent,
            Map<String, Boolean> endedWhenSent,
            List<String> startedBeforeReply,
            List<String> runningAtReply) {

        boolean passes(Event event) {
            return filter.passes(event);
        }
    }

    /** Where the client stands in one execution. */
    private static final class ClientProgress {
        long at;
        boolean followed;
        boolean maybe;
        boolean announced;
        boolean pending;

        /** What told a pending subscription where to begin. */
        Asked mover;

        boolean foreign;
        boolean mayMove;
        boolean placed;

        /** Whether its end was reached, so that the delivery of before is over. */
        boolean done;

        /** Where it waited to begin, at the least, when it was handed over before it did. */
        Long awaited;

        final List<Asked> before = new ArrayList<>();
    }

    ModelClient(String name, MemoryTransport transport, ExpectedEvents truth) {
        this.name = name;
        this.transport = transport;
        this.truth = truth;
    }

    boolean isConnected() {
        return link != null && link.isConnected();
    }

    void connect() {
        link = transport.connect(Identity.of(name), Framing.LINES);
    }

    MemoryClient link() {
        return link;
    }

    List<String> story() {
        return story;
    }

    Iterable<String> known() {
        return ways.keySet();
    }

    long at(String executionId) {
        ClientProgress way = ways.get(executionId);
        return way == null ? 0 : way.at;
    }

    List<Scope> asked() {
        return List.copyOf(inForce.keySet());
    }

    /** The connection is gone, by the client or by the server. */
    void cut() {
        read();
        if (link != null) {
            if (!link.isConnected() && link.closeCode() != CloseCode.TOO_SLOW) {
                throw wrong("closed with " + link.closeCode() + " " + link.closeReason());
            }
            truth.seen.merge(link.isConnected() ? "cut" : "too slow", 1, Integer::sum);
            link.disconnect();
        }
        link = null;
        tell("-- cut");
        requests.clear();
        inForce.clear();
        ways.values().forEach(way -> {
            way.followed = false;
            way.maybe = false;
            way.announced = false;
            way.pending = false;
            way.foreign = false;
            way.mayMove = false;
            way.placed = false;
            way.done = false;
            way.awaited = null;
            way.before.clear();
        });
    }

    void subscribe(
            Scope scope, EventFilter filter, boolean conflate, Integer pace, Long after, String epoch, boolean latest) {
        Map<String, Object> data = scope(scope);
        if (!filter.types().isEmpty()) {
            data.put("types", List.copyOf(filter.types()));
        }
        if (!filter.nodes().isEmpty()) {
            data.put("nodes", List.copyOf(filter.nodes()));
        }
        if (conflate) {
            data.put("conflate", true);
        }
        if (pace != null) {
            data.put("maxEventsPerSecond", pace);
        }
        if (latest) {
            data.put("after", "latest");
        } else if (after != null) {
            data.put("after", after);
            data.put("epoch", epoch);
        }
        send("subscribe", data, asked(scope, true, filter, conflate, after, epoch, latest));
    }

    void unsubscribe(Scope scope) {
        send("unsubscribe", scope(scope), asked(scope, false, EventFilter.NONE, false, null, null, false));
    }

    private Asked asked(
            Scope scope,
            boolean subscribes,
            EventFilter filter,
            boolean conflate,
            Long after,
            String epoch,
            boolean latest) {
        Map<String, Long> latestNow = new HashMap<>();
        Map<String, Boolean> endedNow = new HashMap<>();
        truth.runs.forEach((id, run) -> {
            latestNow.put(id, run.latest());
            endedNow.put(id, run.isEnded());
        });
        return new Asked(
                sent,
                scope,
                subscribes,
                filter,
                conflate,
                after,
                epoch,
                latest,
                latestNow,
                endedNow,
                new ArrayList<>(),
                new ArrayList<>());
    }

    private void send(String type, Map<String, Object> data, Asked asked) {
        String id = "r" + ++sent;
        requests.put(id, asked);
        tell("> " + id + " " + type + " " + data);
        link.send(Map.of("type", type, "id", id, "data", data));
    }

    /** Reads what has come, and checks it. */
    void read() {
        if (link == null) {
            return;
        }
        List<Map<String, Object>> messages = link.received();
        link.clear();
        for (Map<String, Object> message : messages) {
            tell("< " + message.get("type") + " " + message.get("seq") + " " + message.get("replyTo") + " "
                    + shortened(MemoryClient.data(message)));
            check(message);
            truth.seen.merge(String.valueOf(message.get("type")), 1, Integer::sum);
        }
    }

    private void check(Map<String, Object> message) {
        checkIt(message);
        ways.forEach((id, way) -> {
            ExpectedEvents.Run run = truth.runs.get(id);
            way.done |= run != null && run.isEnded() && way.at == run.latest();
        });
    }

    private void checkIt(Map<String, Object> message) {
        Map<String, Object> data = MemoryClient.data(message);
        String type = (String) message.get("type");
        String id = (String) data.get("executionId");
        Asked request = requests.remove(String.valueOf(message.get("replyTo")));
        switch (type) {
            case "connected" -> {}
            case "subscribed" -> {
                if (request != null && !(request.scope() instanceof Scope.OneExecution)) {
                    many(request);
                } else {
                    one(id, data, request);
                }
            }
            case "unsubscribed" -> left(request);
            case "execution_status" -> {
                if (number(data, "latest") > truth.latest(id)) {
                    throw wrong("a status from the future");
                }
            }
            case "events_missed" -> missed(id, data);
            case "events_skipped" -> skipped(id, number(data, "from"), number(data, "to"));
            case "position" -> position(id, number(data, "seq"));
            default -> {
                if (message.get("seq") == null) {
                    throw wrong("an unexpected message");
                }
                event(id, number(message, "seq"), type);
            }
        }
    }

    private void many(Asked request) {
        truth.runs.forEach((id, run) -> {
            request.startedBeforeReply().add(id);
            if (!run.isEnded()) {
                request.runningAtReply().add(id);
            }
            if (request.latest() && covers(request.scope(), id)) {
                way(id).mayMove = true;
            }
        });
        Asked before = inForce.get(request.scope());
        if (before != null) {
            // What it had stays: what it was entitled to, it still is.
            request.startedBeforeReply().retainAll(before.startedBeforeReply());
            request.runningAtReply().addAll(before.runningAtReply());
            request.latestWhenSent().clear();
            request.latestWhenSent().putAll(before.latestWhenSent());
        }
        change(() -> inForce.put(request.scope(), request));
    }

    private void one(String id, Map<String, Object> data, Asked request) {
        ClientProgress way = way(id);
        ExpectedEvents.Run run = truth.runs.get(id);
        Asked governed = governs(id);
        if (request != null) {
            inForce.put(request.scope(), request);
        }
        List<Asked> heeded = new ArrayList<>(way.before);
        way.before.clear();
        Asked mover = request != null && moves(request) ? request : way.pending ? way.mover : null;
        if (!data.containsKey("epoch")) {
            if (request == null) {
                throw wrong("pending, without having asked");
            }
            way.pending = true;
            way.mover = mover;
            way.followed = false;
            return;
        }
        if (run == null || !run.epoch.equals(data.get("epoch"))) {
            throw wrong("another epoch");
        }
        boolean wasForeign = way.foreign && mover == null;
        way.foreign = false;
        Long after = data.get("after") == null ? null : number(data, "after");
        if (after == null) {
            boolean foreign =
                    mover != null && mover.epoch() != null && !mover.epoch().equals(run.epoch);
            if (!foreign && !wasForeign) {
                throw wrong("no position");
            }
            way.foreign = true;
        } else if (mover != null && !mover.latest()) {
            if (!after.equals(mover.after())) {
                throw wrong("not moved to " + mover.after());
            }
            way.at = after;
            way.placed = true;
        } else if (mover != null) {
            if (after < mover.latestWhenSent().getOrDefault(id, 0L) && !way.pending) {
                throw wrong("not at the end");
            }
            way.at = after;
        } else if (way.followed && !way.mayMove) {
            if (request == null && !way.maybe) {
                throw wrong("announced twice");
            }
            if (!way.maybe || after >= way.at) {
                heeded.add(governed);
                heldBack(heeded, way.at, after, id);
            } else if (after != 0) {
                throw wrong("neither where it was nor at the beginning");
            }
            way.at = after;
        } else {
            joins(id, way, after, request != null || way.pending);
        }
        way.followed = true;
        way.maybe = false;
        way.announced = true;
        way.pending = false;
        way.mayMove = false;
    }

    /** A delivery begins where the client has none. */
    private void joins(String id, ClientProgress way, long after, boolean exact) {
        boolean fine =
                exact && (after == 0 || after == way.at || truth.runs.get(id).isEnded());
        for (Asked many : inForce.values()) {
            if (!(many.scope() instanceof Scope.OneExecution) && covers(many.scope(), id)) {
                boolean later = !many.startedBeforeReply().contains(id);
                boolean fromTheFirst = later && !way.mayMove;
                long least = fromTheFirst ? 0 : many.latestWhenSent().getOrDefault(id, 0L);
                fine |= after >= least && after <= (fromTheFirst ? 0 : truth.latest(id));
            }
        }
        fine |= way.awaited != null && way.awaited <= after;
        way.awaited = null;
        if (!fine) {
            throw wrong("begins at " + after);
        }
        way.at = after;
    }

    private void left(Asked request) {
        change(() -> inForce.remove(request.scope()));
    }

    /** The subscriptions in force change: each execution heeds the narrowest one that is left. */
    private void change(Runnable change) {
        Map<String, Asked> before = new HashMap<>();
        truth.runs.keySet().forEach(this::way);
        ways.keySet().forEach(id -> before.put(id, governs(id)));
        change.run();
        ways.forEach((id, way) -> {
            Asked old = before.get(id);
            Asked now = governs(id);
            if (now == null) {
                way.followed = false;
                way.pending = false;
                way.announced = false;
                way.awaited = null;
            } else if (!now.equals(old) && way.followed) {
                way.before.add(old);
                boolean many = !(now.scope() instanceof Scope.OneExecution);
                way.maybe |= many && (way.done || !surelyJoined(now, id));
            } else if (way.pending && !(now.scope() instanceof Scope.OneExecution)) {
                way.pending = false;
            } else if (!way.followed
                    && old != null
                    && !now.equals(old)
                    && !(old.scope() instanceof Scope.OneExecution)) {
                boolean later = !old.startedBeforeReply().contains(id);
                long least = later ? 0 : old.latestWhenSent().getOrDefault(id, 0L);
                way.awaited = way.awaited == null ? least : Math.min(way.awaited, least);
            }
        });
    }

    private boolean surelyJoined(Asked many, String id) {
        return many.runningAtReply().contains(id) || !many.startedBeforeReply().contains(id);
    }

    private void missed(String id, Map<String, Object> data) {
        ClientProgress way = way(id);
        ExpectedEvents.Run run = truth.runs.get(id);
        if (!way.followed) {
            throw wrong("a hole in what is not followed");
        }
        if (!run.epoch.equals(data.get("epoch"))) {
            if (!way.foreign || data.containsKey("to")) {
                throw wrong("a hole in another epoch");
            }
            way.foreign = false;
            way.at = 0;
            return;
        }
        long from = number(data, "from");
        long to = number(data, "to");
        if (way.placed && to == way.at && from <= way.at) {
            way.placed = false;
            way.at = from - 1; // past the end
        } else if (from == way.at + 1 && to >= from && to < run.oldest) {
            way.at = to;
        } else {
            throw wrong("a hole from " + from + " to " + to + ", standing at " + way.at + ", oldest " + run.oldest);
        }
    }

    private void skipped(String id, long from, long to) {
        ClientProgress way = way(id);
        Asked governed = governs(id);
        if (!way.followed || governed == null || !governed.conflate() || from <= way.at || to < from) {
            throw wrong("skipped");
        }
        nothingPasses(governed, way.at, from - 1, id);
        for (long seq = from; seq <= to; seq++) {
            Event event = truth.runs.get(id).event(seq);
            if (governed.passes(event) && !hasNewer(id, seq, governed)) {
                throw wrong(seq + " has nothing that stands for it");
            }
        }
        way.at = to;
    }

    private boolean hasNewer(String id, long seq, Asked governed) {
        String thing = thing(truth.runs.get(id).event(seq));
        if (thing != null) {
            for (long newer = seq + 1; newer <= truth.latest(id); newer++) {
                Event event = truth.runs.get(id).event(newer);
                if (thing.equals(thing(event)) && governed.passes(event)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String thing(Event event) {
        if (event instanceof StateUpdated update) {
            return "state " + update.path();
        }
        return event instanceof CustomEvent custom && custom.conflationKey() != null
                ? custom.type() + " " + custom.conflationKey()
                : null;
    }

    private void position(String id, long seq) {
        ClientProgress way = way(id);
        if (!way.followed || seq < way.at || seq > truth.latest(id)) {
            throw wrong("a mark, standing at " + way.at);
        }
        List<Asked> heeded = new ArrayList<>(way.before);
        heeded.add(governs(id));
        heldBack(heeded, way.at, seq, id);
        way.before.clear();
        way.placed = false;
        way.at = seq;
    }

    private void event(String id, long seq, String type) {
        ClientProgress way = way(id);
        Asked governed = governs(id);
        if (!way.followed || way.foreign || governed == null) {
            throw wrong("an event of what is not followed");
        }
        if (seq <= way.at) {
            throw wrong("doubled or out of order, standing at " + way.at);
        }
        nothingPasses(governed, way.at, seq - 1, id);
        Event event = truth.runs.get(id).event(seq);
        if (!event.type().wireName().equals(type) || !governed.passes(event)) {
            throw wrong("not asked for, or not what happened");
        }
        way.before.clear();
        way.placed = false;
        way.at = seq;
        if (LAST.contains(type)) {
            inForce.remove(new Scope.OneExecution(id));
        }
    }

    /** When everything has come to rest: nothing is missing. */
    void checkAtRest() {
        read();
        if (!requests.isEmpty()) {
            throw wrong("no reply to " + requests);
        }
        truth.runs.forEach((id, run) -> {
            ClientProgress way = way(id);
            Asked governed = governs(id);
            if (way.followed && !way.maybe && governed != null) {
                nothingPasses(governed, way.at, run.latest(), id);
            }
            for (Asked many : inForce.values()) {
                if (!(many.scope() instanceof Scope.OneExecution)
                        && covers(many.scope(), id)
                        && surelyJoined(many, id)
                        && !way.announced) {
                    throw wrong(id + " has not joined " + many.scope());
                }
            }
            if (inForce.containsKey(new Scope.OneExecution(id)) && !way.followed) {
                throw wrong(id + " was never attached");
            }
        });
    }

    /** What was held back was so by one of those that the delivery heeded since it last said something. */
    private void heldBack(List<Asked> heeded, long after, long to, String id) {
        if (heeded.stream().allMatch(asked -> asked == null || passing(asked, after, to, id) != 0)) {
            nothingPasses(heeded.get(heeded.size() - 1), after, to, id);
        }
    }

    private void nothingPasses(Asked governed, long after, long to, String id) {
        long missing = governed == null ? 0 : passing(governed, after, to, id);
        if (missing != 0) {
            throw wrong("event " + missing + " of " + id + " is missing");
        }
    }

    /** The first event between that passes, 0 for none. */
    private long passing(Asked governed, long after, long to, String id) {
        ExpectedEvents.Run run = truth.runs.get(id);
        for (long seq = after + 1; seq <= Math.min(to, run.latest()); seq++) {
            if (governed.passes(run.event(seq))) {
                return seq;
            }
        }
        return 0;
    }

    private Asked governs(String id) {
        Asked exact = inForce.get(new Scope.OneExecution(id));
        ExpectedEvents.Run run = truth.runs.get(id);
        if (exact != null || run == null) {
            return exact;
        }
        Asked workflow = inForce.get(new Scope.OneWorkflow(run.workflowId));
        return workflow == null ? inForce.get(new Scope.All()) : workflow;
    }

    private boolean covers(Scope scope, String id) {
        return scope instanceof Scope.All
                || (scope instanceof Scope.OneWorkflow one && one.workflowId().equals(truth.runs.get(id).workflowId));
    }

    private ClientProgress way(String id) {
        return ways.computeIfAbsent(id, same -> new ClientProgress());
    }

    private static boolean moves(Asked request) {
        return request.after() != null || request.latest();
    }

    private static long number(Map<String, Object> data, String field) {
        return ((Number) data.get(field)).longValue();
    }

    private static Map<String, Object> scope(Scope scope) {
        Map<String, Object> data = new LinkedHashMap<>();
        if (scope instanceof Scope.OneExecution one) {
            data.put("executionId", one.executionId());
        } else if (scope instanceof Scope.OneWorkflow one) {
            data.put("workflowId", one.workflowId());
        } else {
            data.put("all", true);
        }
        return data;
    }

    private static String shortened(Map<String, Object> data) {
        String text = data.toString();
        return text.length() > 160 ? text.substring(0, 160) : text;
    }

    private void tell(String line) {
        story.add(line);
    }

    private AssertionError wrong(String what) {
        int from = Math.max(0, story.size() - 200);
        return new AssertionError(what + "\n" + String.join("\n", story.subList(from, story.size())));
    }
}
