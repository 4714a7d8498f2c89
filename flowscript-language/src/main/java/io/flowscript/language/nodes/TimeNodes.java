package io.flowscript.language.nodes;

import static io.flowscript.language.nodes.BuiltInNode.SUCCESS;
import static io.flowscript.language.nodes.BuiltInNode.describe;

import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.text.Durations;
import java.math.BigDecimal;
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
                        .oneOf("ms", "seconds"),
                context -> {
                    if (!context.memo().isMissing()) {
                        return Edge.of(SUCCESS);
                    }
                    Value seconds = context.config().get("seconds");
                    BigDecimal millis = seconds.isMissing()
                            ? context.config().get("ms").asDecimal()
                            : seconds.asDecimal().multiply(THOUSAND);
                    return new Sleep(Durations.ofMillis(millis), true);
                });
    }

    private static boolean isSeconds(@Nullable Object value) {
        return value instanceof Number
                && ConfigRules.isDelay(Value.of(value).asDecimal().multiply(THOUSAND));
    }
}
