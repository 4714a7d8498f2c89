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

    static FlowScriptException noCipher() {
        return new FlowScriptException(
                "no_cipher",
                "The store has no cipher, which it needs for executions whose workflow marks secrets; open it with one");
    }

    static FlowScriptException undecryptable(String executionId, FlowScriptException why) {
        return new FlowScriptException(
                why.code(), "Execution " + executionId + " cannot be decrypted: " + why.getMessage(), why);
    }

    static FlowScriptException notEncrypted(String executionId) {
        return new FlowScriptException(
                "decryption_failed",
                "Execution " + executionId
                        + " is not encrypted, although its workflow marks secrets; it was not written by this store");
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

    static FlowScriptException shardLost(String executionId) {
        return new FlowScriptException(
                "shard_lost", "Execution " + executionId + " belongs to another process by now; nothing was written");
    }

    static FlowScriptException newerSchema(String database, int found, int known) {
        return new FlowScriptException(
                "store_schema_newer",
                database + " has schema version " + found + ", and this version of FlowScript knows versions up to "
                        + known + "; use the newer FlowScript that has written it");
    }
}
