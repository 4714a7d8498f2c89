package io.flowscript.micrometer;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The meters of one name, by the values of their tags. Values beyond a limit count as {@code other}. Safe for use by any thread.
 *
 * @param <M> the kind of meter
 */
final class Meters<M> {

    private static final String OTHER = "other";

    private final String[] tags;
    private final Function<Tags, M> maker;
    private final Map<List<String>, M> known = new ConcurrentHashMap<>();
    private final List<Set<String>> values;

    Meters(String[] tags, Function<Tags, M> maker) {
        this.tags = tags;
        this.maker = maker;
        this.values = Arrays.stream(tags)
                .map(tag -> (Set<String>) ConcurrentHashMap.<String>newKeySet())
                .toList();
    }

    /** {@return the meter for some values of the tags, in their order} */
    M of(String... wanted) {
        M meter = known.get(Arrays.asList(wanted));
        return meter == null ? bounded(wanted) : meter;
    }

    private M bounded(String[] wanted) {
        String[] here = new String[tags.length];
        for (int i = 0; i < here.length; i++) {
            here[i] = isKnown(values.get(i), wanted[i]) ? wanted[i] : OTHER;
        }
        return known.computeIfAbsent(List.of(here), this::make);
    }

    /** Whether a value may be told apart. Two threads that come with new values at a time may both be the last one. */
    private static boolean isKnown(Set<String> values, String value) {
        return values.contains(value)
                || (values.size() < FlowScriptMetrics.MAX_NAMES && values.add(value))
                || values.contains(value);
    }

    private M make(List<String> here) {
        Tags all = Tags.empty();
        for (int i = 0; i < tags.length; i++) {
            all = all.and(Tag.of(tags[i], here.get(i)));
        }
        return maker.apply(all);
    }
}
