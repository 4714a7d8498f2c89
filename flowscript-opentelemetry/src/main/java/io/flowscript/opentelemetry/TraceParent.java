package io.flowscript.opentelemetry;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The field {@code traceparent} of the W3C's Trace Context: the ids of a span as text. */
final class TraceParent {

    private static final String NAME = "traceparent";
    private static final TextMapPropagator FORMAT = W3CTraceContextPropagator.getInstance();

    private TraceParent() {}

    /** {@return the text for the span of a context; null when it has none} */
    static @Nullable String of(Context context) {
        Map<String, String> fields = new HashMap<>();
        FORMAT.inject(context, fields, (carrier, name, value) -> {
            if (carrier != null) {
                carrier.put(name, value);
            }
        });
        return fields.get(NAME);
    }

    /** {@return a context with the span that a text tells of; the given context when the text is none} */
    static Context read(String text, Context otherwise) {
        return FORMAT.extract(otherwise, text, Getter.ONE);
    }

    /** Takes the text for a carrier that has this one field. */
    private enum Getter implements TextMapGetter<String> {
        ONE;

        @Override
        public Iterable<String> keys(String carrier) {
            return List.of(NAME);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return key.equals(NAME) ? carrier : null;
        }
    }
}
