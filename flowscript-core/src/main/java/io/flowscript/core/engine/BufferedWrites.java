package io.flowscript.core.engine;

import io.flowscript.core.engine.ExecutionSnapshot.Write;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt has written.
 *
 * @param list each write, in order
 * @param state the state with all of them applied
 */
record BufferedWrites(List<Write> list, Map<String, @Nullable Object> state) {}
