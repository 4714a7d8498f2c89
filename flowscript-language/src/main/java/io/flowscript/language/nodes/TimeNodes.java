package io.flowscript.language.nodes;

import static io.flowscript.language.nodes.BuiltInNode.SUCCESS;
import static io.flowscript.language.nodes.BuiltInNode.describe;

import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.text.Durations;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Nodes that wait, without holding a thread. */
final class TimeNodes {

    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1_000);

    private TimeNodes() {}

    static BuiltInNode delay(String name) {
        return new BuiltInNode(
                name,
                describe(NodeType.ACTION, "Waits for a time", SUCCESS),
                new ConfigRules()
                        .optional("ms", "a number of milliseconds from 0 to 100 years", ConfigRules::isDelay)
                        .optional("seconds", "a number of seconds from 0 to 100 years", TimeNodes::isSeconds)
                        .optional(
                                "duration",
                                "a number of milliseconds, or an ISO 8601 duration such as \"PT5S\", at most 100 years",
                                duration -> Durations.isDuration(duration, false))
                        .atMostOneOf("ms", "seconds", "duration"),
                context -> {
                    if (!context.memo().isMissing()) {
                        return Edge.of(SUCCESS);
                    }
                    return new Sleep(duration(context.config()), true);
                });
    }

    /** Returns how long the config says; a second if it says nothing. */
    private static Duration duration(Value config) {
        Value seconds = config.get("seconds");
        if (!seconds.isMissing()) {
            return Durations.ofMillis(seconds.asDecimal().multiply(THOUSAND));
        }
        Object written = config.get("duration").raw();
        return written == null
                ? Durations.ofMillis(config.get("ms").orElse(THOUSAND).asDecimal())
                : Durations.of(written);
    }

    private static boolean isSeconds(@Nullable Object value) {
        return value instanceof Number
                && ConfigRules.isDelay(Value.of(value).asDecimal().multiply(THOUSAND));
    }
}
