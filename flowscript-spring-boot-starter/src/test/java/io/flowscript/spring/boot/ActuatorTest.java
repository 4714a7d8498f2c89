package io.flowscript.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.engine.FlowScript;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

@Tag("integration")
class ActuatorTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    FlowScriptAutoConfiguration.class,
                    FlowScriptActuatorAutoConfiguration.class,
                    EndpointAutoConfiguration.class))
            .withPropertyValues(
                    "management.endpoints.web.exposure.include=*", "management.endpoints.jmx.exposure.include=*")
            .withUserConfiguration(Approval.class);

    @Test
    @DisplayName("The health is up, and says what the engine has")
    void up() {
        application.run(context -> {
            Health health = context.getBean(HealthIndicator.class).health();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsEntry("store", "none")
                    .containsEntry("broken", 0)
                    .containsEntry("problems", List.of())
                    .doesNotContainKey("shards")
                    .containsKeys("time", "executions", "waitingNodes");
        });
    }

    @Test
    @DisplayName("The health is out of service while the store takes nothing")
    void storeStalls() {
        AtomicReference<Duration> stalled = new AtomicReference<>(Duration.ZERO);
        MemoryStore store = new MemoryStore();
        ExecutionStore stalling = (ExecutionStore) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ExecutionStore.class},
                (self, method, arguments) ->
                        method.getName().equals("stalled") ? stalled.get() : method.invoke(store, arguments));
        application.withBean(ExecutionStore.class, () -> stalling).run(context -> {
            HealthIndicator indicator = context.getBean(HealthIndicator.class);
            assertThat(indicator.health().getDetails()).containsEntry("store", "available");
            stalled.set(Duration.ofMinutes(1));
            assertThat(indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
            assertThat(indicator.health().getDetails())
                    .containsEntry("store", "unavailable")
                    .containsEntry("storeStalled", Duration.ofMinutes(1))
                    .containsEntry("problems", List.of("store_unavailable"));
        });
    }

    @Test
    @DisplayName(
            "The registry of the application has the metrics of the engine; an observer of the application takes their place")
    void metrics() {
        ApplicationContextRunner measured = application
                .withConfiguration(AutoConfigurations.of(FlowScriptMetricsAutoConfiguration.class))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new);
        measured.run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            context.getBean(FlowScript.class).start("expense", Map.of());
            await().until(() -> registry.find("flowscript.interactions.opened").counter() != null);
            assertThat(registry.get("flowscript.executions.started")
                            .tag("workflow", "expense")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("flowscript.executions.loaded").gauge().value())
                    .isEqualTo(1);
        });
        measured.withBean(FlowScriptObserver.class, () -> new FlowScriptObserver() {})
                .run(context -> assertThat(context.getBean(MeterRegistry.class).getMeters())
                        .isEmpty());
    }

    @Test
    @DisplayName("The endpoint has the figures of the engine")
    void figures() {
        application.run(context -> {
            FlowScript flows = context.getBean(FlowScript.class);
            flows.start("expense", Map.of());
            FlowScriptEndpoint endpoint = context.getBean(FlowScriptEndpoint.class);
            await().until(() -> endpoint.figures().total().asked() == 1);
            assertThat(endpoint.figures().workflows()).containsExactly("expense");
            assertThat(endpoint.figures().now().executions()).isEqualTo(1);
        });
    }
}
