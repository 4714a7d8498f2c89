package io.flowscript.testkit;

import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScriptBuilder;
import java.lang.reflect.Field;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * JUnit extension that gives each test with a parameter of type {@link TestFlows} its own engine. It closes the engine
 * after the test and checks that nothing is left.
 *
 * <p>The engine gets the workflows and nodes in the test class's fields of type {@link WorkflowDefinition} and
 * {@link NamedNode}, static or not, including those of enclosing classes:
 *
 * <pre>{@code
 * @ExtendWith(FlowScriptExtension.class)
 * class ExpenseTest {
 *     final WorkflowDefinition expense = Workflows.read(Path.of("expense.json"));
 *     final NamedNode charge = Node.named("charge").edges("paid").run(context -> Edge.of("paid"));
 *
 *     @Test void paysSmallOnes(TestFlows flows) { ... }
 * }
 * }</pre>
 *
 * <p>For any other setting of the engine, register the extension in a field:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final FlowScriptExtension FLOWS = FlowScriptExtension.with(builder -> builder.workflow(...).node(...));
 * }</pre>
 *
 * <p>Methods with {@code @BeforeEach} and {@code @AfterEach} get the same engine as the test.
 *
 * @since 0.1.0
 */
public final class FlowScriptExtension implements ParameterResolver, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(FlowScriptExtension.class);

    private final Instant start;
    private final Consumer<? super FlowScriptBuilder> setup;

    /** Creates an extension that uses the fields of the test class. */
    public FlowScriptExtension() {
        this(TestFlows.START, builder -> {});
    }

    private FlowScriptExtension(Instant start, Consumer<? super FlowScriptBuilder> setup) {
        this.start = start;
        this.setup = setup;
    }

    /**
     * Creates an extension that uses the fields of the test class and a further setup.
     *
     * @param setup gives an engine workflows and nodes; called for each test
     * @return the extension, for a field with {@code @RegisterExtension}
     */
    public static FlowScriptExtension with(Consumer<? super FlowScriptBuilder> setup) {
        return new FlowScriptExtension(TestFlows.START, Objects.requireNonNull(setup, "setup"));
    }

    /**
     * Returns a copy whose tests begin at another time than {@link TestFlows#START}.
     *
     * @param time the time
     * @return the extension
     */
    public FlowScriptExtension startingAt(Instant time) {
        return new FlowScriptExtension(Objects.requireNonNull(time, "time"), setup);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestFlows.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException(
                    "A TestFlows belongs to one test: it is a parameter of its method, or of one with @BeforeEach or @AfterEach, but not of "
                            + parameter.getDeclaringExecutable());
        }
        TestFlows made = store(context).get(TestFlows.class, TestFlows.class);
        if (made == null) {
            made = new TestFlows(start, new ManualExecutor(), builder -> {
                context.getRequiredTestInstances().getAllInstances().forEach(test -> addFields(test, builder));
                setup.accept(builder);
            });
            store(context).put(TestFlows.class, made);
        }
        return made;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        TestFlows made = store(context).remove(TestFlows.class, TestFlows.class);
        if (made == null) {
            return;
        }
        if (context.getExecutionException().isPresent()) {
            // The test was stopped midway, so what it left behind is no fault.
            made.end();
        } else {
            made.close();
        }
    }

    private static Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }

    private static void addFields(Object test, FlowScriptBuilder builder) {
        ReflectionSupport.findFields(
                        test.getClass(),
                        field -> field.getType() == WorkflowDefinition.class || field.getType() == NamedNode.class,
                        HierarchyTraversalMode.TOP_DOWN)
                .forEach(field -> add(value(field, test), builder));
    }

    private static Object value(Field field, Object test) {
        Object value = ReflectionSupport.tryToReadFieldValue(field, test)
                .getOrThrow(e -> new ParameterResolutionException("The field " + field + " cannot be read", e));
        if (value == null) {
            throw new ParameterResolutionException(
                    "The field " + field + " is null; it must hold a workflow or node before the test begins");
        }
        return value;
    }

    private static void add(Object found, FlowScriptBuilder builder) {
        if (found instanceof WorkflowDefinition workflow) {
            builder.workflow(workflow);
        } else if (found instanceof NamedNode node) {
            builder.node(node);
        }
    }
}
