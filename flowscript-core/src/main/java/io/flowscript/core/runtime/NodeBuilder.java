package io.flowscript.core.runtime;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds a node with a name and metadata. {@link Node#named} creates the builder; {@link #run}, {@link #async} or
 * {@link #ask} finishes the node. For use by one thread.
 *
 * @since 0.1.0
 */
public final class NodeBuilder {

    private final String name;
    private String description = NodeMetadata.UNSPECIFIED.description();
    private NodeType type = NodeMetadata.UNSPECIFIED.type();
    private Set<String> edges = NodeMetadata.UNSPECIFIED.edges();
    private Set<String> fields = NodeMetadata.UNSPECIFIED.fields();
    private Set<String> expressions = NodeMetadata.UNSPECIFIED.expressionFields();
    private RetryPolicy retry = NodeMetadata.UNSPECIFIED.retry();
    private @Nullable Duration timeout;

    NodeBuilder(String name) {
        this.name = name;
    }

    /**
     * Sets the description of the node, for people.
     *
     * @param text a sentence
     * @return this
     */
    public NodeBuilder description(String text) {
        description = text;
        return this;
    }

    /**
     * Sets the type of the node. The default is {@link NodeType#ACTION}; {@link #ask} sets {@link NodeType#HUMAN}.
     *
     * @param type the type
     * @return this
     */
    public NodeBuilder type(NodeType type) {
        this.type = type;
        return this;
    }

    /**
     * Sets the edges that the node can return. Returning any other edge fails the attempt. By default, any edge is
     * allowed.
     *
     * @param names the names of the edges, each given once
     * @return this
     */
    public NodeBuilder edges(String... names) {
        edges = Set.of(names);
        return this;
    }

    /**
     * Sets the config fields that the node has, besides those of {@link #expressions}. A workflow with any other field
     * is refused when it is registered, with a suggestion if the name is close to a known one. By default, any field is
     * allowed.
     *
     * @param names the names of the config fields, each given once
     * @return this
     */
    public NodeBuilder fields(String... names) {
        fields = Set.of(names);
        return this;
    }

    /**
     * Sets the config fields that are expressions. The node evaluates them with {@link ExecutionContext#evaluate}.
     *
     * @param fields the names of the config fields, each given once
     * @return this
     */
    public NodeBuilder expressions(String... fields) {
        expressions = Set.of(fields);
        return this;
    }

    /**
     * Sets the retry policy for failed attempts. The default is {@link RetryPolicy#NONE}.
     *
     * @param policy the policy
     * @return this
     */
    public NodeBuilder retry(RetryPolicy policy) {
        retry = policy;
        return this;
    }

    /**
     * Sets how long one attempt may work. The time spent waiting for people does not count. By default the engine's
     * node timeout applies.
     *
     * @param duration more than zero
     * @return this
     */
    public NodeBuilder timeout(Duration duration) {
        timeout = duration;
        return this;
    }

    /**
     * Builds the node from its work.
     *
     * @param work the work of the node
     * @return the node
     */
    public NamedNode run(Node work) {
        return new NamedNode(
                name, new NodeMetadata(description, type, edges, fields, expressions, retry, timeout), work);
    }

    /**
     * Builds the node from work that completes its outcome asynchronously.
     *
     * @param work a function that starts the work and returns at once
     * @return the node
     */
    public NamedNode async(Node.Async work) {
        return run(Node.async(work));
    }

    /**
     * Starts a node that asks people. {@link Asking#answered} finishes it.
     *
     * @param question the function that makes the question
     * @return a builder stage that takes the handler of the answer
     */
    public Asking ask(QuestionMaker question) {
        return new Asking(type(NodeType.HUMAN), question);
    }

    /** Makes the question that a node asks. */
    @FunctionalInterface
    public interface QuestionMaker {

        /**
         * Makes the question.
         *
         * @param context the node's context
         * @return the question
         * @throws Exception any exception fails the attempt
         */
        Question question(ExecutionContext context) throws Exception;
    }

    /** Handles the answer to a node's question. */
    @FunctionalInterface
    public interface AnswerHandler {

        /**
         * Handles an answer, or the passing of the deadline.
         *
         * @param context the node's context
         * @param answer the answer; {@link Answer#timedOut} is true when the deadline passed
         * @return the outcome
         * @throws Exception any exception fails the attempt
         */
        Outcome answered(ExecutionContext context, Answer answer) throws Exception;
    }

    /** A node that asks people and still needs a handler for the answer. */
    public static final class Asking {

        private final NodeBuilder builder;
        private final QuestionMaker question;

        Asking(NodeBuilder builder, QuestionMaker question) {
            this.builder = builder;
            this.question = question;
        }

        /**
         * Builds the node.
         *
         * @param handler the handler of the answer
         * @return the node
         */
        public NamedNode answered(AnswerHandler handler) {
            return builder.run(context -> {
                @Nullable Answer answer = context.answer();
                return answer == null ? question.question(context).ask() : handler.answered(context, answer);
            });
        }
    }
}
