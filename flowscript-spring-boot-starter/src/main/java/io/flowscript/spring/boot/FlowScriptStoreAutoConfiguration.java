package io.flowscript.spring.boot;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StateCipher;
import io.flowscript.store.jdbc.JdbcStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Opens the store, in the data source of the application or in a file.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnBooleanProperty(name = "flowscript.enabled", matchIfMissing = true)
@ConditionalOnClass(JdbcStore.class)
@ConditionalOnMissingBean(ExecutionStore.class)
@EnableConfigurationProperties(FlowScriptProperties.class)
public final class FlowScriptStoreAutoConfiguration {

    private static final String POSTGRESQL = "PostgreSQL";

    /** Makes the configuration. */
    public FlowScriptStoreAutoConfiguration() {}

    /**
     * Opens the store in the data source.
     *
     * @param properties the settings
     * @param source the data source, which is PostgreSQL
     * @param cipher encrypts executions with secrets
     * @return the store
     */
    @Bean(destroyMethod = "close")
    @ConditionalOnProperty(name = "flowscript.store", havingValue = "datasource", matchIfMissing = true)
    @ConditionalOnSingleCandidate(DataSource.class)
    ExecutionStore flowScriptDataSourceStore(
            FlowScriptProperties properties, DataSource source, ObjectProvider<StateCipher> cipher) {
        if (properties.store() != null) {
            requireChosen(FlowScriptProperties.Store.DATASOURCE, properties.store());
        }
        requirePostgres(source);
        StateCipher encrypting = cipher.getIfAvailable();
        Duration lease = properties.storeLease();
        return lease == null ? open(source, encrypting) : openShared(source, lease, encrypting);
    }

    /**
     * Opens the store in a file.
     *
     * @param properties the settings
     * @param cipher encrypts executions with secrets
     * @return the store
     */
    @Bean(destroyMethod = "close")
    @ConditionalOnProperty(name = "flowscript.store", havingValue = "file")
    ExecutionStore flowScriptFileStore(FlowScriptProperties properties, ObjectProvider<StateCipher> cipher) {
        requireChosen(FlowScriptProperties.Store.FILE, properties.store());
        StateCipher encrypting = cipher.getIfAvailable();
        return encrypting == null
                ? JdbcStore.open(properties.storeFile())
                : JdbcStore.open(properties.storeFile(), encrypting);
    }

    private static void requireChosen(FlowScriptProperties.Store chosen, FlowScriptProperties.@Nullable Store wanted) {
        PreparedSettings.require(
                wanted == chosen,
                "flowscript.store",
                wanted == null ? "" : wanted.name().toLowerCase(Locale.ROOT));
    }

    private static ExecutionStore open(DataSource source, @Nullable StateCipher cipher) {
        return cipher == null ? JdbcStore.open(source) : JdbcStore.open(source, cipher);
    }

    private static ExecutionStore openShared(DataSource source, Duration lease, @Nullable StateCipher cipher) {
        return cipher == null ? JdbcStore.openShared(source, lease) : JdbcStore.openShared(source, lease, cipher);
    }

    /** Says what is wrong before a statement fails that only PostgreSQL understands. */
    private static void requirePostgres(DataSource source) {
        String product;
        try (Connection connection = source.getConnection()) {
            product = connection.getMetaData().getDatabaseProductName();
        } catch (SQLException e) {
            throw new FlowScriptException("store_failed", "The data source gives no connection: " + e.getMessage(), e);
        }
        if (!product.equals(POSTGRESQL)) {
            throw new FlowScriptException(
                    "invalid_setting",
                    "FlowScript keeps executions in a data source that is PostgreSQL, and this one is " + product);
        }
    }
}
