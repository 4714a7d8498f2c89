package io.flowscript.core.runtime;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a node that says something about itself. Begun by {@link Node#named}, ended by {@link #run}, {@link #async} or
 * {@link #ask}.
 *
 * @since 0.1.0
 */
public final class NodeBuilder {

    private final String name;
    private String description = NodeMetadata.UNSPECIFIED.description();
    private NodeType type = NodeMetadata.UNSPECIFIED.type();
    private Set<String> edges = NodeMetadata.UNSPECIFIED.edges();
    private Set<String> expressions = NodeMetadata.UNSPECIFIED.expressionFields();
    private RetryPolicy retry = NodeMetadata.UNSPECIFIED.retry();
    private @Nullable Duration timeout;

    NodeBuilder(String name) {
        this.name = name;
    }

    /**
     * What it does, for people.
     *
     * @param text a sentence
     * @return this
     */
    public NodeBuilder description(String text) {
        description = text;
        return this;
    }

    /**
     * What sort of thing it does; {@link NodeType#ACTION} if nothing is said, {@link NodeType#HUMAN} with {@link #ask}.
     *
     * @param type the sort
     * @return this
     */
    public NodeBuilder type(NodeType type) {
        this.type = type;
        return this;
    }

    /**
     * The edges that it can return. Another one fails the attempt, by name.
     *
     * @param names the edges
     * @return this
     */
    public NodeBuilder edges(String... names) {
        edges = Set.of(names);
        return this;
    }

    /**
     * The config fields that are expressions, for {@link ExecutionContext#evaluate}.
     *
     * @param fields names of config fields
     * @return this
     */
    public NodeBuilder expressions(String... fields) {
        expressions = Set.of(fields);
        return this;
    }

    /**
     * What to do when an attempt fails.
     *
     * @param policy the policy
     * @return this
     */
    public NodeBuilder retry(RetryPolicy policy) {
        retry = policy;
        return this;
    }

    /**
     * How long one attempt may work; the time that people take does not count.
     *
     * @param duration more than zero
     * @return this
     */
    public NodeBuilder timeout(Duration duration) {
        timeout = duration;
        return this;
    }

    /**
     * Ends with the work itself.
     *
     * @param work what it does
     * @return the node
     */
    public NamedNode run(Node work) {
        return new NamedNode(name, new NodeMetadata(description, type, edges, expressions, retry, timeout), work);
    }

    /**
     * Ends with work whose outcome comes later.
     *
     * @param work starts the work
     * @return the node
     */
    public NamedNode async(Node.Async work) {
        return run(Node.async(work));
    }

    /**
     * Ends with a question; go on with {@link Asking#answered}.
     *
     * @param question makes the question
     * @return what to do with the answer comes next
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
         * @throws Exception anything; it fails the attempt
         */
        Question question(ExecutionContext context) throws Exception;
    }

    /** What a node does with an answer. */
    @FunctionalInterface
    public interface AnswerHandler {

        /**
         * Goes on after the question was closed.
         *
         * @param context the node's context
         * @param answer the answer, or that the deadline passed
         * @return where to go on
         * @throws Exception anything; it fails the attempt
         */
        Outcome answered(ExecutionContext context, Answer answer) throws Exception;
    }

    /** A node that asks, and is still to be told what to do with the answer. */
    public static final class Asking {

        private final NodeBuilder builder;
        private final QuestionMaker question;

        Asking(NodeBuilder builder, QuestionMaker question) {
            this.builder = builder;
            this.question = question;
        }

        /**
         * Ends the node.
         *
         * @param handler what to do with the answer
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
