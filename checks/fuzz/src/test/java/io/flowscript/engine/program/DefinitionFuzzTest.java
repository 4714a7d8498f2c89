package io.flowscript.engine.program;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExpressionEvaluator;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.fuzz.Property;
import io.flowscript.json.Workflows;
import io.flowscript.language.expressions.JexlExpressions;
import io.flowscript.language.forms.SchemaFormValidator;
import io.flowscript.language.nodes.BuiltInNodes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class DefinitionFuzzTest {

    private static final ExpressionEvaluator EXPRESSIONS = new JexlExpressions();
    private static final Map<String, Node> NODES = nodes();

    private static Map<String, Node> nodes() {
        Map<String, Node> nodes = new HashMap<>(BuiltInNodes.all(new SchemaFormValidator()));
        nodes.put("a", context -> Edge.of("done"));
        return nodes;
    }

    @FuzzTest
    void definition(byte[] input) {
        Property.holdsFor(() -> {
            WorkflowDefinition read = Workflows.read(input);
            new GraphMaker(Compiler.compile(read, NODES, EXPRESSIONS, List.of())).graph();
        });
    }

    @FuzzTest
    void template(byte[] input) {
        Property.holdsFor(() -> Compiler.compile(
                WorkflowDefinition.of(Map.of(
                        "id", "w", "nodes", List.of(Map.of("a", Map.of("x", Property.text(input)))))),
                NODES,
                EXPRESSIONS,
                List.of()));
    }
}
