package io.flowscript.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Registers gauges that read one object. The gauges hold the object weakly, so the functions that read it must not hold it either.
 *
 * @param registry where the gauges are registered
 * @param source what they read
 */
record Gauges<T>(MeterRegistry registry, T source) {

    void add(String name, String description, ToDoubleFunction<T> value) {
        add(name, description, null, Tags.empty(), value);
    }

    void add(String name, String description, @Nullable String unit, Tags tags, ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }
}
