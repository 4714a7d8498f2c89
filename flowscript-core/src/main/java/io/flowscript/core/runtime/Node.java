package io.flowscript.core.runtime;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A step's work: a function from a context to an outcome. One node object serves all executions, so it must be safe for use by many threads; what it
 * wants to remember goes into the state or into a memo.
 *
 * <p>The engine calls it on its executor, never with a lock held. It may throw: its attempt has failed then, and its writes are
 * dropped. It may block: on its own timeout it is interrupted, and whatever it does afterwards is refused.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Node {

    /**
     * Does the work of one attempt; called again after each {@link Ask} and {@link Sleep} of that attempt.
     *
     * @param context what this attempt may see and do; closed when the attempt is over
     * @return where to go on; never null
     * @throws Exception anything; it fails the attempt. An exception's message goes into events, so it should be
     *     written for people.
     */
    Outcome run(ExecutionContext context) throws Exception;

    /** {@return what is known about this node before it runs; the same at each call} */
    default NodeMetadata metadata() {
        return NodeMetadata.UNSPECIFIED;
    }

    /**
     * Looks over the config of a step when a workflow is loaded, so that what is wrong with it is told then and not when
     * it runs. What can only be known then (a string with a template such as <code>{{amount}}</code> in it stands for any value) is
     * passed over.
     *
     * @param config the config as it was written, frozen; empty when the step has none
     * @return what is wrong, each a sentence that names the field and what would be right; empty when nothing is
     */
    default List<String> check(Map<String, @Nullable Object> config) {
        return List.of();
    }

    /**
     * A node whose outcome comes later.
     *
     * @param work starts the work and returns at once
     * @return the node
     */
    static Node async(Async work) {
        return context -> Outcome.later(work.start(context));
    }

    /**
     * Begins a node with a name, edges, a retry policy or a timeout.
     *
     * @param name the name that workflows know it by
     * @return the beginning of a node
     */
    static NodeBuilder named(String name) {
        return new NodeBuilder(name);
    }

    /** The asynchronous form of a node. */
    @FunctionalInterface
    interface Async {

        /**
         * Starts the work.
         *
         * @param context what this attempt may see and do
         * @return completes with the outcome, or fails the attempt; cancelled (where it can be) when the attempt is
         *     ended from outside
         * @throws Exception anything; it fails the attempt
         */
        CompletionStage<? extends Outcome> start(ExecutionContext context) throws Exception;
    }
}
