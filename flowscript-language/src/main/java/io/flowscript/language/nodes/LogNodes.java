package io.flowscript.language.nodes;

import static io.flowscript.language.nodes.BuiltInNode.SUCCESS;
import static io.flowscript.language.nodes.BuiltInNode.describe;

import io.flowscript.core.json.JsonException;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.text.JsonText;
import io.flowscript.core.text.Printable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Nodes that write to the application's log, one line per message, whatever the message contains. */
final class LogNodes {

    static final String LOGGER = "io.flowscript.workflow";

    private static final int MAX_LENGTH = 10_000;

    private LogNodes() {}

    static BuiltInNode log() {
        return node(
                "log",
                Level.INFO,
                new ConfigRules().required("message", "any value", ConfigRules::isAnything),
                context -> context.config().get("message").raw());
    }

    /** Without a message, it writes the error of the previous step, which is what a flow of an edge {@code error} has. */
    static BuiltInNode logError() {
        return node(
                "logError",
                Level.ERROR,
                new ConfigRules().optional("message", "any value", ConfigRules::isAnything),
                context -> {
                    Object message = context.config().get("message").raw();
                    Object error = context.previous().get("error").raw();
                    return message != null
                            ? message
                            : error != null ? error : context.previous().raw();
                });
    }

    private static BuiltInNode node(
            String name, Level level, ConfigRules rules, Function<ExecutionContext, @Nullable Object> message) {
        Logger logger = System.getLogger(LOGGER);
        return new BuiltInNode(
                name, describe(NodeType.ACTION, "Writes a message to the log", SUCCESS), rules, context -> {
                    String line = Printable.line(text(context.masked(message.apply(context))), MAX_LENGTH);
                    logger.log(
                            level,
                            () -> Printable.line(context.runtime().workflowId(), 128) + " "
                                    + Printable.line(context.runtime().executionId(), 128) + ": " + line);
                    return Edge.of(SUCCESS);
                });
    }

    private static String text(@Nullable Object message) {
        try {
            return message instanceof String text ? text : JsonText.of(message, MAX_LENGTH);
        } catch (JsonException e) {
            return "(" + e.getMessage() + ")";
        }
    }
}
