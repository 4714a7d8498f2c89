package io.flowscript.micrometer;

import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The meters of one name, by the values of their tags. There are at most {@value FlowScriptMetrics#MAX_METERS}, and one more for all
 * further values: its tags all say {@code other}. Safe for use by any thread.
 *
 * @param <M> the kind of meter
 */
final class Meters<M> {

    private final String[] tags;
    private final Function<Tags, M> maker;
    private final List<String> others;
    private final Map<List<String>, M> known = new ConcurrentHashMap<>();

    Meters(String[] tags, Function<Tags, M> maker) {
        this.tags = tags;
        this.maker = maker;
        this.others = Collections.nCopies(tags.length, "other");
    }

    /** {@return the meter for some values of the tags, in their order} */
    M of(String... values) {
        M meter = known.get(Arrays.asList(values));
        return meter == null ? add(values) : meter;
    }

    private synchronized M add(String[] values) {
        boolean free = known.size() < FlowScriptMetrics.MAX_METERS;
        return known.computeIfAbsent(free ? List.of(values) : others, this::make);
    }

    private M make(List<String> values) {
        Tags all = Tags.empty();
        for (int i = 0; i < tags.length; i++) {
            all = all.and(tags[i], values.get(i));
        }
        return maker.apply(all);
    }
}
