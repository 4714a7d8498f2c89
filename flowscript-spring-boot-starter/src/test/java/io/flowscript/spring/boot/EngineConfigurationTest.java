package io.flowscript.spring.boot;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.EventRedactor;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.servlet.FlowScriptServlet;
import io.flowscript.store.jdbc.JdbcStore;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

@Tag("integration")
class EngineConfigurationTest {

    private final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    FlowScriptAutoConfiguration.class,
                    FlowScriptStoreAutoConfiguration.class,
                    FlowScriptServletAutoConfiguration.class,
                    FlowScriptSecurityAutoConfiguration.class));
    private final ApplicationContextRunner application = bare.withUserConfiguration(Approval.class);

    @TempDir
    Path folder;

    private static DataSource dataSource(String product) {
        Object metadata = proxy(DatabaseMetaData.class, product);
        Object connection = proxy(Connection.class, metadata);
        return (DataSource) proxy(DataSource.class, connection);
    }

    /** Returns one value from all methods that return an object. */
    private static Object proxy(Class<?> type, Object value) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> method.getReturnType().isInstance(value) ? value : null);
    }

    @Test
    @DisplayName("A bean that hides data is the redactor of the bridge; without one, nothing is hidden")
    void redactor() {
        WebApplicationContextRunner web = new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        FlowScriptAutoConfiguration.class, FlowScriptServletAutoConfiguration.class))
                .withUserConfiguration(Approval.class);
        web.run(context -> assertThat(redaction(context)).isEqualTo(Redaction.NONE));
        EventRedactor all = (who, workflowId, executionId) -> Redaction.ALL;
        web.withBean(EventRedactor.class, () -> all)
                .run(context -> assertThat(redaction(context)).isEqualTo(Redaction.ALL));
    }

    @Test
    @DisplayName(
            "Two beans that decide who may do what, of which none is primary, are named at the start, and none is left out in silence")
    void twoPolicies() {
        AccessPolicy nobody = (who, action, workflowId, executionId) -> false;
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        FlowScriptAutoConfiguration.class, FlowScriptServletAutoConfiguration.class))
                .withUserConfiguration(Approval.class)
                .withBean("one", AccessPolicy.class, () -> nobody)
                .withBean("other", AccessPolicy.class, () -> nobody)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(NoUniqueBeanDefinitionException.class)
                        .hasMessageContaining("one,other"));
    }

    private static Redaction redaction(BeanFactory context) {
        return context.getBean(FlowScriptBridge.class).operations().redaction(Identity.ANONYMOUS, "expense", "e");
    }

    @Test
    @DisplayName("The workflows on the class path run with the nodes that are beans")
    void workflowsRun() {
        application.run(context -> {
            FlowScript flows = context.getBean(FlowScript.class);
            Execution run = flows.start("expense", Map.of());
            await().until(() -> run.status() == ExecutionStatus.PAUSED);
            assertThat(flows.isDurable()).isFalse();
            assertThat(context).doesNotHaveBean(FlowScriptServlet.class);
        });
    }

    @Test
    @DisplayName("A bean that is a tracer traces the engine")
    void traces() {
        List<String> started = new CopyOnWriteArrayList<>();
        FlowScriptTracer tracer = new FlowScriptTracer() {
            @Override
            public Span starting(String workflowId, String executionId) {
                started.add(workflowId);
                return Span.NONE;
            }
        };
        application.withBean(FlowScriptTracer.class, () -> tracer).run(context -> {
            context.getBean(FlowScript.class).start("expense", Map.of());
            assertThat(started).containsExactly("expense");
        });
    }

    @Test
    @DisplayName("The engine is closed with the application")
    void theEngineIsClosed() {
        AtomicReference<FlowScript> flows = new AtomicReference<>();
        AtomicReference<MemoryStore> store = new AtomicReference<>(new MemoryStore());
        application.withBean(ExecutionStore.class, store::get).run(context -> {
            flows.set(context.getBean(FlowScript.class));
            assertThat(flows.get().isDurable()).isTrue();
        });
        assertThat(catchThrowable(() -> flows.get().start("expense", Map.of())))
                .isInstanceOf(FlowScriptException.class);
    }

    @Test
    @DisplayName("Nothing is made when flowscript.enabled is false")
    void canBeSwitchedOff() {
        application
                .withPropertyValues("flowscript.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(FlowScript.class));
    }

    @Test
    @DisplayName("An engine of the application's own takes the place of the starter's")
    void backsOff() {
        FlowScript own = FlowScript.builder().build();
        application
                .withBean("own", FlowScript.class, () -> own)
                .run(context -> assertThat(context.getBean(FlowScript.class)).isSameAs(own));
    }

    @Test
    @DisplayName("Workflows written in Java and customizers are used")
    void beansAreUsed() {
        NamedNode added = Node.named("added").run(context -> Edge.of("done"));
        application
                .withBean(
                        "java",
                        WorkflowDefinition.class,
                        () -> WorkflowDefinition.of(Map.of("id", "java", "nodes", List.of("added"))))
                .withBean(FlowScriptCustomizer.class, () -> builder -> builder.node(added))
                .run(context -> assertThat(context.getBean(FlowScript.class)
                                .start("java", Map.of())
                                .result()
                                .get(10, SECONDS)
                                .status())
                        .isEqualTo(ExecutionStatus.COMPLETED));
    }

    @Test
    @DisplayName("Two nodes with one name are refused")
    void nodesWithOneName() {
        application
                .withBean("again", NamedNode.class, () -> new Approval().approve())
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessage("Two beans are nodes with the name \"approve\""));
    }

    @Test
    @DisplayName("A file keeps executions from one start to the next")
    void aFileKeepsExecutions() {
        Path file = folder.resolve("deep/flows.db");
        ApplicationContextRunner stored =
                application.withPropertyValues("flowscript.store=file", "flowscript.store-file=" + file);
        AtomicReference<String> id = new AtomicReference<>();
        stored.run(context -> {
            id.set(context.getBean(FlowScript.class).start("expense", Map.of()).id());
            assertThat(context).hasSingleBean(JdbcStore.class);
        });
        assertThat(Files.exists(file)).isTrue();
        stored.run(context -> {
            Execution run = context.getBean(FlowScript.class)
                    .executions()
                    .find(id.get())
                    .orElseThrow();
            await().until(() -> !run.interactions().isEmpty());
        });
    }

    @Test
    @DisplayName("A data source is the store by default when flowscript-store-jdbc is there, and it must be PostgreSQL")
    void aDataSourceIsTheStore() {
        ApplicationContextRunner withH2 = application.withBean(DataSource.class, () -> dataSource("H2"));
        withH2.run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessage("FlowScript keeps executions in a data source that is PostgreSQL, and this one is H2"));
        withH2.withPropertyValues("flowscript.store=memory")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ExecutionStore.class));
        withH2.withClassLoader(new FilteredClassLoader(JdbcStore.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ExecutionStore.class));
    }

    @Test
    @DisplayName("A store that was asked for and cannot be made keeps the application from starting")
    void aStoreIsNotLeftOut() {
        application
                .withPropertyValues("flowscript.store=datasource")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("needs one DataSource")
                        .hasMessageContaining("flowscript-store-jdbc"));
        application
                .withPropertyValues("flowscript.store=file")
                .withClassLoader(new FilteredClassLoader(JdbcStore.class))
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("flowscript-store-jdbc"));
    }

    @Test
    @DisplayName(
            "A file that a pattern without an asterisk names must be there, and a folder that a wildcard names need not")
    void filesThatAreNotThere() {
        bare.withPropertyValues("flowscript.workflows=classpath:workflows/missing.json")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("classpath:workflows/missing.json")
                        .hasMessageContaining("nothing at this place"));
        bare.withPropertyValues("flowscript.workflows=classpath*:nowhere/*.json")
                .run(context -> assertThat(context.getBean(FlowScript.class).workflows())
                        .isEmpty());
        application
                .withPropertyValues("flowscript.workflows=classpath*:workflows/*.json,classpath:workflows/expense.json")
                .run(context -> assertThat(context.getBean(FlowScript.class).workflows())
                        .hasSize(1));
    }

    @Test
    @DisplayName("Limits and retention reach the engine")
    void limitsReachTheEngine() {
        EngineLimits limits = EngineSettings.limits(new FlowScriptProperties.Limits(
                5L,
                Duration.ofSeconds(6),
                null,
                7,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null));
        assertThat(limits.maxSteps()).isEqualTo(5);
        assertThat(limits.executionTimeout()).isEqualTo(Duration.ofSeconds(6));
        assertThat(limits.maxExecutions()).isEqualTo(7);
        assertThat(limits.maxFinished()).isEqualTo(EngineLimits.defaults().maxFinished());

        application
                .withPropertyValues("flowscript.limits.max-workflows=0")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("maxWorkflows"));
        application
                .withPropertyValues("flowscript.retention.max-events=0")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("maxEvents"));
        application
                .withPropertyValues("flowscript.retention.stored.max-age=0s")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("StoreRetention"));
    }

    @Test
    @DisplayName("Nodes run on the engine's threads unless the application wants virtual threads")
    void platformThreads() {
        application.run(context -> assertThat(context).doesNotHaveBean(NodeThreads.class));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    @DisplayName("Nodes run on virtual threads when the application wants those")
    void virtualThreads() {
        AtomicReference<String> thread = new AtomicReference<>();
        NamedNode node = Node.named("where").run(context -> {
            thread.set(Thread.currentThread().toString());
            return Edge.of("done");
        });
        application
                .withPropertyValues("spring.threads.virtual.enabled=true")
                .withBean("where", NamedNode.class, () -> node)
                .withBean(
                        WorkflowDefinition.class,
                        () -> WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of("where"))))
                .run(context -> {
                    context.getBean(FlowScript.class)
                            .start("w", Map.of())
                            .result()
                            .get(10, SECONDS);
                    assertThat(thread.get()).startsWith("VirtualThread");
                });
    }
}
