/** A store for executions in SQLite or PostgreSQL, with plain JDBC. */
module io.flowscript.store.jdbc {
    requires transitive io.flowscript.json;
    requires transitive java.sql;
    requires static org.jspecify;
    requires com.zaxxer.hikari;
    requires org.xerial.sqlitejdbc;

    exports io.flowscript.store.jdbc;
}
