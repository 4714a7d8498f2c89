package io.flowscript.core.runtime;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The work of a step: a function from a context to an outcome. One node object serves all executions, so it must be
 * safe for use by many threads. A node keeps data in the state or in a memo, not in fields.
 *
 * <p>The engine calls a node on its executor and holds no lock. A node may throw: the attempt then fails and its
 * writes are discarded. A node may block: when its timeout passes, the engine interrupts its thread and refuses
 * everything that the attempt does afterwards.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Node {

    /**
     * Does the work of one attempt. The engine calls it again after each {@link Ask} and {@link Sleep} of that
     * attempt.
     *
     * @param context what the node can read and do during this attempt; closed when the attempt is over
     * @return the outcome; never null
     * @throws Exception any exception fails the attempt. The exception's message becomes part of events, so it should
     *     be written for people.
     */
    Outcome run(ExecutionContext context) throws Exception;

    /** {@return the metadata of this node; the same at each call} */
    default NodeMetadata metadata() {
        return NodeMetadata.UNSPECIFIED;
    }

    /**
     * Checks the config of a step when a workflow is registered, so that mistakes are reported before the workflow
     * runs. A string with a template, such as <code>{{amount}}</code>, can become any value at run time, so this
     * method must accept it.
     *
     * @param config the config as written in the workflow, immutable; empty when the step has none
     * @return one sentence for each mistake, which names the field and the correct form; empty when there is none
     */
    default List<String> check(Map<String, @Nullable Object> config) {
        return List.of();
    }

    /**
     * Returns the config fields that hold a URL. In such a field, a value that a template puts into a text is
     * percent-encoded, so that it cannot add a path, a parameter or another host to the URL. A template at the beginning
     * of the text, such as <code>{{base}}</code>, is filled in as it is.
     *
     * @return the names of the fields, immutable; the same at each call
     */
    default Set<String> urlFields() {
        return Set.of();
    }

    /**
     * Returns a node that completes its outcome asynchronously.
     *
     * @param work a function that starts the work and returns at once
     * @return the node
     */
    static Node async(Async work) {
        return context -> Outcome.later(work.start(context));
    }

    /**
     * Returns a builder for a node with a name, and with metadata such as edges, a retry policy or a timeout.
     *
     * @param name the name that workflows use, 1 to 128 characters
     * @return the builder
     */
    static NodeBuilder named(String name) {
        return new NodeBuilder(name);
    }

    /** The asynchronous form of a node. */
    @FunctionalInterface
    interface Async {

        /**
         * Starts the work and returns at once.
         *
         * @param context what the node can read and do during this attempt
         * @return a stage that completes with the outcome; its failure fails the attempt. If the stage can be
         *     converted to a future, that future is cancelled when the engine ends the attempt early.
         * @throws Exception any exception fails the attempt
         */
        CompletionStage<? extends Outcome> start(ExecutionContext context) throws Exception;
    }
}
