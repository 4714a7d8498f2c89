package io.flowscript.client;

import io.flowscript.core.log.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes acknowledgements: of each execution one in a while, and of those that come meanwhile the newest. A server reads a bounded
 * number of messages in a second, so commands would wait behind one for each event. For the loop's thread.
 */
final class PacedAcks {

    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Loop loop;
    private final BiConsumer<String, Position> out;
    private final Loop.Alarm alarm;

    /** What was written during the last pause, the oldest first. */
    private final Map<String, Written> written = new LinkedHashMap<>();

    /** When an execution was acknowledged, and up to where it is to be next. */
    private static final class Written {
        final long at;

        @Nullable
        Position next;

        Written(long at) {
            this.at = at;
        }
    }

    PacedAcks(Loop loop, BiConsumer<String, Position> out) {
        this.loop = loop;
        this.out = out;
        alarm = loop.new Alarm();
    }

    void put(String executionId, Position position) {
        Written before = written.get(executionId);
        if (before == null) {
            write(executionId, position);
        } else {
            before.next = position;
        }
    }

    private void write(String executionId, Position position) {
        written.put(executionId, new Written(loop.nanoTime()));
        out.accept(executionId, position);
        if (!alarm.isSet()) {
            alarm.set(PAUSE, this::ring);
        }
    }

    private void ring() {
        long now = loop.nanoTime();
        Map<String, Position> due = new LinkedHashMap<>();
        Iterator<Map.Entry<String, Written>> all = written.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, Written> oldest = all.next();
            Duration left = PAUSE.minusNanos(now - oldest.getValue().at);
            if (!left.isZero() && !left.isNegative()) {
                alarm.set(left, this::ring);
                break;
            }
            all.remove();
            Position next = oldest.getValue().next;
            if (next != null) {
                due.put(oldest.getKey(), next);
            }
        }
        due.forEach(this::write);
    }

    /** Writes what waits, since the link ends. */
    void stop() {
        alarm.clear();
        List<Map.Entry<String, Written>> last = new ArrayList<>(written.entrySet());
        written.clear();
        last.forEach(each -> {
            Position next = each.getValue().next;
            if (next != null) {
                out.accept(each.getKey(), next);
            }
        });
    }
}
