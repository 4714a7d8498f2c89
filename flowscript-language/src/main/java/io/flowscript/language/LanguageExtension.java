package io.flowscript.language;

import io.flowscript.core.engine.EngineExtension;
import io.flowscript.core.engine.FlowScriptBuilder;
import io.flowscript.language.expressions.JexlExpressions;
import io.flowscript.language.forms.SchemaFormValidator;
import io.flowscript.language.nodes.BuiltInNodes;
import io.flowscript.language.nodes.HttpRequestNode;
import io.flowscript.language.nodes.ValidateDataNode;

/**
 * Gives every engine expressions, form validation and the built-in nodes, without anybody having to ask.
 * Found by {@link java.util.ServiceLoader}; what the application sets itself overrides it.
 *
 * @since 0.1.0
 */
public final class LanguageExtension implements EngineExtension {

    private static final JexlExpressions EXPRESSIONS = new JexlExpressions();
    private static final SchemaFormValidator FORMS = new SchemaFormValidator();

    /** For the service loader. */
    public LanguageExtension() {}

    @Override
    public void extend(FlowScriptBuilder builder) {
        builder.expressions(EXPRESSIONS)
                .forms(FORMS)
                .node("validateData", new ValidateDataNode(FORMS))
                .node("httpRequest", HttpRequestNode.toPublicHosts());
        BuiltInNodes.all(FORMS).forEach(builder::node);
    }
}
