package io.flowscript.store.jdbc;

import io.flowscript.core.store.ExecutionStore;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
@DisplayName("The inbox of an engine whose store is in a file of SQLite")
class SqliteInboxTest extends InboxModel {

    @TempDir
    Path directory;

    @Override
    ExecutionStore open() {
        return JdbcStore.open(directory.resolve("store.db"));
    }
}
