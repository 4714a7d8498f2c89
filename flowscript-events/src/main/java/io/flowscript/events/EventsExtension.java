package io.flowscript.events;

import io.flowscript.core.engine.EngineExtension;
import io.flowscript.core.engine.FlowScriptBuilder;
import io.flowscript.events.interaction.HttpRequestNode;
import io.flowscript.events.interaction.SchemaFormValidator;
import io.flowscript.events.interaction.ValidateDataNode;
import io.flowscript.events.json.JexlExpressions;

/**
 * Gives every engine expressions, form validation and the nodes {@code validateData} and {@code httpRequest}, without anybody having to ask.
 * Found by {@link java.util.ServiceLoader}; what the application sets itself overrides it.
 *
 * @since 0.1.0
 */
public final class EventsExtension implements EngineExtension {

    private static final JexlExpressions EXPRESSIONS = new JexlExpressions();
    private static final SchemaFormValidator FORMS = new SchemaFormValidator();

    /** For the service loader. */
    public EventsExtension() {}

    @Override
    public void extend(FlowScriptBuilder builder) {
        builder.expressions(EXPRESSIONS)
                .forms(FORMS)
                .node("validateData", new ValidateDataNode(FORMS))
                .node("httpRequest", HttpRequestNode.toPublicHosts());
    }
}
