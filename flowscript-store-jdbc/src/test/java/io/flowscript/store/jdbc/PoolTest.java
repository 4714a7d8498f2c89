package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import java.sql.Connection;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** I5: the connections of a store that was opened at a URL. */
class PoolTest {

    private static final Duration PATIENCE = Duration.ofMillis(250); // the shortest that the pool takes
    private static final int SECONDS = 10;

    /** Each of the first ones connects, for which the patience may be too short. */
    private static Connection connected(Pool pool) {
        return await().ignoreExceptionsInstanceOf(SQLTransientConnectionException.class)
                .until(pool::open, Objects::nonNull);
    }

    @Test
    @DisplayName(
            "so many connections are open, a further one is refused with what to do, and one that is closed is used again")
    void exhausted() throws Exception {
        Pool pool = Pool.of(PostgresServer.url(PostgresServer.newDatabase()), 2, PATIENCE);
        try (Connection first = connected(pool)) {
            assertThat(first.isValid(SECONDS)).isTrue();
            try (Connection second = connected(pool)) {
                assertThat(second.isValid(SECONDS)).isTrue();
                assertThatThrownBy(pool::open)
                        .isInstanceOf(SQLTransientConnectionException.class)
                        .hasMessageContaining("All 2 connections of the store have been in use for 250 ms");
            }
            try (Connection third = pool.open()) {
                assertThat(third.isValid(SECONDS)).isTrue();
            }
        } finally {
            pool.close();
        }
    }

    @Test
    @DisplayName("a URL without a driver is told when the store is opened, and nothing is left of the pool")
    void noDriver() {
        assertThatThrownBy(() -> JdbcStore.open("jdbc:nothing:x"))
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("store_failed"));
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("flowscript-store:")));
    }

    @Test
    @DisplayName("a database that is away is told after a while, as one that can come back")
    void unreachable() {
        Pool pool = Pool.of("jdbc:postgresql://localhost:1/none?user=postgres", 2, PATIENCE);
        assertThatThrownBy(pool::open)
                .isInstanceOf(SQLTransientConnectionException.class)
                .hasMessageNotContaining("in use");
        pool.close();
    }
}
