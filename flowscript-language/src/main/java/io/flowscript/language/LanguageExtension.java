package io.flowscript.language;

import io.flowscript.engine.EngineExtension;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.language.expressions.JexlExpressions;
import io.flowscript.language.forms.SchemaFormValidator;
import io.flowscript.language.nodes.BuiltInNodes;
import io.flowscript.language.nodes.HttpRequestNode;
import io.flowscript.language.nodes.ValidateDataNode;

/**
 * Extension that gives every engine expressions, form validation and the built-in nodes. Engines find it with {@link
 * java.util.ServiceLoader}; no configuration is needed. What the application sets on its builder takes precedence.
 *
 * <p>Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class LanguageExtension implements EngineExtension {

    private static final JexlExpressions EXPRESSIONS = new JexlExpressions();
    private static final SchemaFormValidator FORMS = new SchemaFormValidator();

    /** Creates the extension; called by the service loader. */
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
