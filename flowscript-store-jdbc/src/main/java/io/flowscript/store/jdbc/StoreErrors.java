package io.flowscript.store.jdbc;

import io.flowscript.core.FlowScriptException;

/** The exceptions of the store. */
final class StoreErrors {

    private StoreErrors() {}

    static FlowScriptException failed(String message) {
        return new FlowScriptException("store_failed", message);
    }

    static FlowScriptException failed(String message, Throwable cause) {
        return new FlowScriptException("store_failed", message + ": " + cause.getMessage(), cause);
    }

    static FlowScriptException closed() {
        return new FlowScriptException("store_closed", "The store is closed; open it again");
    }

    static FlowScriptException inUse(String database) {
        return new FlowScriptException(
                "store_in_use",
                database + " is in use by another store, in this process or another one; close that one first");
    }

    static FlowScriptException exists(String executionId) {
        return new FlowScriptException(
                "execution_exists", "The store already has an execution " + executionId + "; choose another id");
    }

    static FlowScriptException doesNotFollow(Change.Step step) {
        return failed("The store has no execution " + step.executionId()
                + (step.events() == null
                        ? ""
                        : " whose next event has the number " + step.events().firstSeq()));
    }

    static FlowScriptException newerSchema(String database, int found, int known) {
        return new FlowScriptException(
                "store_schema_newer",
                database + " has schema version " + found + ", and this version of FlowScript knows versions up to "
                        + known + "; use the newer FlowScript that has written it");
    }
}
