package io.flowscript.spring.boot;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.workflow.InvalidWorkflowException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which setting keeps the application from starting, and what would be right. Made by Spring Boot; stateless. */
final class ConfigurationAnalyzer extends AbstractFailureAnalyzer<FlowScriptException> {

    private static final Map<String, String> ACTIONS = Map.of(
            "invalid_setting",
            "Change the setting. The properties are described in docs/guide-spring-boot.md. To keep executions in a file, which needs no database, set"
                    + " flowscript.store to \"file\" and add the dependency io.flowscript:flowscript-store-jdbc; to keep them in memory only, set it to \"memory\".",
            "unreadable_file",
            "Correct flowscript.workflows, or put a workflow at this place.",
            "too_many_files",
            "Make the patterns in flowscript.workflows narrower.",
            "store_in_use",
            "End the other process, or give each its own database. Several processes share one PostgreSQL when each sets flowscript.store-lease, such as to 10s.",
            "store_schema_newer",
            "Start the newer version of FlowScript again, or use a backup of the database from before.",
            "store_failed",
            "Check that the database can be reached and may be written, or set flowscript.store to \"file\" or \"memory\".",
            "no_cipher",
            "Define a bean of the type io.flowscript.core.store.StateCipher: a workflow marks secrets.");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable root, FlowScriptException cause) {
        String action = ACTIONS.get(cause.code());
        if (action == null || cause instanceof InvalidWorkflowException) {
            return null;
        }
        return new FailureAnalysis(cause.getMessage() + " [" + cause.code() + "]", action, cause);
    }
}
