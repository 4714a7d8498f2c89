package io.flowscript.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.store.SharedStore;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

@Tag("integration")
class DataSourceStoreTest {

    @Test
    @DisplayName(
            "The data source of the application keeps executions from one start to the next, and is shared when there is a lease")
    void theDataSourceKeepsExecutions() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            ApplicationContextRunner application = new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(
                            FlowScriptAutoConfiguration.class, FlowScriptStoreAutoConfiguration.class))
                    .withUserConfiguration(Approval.class)
                    .withBean(DataSource.class, postgres::getPostgresDatabase);
            AtomicReference<String> id = new AtomicReference<>();
            application.run(context -> {
                assertThat(context).doesNotHaveBean(SharedStore.class);
                id.set(context.getBean(FlowScript.class)
                        .start("expense", Map.of())
                        .id());
            });
            application.withPropertyValues("flowscript.store-lease=5s").run(context -> {
                assertThat(context).hasSingleBean(SharedStore.class);
                Execution run = context.getBean(FlowScript.class)
                        .executions()
                        .find(id.get())
                        .orElseThrow();
                await().until(() -> !run.interactions().isEmpty());
            });
        }
    }
}
