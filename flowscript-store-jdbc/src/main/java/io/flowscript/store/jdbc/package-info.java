/**
 * A store for executions in SQLite or PostgreSQL: {@link io.flowscript.store.jdbc.JdbcStore}.
 *
 * <p>The engine hands in changes, which are encoded on its thread. The writer gathers them from a queue and writes many of
 * them in one transaction. A second thread completes their stages, so the writer never runs the engine's code. What is
 * read goes over a connection of its own.
 */
@NullMarked
package io.flowscript.store.jdbc;

import org.jspecify.annotations.NullMarked;
