package io.flowscript.events.operations;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.bridge.EventRedactor;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Value;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.settings.Range;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.text.IdText;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.core.workflow.WorkflowGraph;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.WorkflowVersion;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxChanges;
import io.flowscript.events.inbox.InboxQuery;
import io.flowscript.events.links.AnswerLinks;
import io.flowscript.events.links.OpenedLink;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.WireSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The operations that a client can request of an engine. WebSocket, REST and the in-memory transport all call this
 * class; they only translate its results into their own formats.
 *
 * <p>Each operation checks what the identity may do. Things that the identity may not see are reported as if they did
 * not exist. An operation that is refused or fails throws an {@link OperationException}, with the code and the message
 * for the client. It throws no other exception.
 *
 * <p>{@link #start}, {@link #cancel}, {@link #claim} and {@link #release} are carried out once, even when a client
 * sends them several times. When the same sender repeats a command with the same {@link ClientMessage#id() id}, over
 * any transport, the result of the first one is returned and nothing changes. A different command with the same id is
 * refused with {@link ErrorCode#IDEMPOTENCY_CONFLICT}. While the first one is still running, a repetition may be
 * refused with {@link ErrorCode#RATE_LIMITED}. Commands that failed are not remembered, so they can be sent again. A
 * command without an id is always new. Executions keep the commands that have changed them
 * ({@link io.flowscript.core.snapshot.ExecutionSnapshot#commands}), so that a repetition is recognised after a restart too.
 *
 * <p>Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class Operations implements AutoCloseable {

    /** The maximum number of executions that one request examines, however many of them are hidden or do not match. */
    private static final int MAX_LOOKED_AT = 2_000;

    /** The default of {@link Builder#receiptBytes(long)}: a 32nd of the heap, at least 4 MiB and at most 64 MiB. */
    public static final long DEFAULT_RECEIPT_BYTES =
            Math.min(64L << 20, Math.max(4L << 20, Runtime.getRuntime().maxMemory() / 32));

    private static final int LOOKED_AT_ONCE = 500;
    private static final int MAX_PAGE = 1_000;

    private final FlowScript flows;
    private final WireSettings wire;
    private final Rights rights;
    private final Redactions redactions;
    private final OnceOnlyCommands commands;
    private final SharedInbox inbox;
    private final ExecutionCounts counts;

    private Operations(Builder settings) {
        this.flows = settings.flows;
        this.wire = settings.wire;
        this.rights = new Rights(flows, settings.policy);
        this.redactions = new Redactions(settings.redactor, flows.observer());
        this.commands = new OnceOnlyCommands(
                flows,
                new CommandReceipts(
                        flows.clock(),
                        settings.maxReceipts,
                        settings.receiptBytes,
                        settings.maxReceiptsPerIdentity,
                        settings.receiptTime),
                new RunningExecutions(settings.maxExecutionsPerSender));
        this.commands.restore();
        this.inbox = new SharedInbox(flows, settings.inbox);
        this.counts = new ExecutionCounts(flows);
    }

    /**
     * Returns a builder of operations, for an engine without a bridge. A bridge creates its own operations.
     *
     * @param flows the engine
     * @return a builder with the default settings
     */
    public static Builder builder(FlowScript flows) {
        return new Builder(flows);
    }

    /**
     * The result of {@link #start}.
     *
     * @param execution the execution of the workflow
     * @param again whether the same command started it before; false when it was started now
     */
    public record Started(Execution execution, boolean again) {}

    /**
     * The result of {@link #cancel}: the execution has ended.
     *
     * @param execution the execution
     * @param now whether this command cancelled it; false when it had ended before
     */
    public record Cancelled(Execution execution, boolean now) {}

    /**
     * The result of {@link #claim}.
     *
     * @param token the interaction
     * @param claim who has claimed it, and until when
     */
    public record Claimed(PauseToken token, Interaction.Claim claim) {}

    /**
     * One page of executions.
     *
     * @param executions the executions, the newest first; a page may have fewer than the limit, even none, although more pages follow
     * @param next the cursor of the next page; null when this is the last
     */
    public record ExecutionPage(
            List<Execution> executions, @Nullable String next) {
        /**
         * Copies the list.
         *
         * @param executions the executions, the newest first
         * @param next the cursor of the next page; null when this is the last
         */
        public ExecutionPage {
            executions = List.copyOf(executions);
        }
    }

    /**
     * A number of executions.
     *
     * @param value how many were found
     * @param exact whether that is all; false when the search stopped before the end, so that there may be more
     * @param byStatus how many of them have each status that occurs
     */
    public record ExecutionCount(long value, boolean exact, Map<ExecutionStatus, Long> byStatus) {
        /**
         * Copies the map.
         *
         * @param value how many were found
         * @param exact whether that is all
         * @param byStatus how many of them have each status that occurs
         */
        public ExecutionCount {
            byStatus = Map.copyOf(byStatus);
        }

        static ExecutionCount of(Map<ExecutionStatus, Long> byStatus, boolean exact) {
            return new ExecutionCount(
                    byStatus.values().stream().mapToLong(Long::longValue).sum(), exact, byStatus);
        }
    }

    /** {@return which data of an execution clients receive} */
    public WireSettings wire() {
        return wire;
    }

    /** {@return whether every identity may do everything, that is, whether the access policy is {@link AccessPolicy#EVERYONE}} */
    public boolean permitEverything() {
        return rights.permitEverything();
    }

    /**
     * Returns what is hidden from an identity of an execution that it may see. When the redactor fails, everything is hidden.
     *
     * @param who the identity
     * @param workflowId the workflow that the execution runs
     * @param executionId the execution
     * @return what is hidden
     */
    public Redaction redaction(Identity who, String workflowId, String executionId) {
        return redactions.of(who, workflowId, executionId);
    }

    /**
     * Returns what is hidden from an identity of an interaction that it may see.
     *
     * @param who the identity
     * @param interaction the interaction
     * @return what is hidden
     */
    public Redaction redaction(Identity who, Interaction interaction) {
        return redactions.of(who, interaction);
    }

    /**
     * Returns whether an identity may see an execution, or the executions of a workflow. An access policy that throws permits nothing.
     *
     * @param who the identity that asks
     * @param workflowId the workflow; null if not known
     * @param executionId the execution; null if none is meant
     * @return whether the identity may see it
     */
    public boolean sees(Identity who, @Nullable String workflowId, @Nullable String executionId) {
        return rights.permits(who, Action.VIEW, workflowId, executionId);
    }

    /**
     * Returns whether an identity may see an interaction and its execution.
     *
     * @param who the identity that asks
     * @param interaction the interaction
     * @return whether the identity may see it
     */
    public boolean sees(Identity who, Interaction interaction) {
        return rights.sees(who, interaction);
    }

    /**
     * Returns the workflows that an identity may see or start.
     *
     * @param who the identity that asks
     * @return the workflows
     */
    public List<WorkflowDefinition> workflows(Identity who) {
        return perform(() -> flows.workflows().stream()
                .filter(workflow ->
                        sees(who, workflow.id(), null) || rights.permits(who, Action.START, workflow.id(), null))
                .toList());
    }

    /**
     * Returns the versions of a workflow that an identity may see or start, with the executions that it may see.
     *
     * @param who the identity that asks
     * @param workflowId the workflow
     * @return the versions, as {@link FlowScript#versions(String, java.util.function.Predicate)}; at least one
     * @throws OperationException with {@link ErrorCode#WORKFLOW_NOT_FOUND}
     */
    public List<WorkflowVersion> versions(Identity who, String workflowId) {
        return perform(() -> {
            boolean permitted = sees(who, workflowId, null) || rights.permits(who, Action.START, workflowId, null);
            List<WorkflowVersion> versions = permitted
                    ? flows.versions(workflowId, execution -> sees(who, workflowId, execution.id()))
                    : List.of();
            if (versions.isEmpty()) {
                throw noWorkflow();
            }
            return versions;
        });
    }

    /**
     * A version of a workflow.
     *
     * @param definition the definition
     * @param graph the graph of what runs
     */
    public record Workflow(WorkflowDefinition definition, WorkflowGraph graph) {}

    /**
     * Returns a workflow that an identity may see or start.
     *
     * @param who the identity that asks
     * @param workflowId the workflow
     * @param hash the hash of a version that executions began with; null for the version that new executions begin with
     * @return the version
     * @throws OperationException with {@link ErrorCode#WORKFLOW_NOT_FOUND}
     */
    public Workflow workflow(Identity who, String workflowId, @Nullable String hash) {
        return perform(() -> {
            boolean permitted = sees(who, workflowId, null) || rights.permits(who, Action.START, workflowId, null);
            return Optional.ofNullable(permitted ? workflowId : null)
                    .flatMap(id -> flows.workflow(id, hash))
                    .map(definition -> new Workflow(definition, flows.graph(definition)))
                    .orElseThrow(Operations::noWorkflow);
        });
    }

    private static OperationException noWorkflow() {
        return new OperationException(ErrorCode.WORKFLOW_NOT_FOUND, "There is no such workflow");
    }

    /**
     * Starts a workflow.
     *
     * @param from the sender
     * @param command the command
     * @return the execution; when it was started before, check with {@link #sees} whether the sender may see it
     * @throws OperationException with {@link ErrorCode#EXECUTION_NOT_FOUND} when the command was carried out before,
     *     but the engine no longer keeps its execution; with another code when it is refused
     */
    public Started start(Sender from, ClientMessage.Execute command) {
        return perform(() -> {
            String executionId = command.executionId();
            if (executionId != null && !IdText.isExecutionId(executionId)) {
                // Before the policy is asked: it sees only ids that there can be.
                throw new OperationException(ErrorCode.INVALID_MESSAGE, "executionId has " + IdText.FORM);
            }
            rights.checkStart(from.who(), command.workflowId(), executionId);
            return commands.execute(from, command);
        });
    }

    /**
     * Returns an execution that an identity may see.
     *
     * @param who the identity that asks
     * @param executionId the execution
     * @return the execution
     * @throws OperationException with {@link ErrorCode#EXECUTION_NOT_FOUND}
     */
    public Execution execution(Identity who, String executionId) {
        return perform(() -> rights.visible(who, executionId));
    }

    /**
     * Lists the executions that an identity may see, the newest first. One call examines at most 2,000 executions. A
     * page can therefore have fewer than the limit, even none, although more follow.
     *
     * @param who the identity that asks
     * @param filter which executions
     * @param cursor {@link ExecutionPage#next} of the page before; null for the first page
     * @param limit the maximum number on the page, from 1 to 1,000
     * @return the page
     * @throws OperationException with {@link ErrorCode#INVALID_MESSAGE} for another limit, or for what is no cursor
     */
    public ExecutionPage executions(Identity who, ExecutionFilter filter, @Nullable String cursor, int limit) {
        return perform(() -> {
            if (limit < 1 || limit > MAX_PAGE) {
                throw new OperationException(
                        ErrorCode.INVALID_MESSAGE,
                        "Executions are listed from 1 to " + MAX_PAGE + " at a time, not " + limit);
            }
            List<Execution> found = new ArrayList<>();
            String next = search(who, filter, cursor, execution -> {
                found.add(execution);
                return found.size() < limit;
            });
            return new ExecutionPage(found, next);
        });
    }

    /**
     * Counts the executions that an identity may see. An identity that may see everything gets the numbers of workflows and statuses as they
     * were at most a second ago, of up to 200,000 executions. Otherwise one call examines at most 2,000 executions, the newest.
     *
     * @param who the identity that asks
     * @param filter which executions
     * @return how many
     */
    public ExecutionCount count(Identity who, ExecutionFilter filter) {
        return perform(() -> {
            if (permitEverything() && filter.isByCount()) {
                return counts.count(filter);
            }
            Map<ExecutionStatus, Long> byStatus = new EnumMap<>(ExecutionStatus.class);
            String next = search(who, filter, null, execution -> {
                byStatus.merge(execution.status(), 1L, Long::sum);
                return true;
            });
            return ExecutionCount.of(byStatus, next == null);
        });
    }

    /**
     * Counts all executions, for somebody who may see the figures of the whole engine.
     *
     * @param who the identity that asks
     * @return how many, as they were at most a second ago
     * @throws OperationException with {@link ErrorCode#FORBIDDEN} when the access policy does not permit {@link Action#OBSERVE}
     */
    public ExecutionCount countAll(Identity who) {
        return perform(() -> {
            refuseUnlessObserver(who);
            return counts.count(ExecutionFilter.ALL);
        });
    }

    /**
     * Counts all interactions, for somebody who may see the figures of the whole engine.
     *
     * @param who the identity that asks
     * @param query which interactions
     * @return how many
     * @throws OperationException with {@link ErrorCode#FORBIDDEN} when the access policy does not permit {@link Action#OBSERVE}
     */
    public Inbox.Count countAll(Identity who, InboxQuery query) {
        return perform(() -> {
            refuseUnlessObserver(who);
            return inbox.get().count(query);
        });
    }

    /**
     * Returns the open interaction that has waited longest, for somebody who may see the figures of the whole engine.
     *
     * @param who the identity that asks
     * @return the interaction; empty when none is open
     * @throws OperationException with {@link ErrorCode#FORBIDDEN} when the access policy does not permit {@link Action#OBSERVE}
     */
    public Optional<Interaction> oldestOpen(Identity who) {
        return perform(() -> {
            refuseUnlessObserver(who);
            return inbox.get().list(InboxQuery.OPEN, null, 1).interactions().stream()
                    .findFirst();
        });
    }

    /**
     * Checks that somebody may see the figures of the whole engine.
     *
     * @param who the identity that asks
     * @throws OperationException with {@link ErrorCode#FORBIDDEN} when the access policy does not permit {@link Action#OBSERVE}
     */
    public void checkObserve(Identity who) {
        perform(() -> {
            refuseUnlessObserver(who);
            return true;
        });
    }

    private void refuseUnlessObserver(Identity who) {
        if (!rights.permits(who, Action.OBSERVE, null, null)) {
            throw new OperationException(ErrorCode.FORBIDDEN, "You may not see the figures of the server");
        }
    }

    /**
     * Goes through executions that an identity may see.
     *
     * @param found receives those that match, the newest first, and says whether to go on
     * @return the cursor to go on from; null when there are no more
     */
    private @Nullable String search(
            Identity who, ExecutionFilter filter, @Nullable String cursor, Predicate<Execution> found) {
        long last = cursor == null ? Long.MAX_VALUE : numberOf(cursor);
        for (int lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += LOOKED_AT_ONCE) {
            List<Execution> next = flows.executions().listStarted(filter.from(), filter.to(), last, LOOKED_AT_ONCE);
            for (Execution execution : next) {
                last = execution.number();
                if (filter.matches(execution)
                        && sees(who, execution.workflowId(), execution.id())
                        && !found.test(execution)) {
                    return cursorOf(last);
                }
            }
            if (next.size() < LOOKED_AT_ONCE) {
                return null;
            }
        }
        return cursorOf(last);
    }

    /** A cursor is the number of an execution and not its id: a client may not learn of one that it may not see. */
    private static String cursorOf(long number) {
        return Long.toString(number, Character.MAX_RADIX);
    }

    private static long numberOf(String cursor) {
        try {
            return Long.parseLong(cursor, Character.MAX_RADIX);
        } catch (NumberFormatException e) {
            throw new OperationException(
                    ErrorCode.INVALID_MESSAGE, "The cursor is none; take the next of the page before");
        }
    }

    /**
     * Cancels an execution.
     *
     * @param from who sends it
     * @param command the command
     * @return the execution, and whether this command cancelled it
     * @throws OperationException when the command is refused
     */
    public Cancelled cancel(Sender from, ClientMessage.Cancel command) {
        return perform(() ->
                commands.cancel(from, command, rights.permitted(from.who(), Action.CANCEL, command.executionId())));
    }

    /**
     * Answers an interaction.
     *
     * @param from the sender, who answers
     * @param answer the answer; its id is its idempotency key
     * @return the receipt of the accepted answer
     * @throws OperationException when the answer is not accepted, with the code and the details of the receipt; with
     *     another code when the request is refused
     */
    public Receipt.Accepted answer(Sender from, ClientMessage.Resume answer) {
        return perform(() -> {
            Interaction asked = rights.permitted(
                    from.who(), Action.ANSWER, answer.executionId(), answer.nodeId(), answer.tokenId());
            Redaction redaction = redaction(from.who(), asked);
            AnswerOptions options =
                    new AnswerOptions(from.named(), answer.id(), Redactions.seen(redaction, asked, answer.seen()));
            return accepted(
                    flows.interactions().answer(asked.token(), answer.data(), options), "idempotency key", redaction);
        });
    }

    private Receipt.Accepted accepted(Receipt receipt, String key, Redaction redaction) {
        if (receipt instanceof Receipt.Accepted accepted) {
            return accepted;
        }
        throw Refusals.of(receipt, flows.interactions(), key, redaction);
    }

    /**
     * Claims an interaction.
     *
     * @param from the sender, who claims it
     * @param command the command
     * @return the interaction that the command claimed, and until when
     * @throws OperationException when it is refused
     */
    public Claimed claim(Sender from, ClientMessage.Claim command) {
        return perform(() -> {
            Interaction asked = rights.permitted(
                    from.who(), Action.CLAIM, command.executionId(), command.nodeId(), command.tokenId());
            return withoutNames(from, asked, () -> commands.claim(from, command, asked.token()));
        });
    }

    /**
     * Releases a claim.
     *
     * @param from the sender, who has claimed it
     * @param command the command
     * @return the interaction that the command released
     * @throws OperationException when it is refused
     */
    public PauseToken release(Sender from, ClientMessage.Release command) {
        return perform(() -> {
            Interaction asked = rights.permitted(
                    from.who(), Action.CLAIM, command.executionId(), command.nodeId(), command.tokenId());
            return withoutNames(from, asked, () -> commands.release(from, command, asked.token()));
        });
    }

    /** Does not tell who holds a claim when that is hidden from the sender. */
    private <T> T withoutNames(Sender from, Interaction asked, Supplier<T> work) {
        try {
            return work.get();
        } catch (FlowScriptException refused) {
            if (refused.code().equals(ErrorCode.ALREADY_CLAIMED.id())
                    && Redactions.hidesPeople(redaction(from.who(), asked))) {
                throw Refusals.claimed();
            }
            throw refused;
        }
    }

    /**
     * Returns an interaction that an identity may see, open or closed.
     *
     * @param who the identity that asks
     * @param executionId the execution that asks
     * @param tokenId the interaction
     * @return the current state of the interaction
     * @throws OperationException with {@link ErrorCode#INTERACTION_NOT_FOUND}
     */
    public Interaction interaction(Identity who, String executionId, String tokenId) {
        return perform(() -> flows.interactions()
                .find(new PauseToken(executionId, "", tokenId))
                .filter(asked -> sees(who, asked))
                .orElseThrow(Refusals::noInteraction));
    }

    /**
     * Returns the epoch of the event log that an interaction's event number belongs to.
     *
     * @param interaction an interaction that the caller may see
     * @return the epoch; empty when the engine no longer keeps the execution
     */
    public Optional<String> epoch(Interaction interaction) {
        return perform(() -> flows.executions()
                .find(interaction.token().executionId())
                .map(execution -> execution.events().epoch()));
    }

    /**
     * Opens an answer link on behalf of the person that it was made for. Changes nothing.
     *
     * @param links verifies and opens the link
     * @param link the link
     * @return what the link permits, and the current state of the interaction
     * @throws OperationException with {@link ErrorCode#INVALID_LINK}, {@link ErrorCode#LINK_EXPIRED},
     *     {@link ErrorCode#INTERACTION_NOT_FOUND} or
     *     {@link ErrorCode#FORBIDDEN}
     */
    public OpenedLink openLink(AnswerLinks links, String link) {
        return perform(() -> open(links, link, Action.VIEW));
    }

    /**
     * Answers an interaction through an answer link, on behalf of the person that the link was made for.
     *
     * @param links verifies and opens the link
     * @param link the link
     * @param answer any JSON value; null for the answer that the link contains
     * @param seen the {@code contextHash} of what the person saw; null for the one that the link was made with
     * @return the receipt of the accepted answer
     * @throws OperationException as {@link #answer} and {@link #openLink}
     */
    public Receipt.Accepted answerLink(AnswerLinks links, String link, @Nullable Value answer, @Nullable String seen) {
        return perform(() -> {
            OpenedLink opened = open(links, link, Action.ANSWER);
            Value given = answer == null ? opened.link().only() : answer;
            if (given == null) {
                throw new OperationException(
                        ErrorCode.INVALID_MESSAGE, "There is no answer; put it into data, as any JSON value");
            }
            Redaction redaction = redaction(opened.link().as(), opened.interaction());
            String known = Redactions.seen(redaction, opened.interaction(), seen);
            return accepted(links.answer(flows, link, given.raw(), known), "link", redaction);
        });
    }

    private OpenedLink open(AnswerLinks links, String link, Action action) {
        OpenedLink opened = links.open(flows, link);
        Identity as = opened.link().as();
        Interaction asked = opened.interaction();
        if (!rights.permits(as, action, asked.workflowId(), asked.token().executionId())
                || !rights.permits(as, action, asked)) {
            throw new OperationException(
                    ErrorCode.FORBIDDEN, "The person of this link may not do this, or not any more");
        }
        return opened;
    }

    /**
     * Lists the interactions that an identity may see.
     *
     * @param who the identity that asks
     * @param query which interactions, and in which order
     * @param cursor {@link Inbox.Page#next} of the page before; null for the first page
     * @param limit the maximum number on the page, from 1 to {@value Inbox#MAX_PAGE}
     * @return the page
     * @throws OperationException with {@link ErrorCode#INVALID_MESSAGE} for another limit or a foreign cursor
     */
    public Inbox.Page interactions(Identity who, InboxQuery query, @Nullable String cursor, int limit) {
        return perform(() -> inbox.get().list(query, asked -> finds(who, query, asked), cursor, limit));
    }

    /**
     * Counts the interactions that an identity may see.
     *
     * @param who the identity that asks
     * @param query which interactions
     * @return how many
     */
    public Inbox.Count count(Identity who, InboxQuery query) {
        return perform(() -> permitEverything() && redactions.areNone()
                ? inbox.get().count(query)
                : inbox.get().count(query, (Interaction asked) -> finds(who, query, asked)));
    }

    /** Whether an identity may see an interaction, and sees of it what the query is about. */
    private boolean finds(Identity who, InboxQuery query, Interaction asked) {
        return sees(who, asked) && query.findsShown(asked, redaction(who, asked));
    }

    /**
     * Follows changes of the interactions that an identity may see, from now on.
     *
     * @param who the identity that asks
     * @param query which interactions
     * @param wake called on the engine's executor when there are changes to take; must be short and must not block
     * @return the source of the changes
     * @throws OperationException with {@link ErrorCode#TOO_MANY_SUBSCRIPTIONS}
     */
    public InboxChanges follow(Identity who, InboxQuery query, Runnable wake) {
        return perform(() -> inbox.get().follow(query, asked -> finds(who, query, asked), wake));
    }

    /**
     * Records that an identity has seen all events of an execution up to a position. With a store, this returns when it is
     * stored. Interactions that the identity may
     * not see do not count as seen.
     *
     * @param who the identity
     * @param executionId the execution
     * @param upTo the position of the last event seen
     * @throws OperationException with {@link ErrorCode#EXECUTION_NOT_FOUND}
     */
    public void acknowledge(Identity who, String executionId, Position upTo) {
        perform(() -> {
            rights.visible(who, executionId);
            CompletionStage<?> recorded =
                    inbox.get().acknowledge(who, executionId, upTo, asked -> rights.permits(who, Action.VIEW, asked));
            try {
                recorded.toCompletableFuture().join();
            } catch (CompletionException failed) {
                throw OperationException.of(Objects.requireNonNullElse(failed.getCause(), failed));
            }
            return true;
        });
    }

    /**
     * Forgets the commands of an anonymous sender that has disconnected. No other sender could repeat them.
     *
     * @param from the sender; for a sender with a name, nothing happens
     */
    public void forget(Sender from) {
        commands.forget(from);
    }

    /** {@return the number of commands that are remembered or are being carried out} */
    public int receipts() {
        return commands.size();
    }

    /**
     * Closes the inbox, unless the application provided it. After this, operations on the inbox are refused with
     * {@link ErrorCode#SERVER_CLOSING}.
     */
    @Override
    public void close() {
        inbox.close();
    }

    private <T> T perform(Supplier<T> work) {
        return Guard.call(work, thrown -> {
            OperationException refusal = OperationException.of(thrown);
            flows.observer().refused(refusal.code());
            throw refusal;
        });
    }

    /**
     * Builds operations. Not safe for use by several threads.
     *
     * @since 0.1.0
     */
    public static final class Builder {

        private final FlowScript flows;
        private AccessPolicy policy = AccessPolicy.EVERYONE;
        private EventRedactor redactor = EventRedactor.NONE;
        private WireSettings wire = WireSettings.DEFAULTS;
        private @Nullable Inbox inbox;
        private int maxReceipts = 50_000;
        private long receiptBytes = Operations.DEFAULT_RECEIPT_BYTES;
        private int maxReceiptsPerIdentity = 1_000;
        private Duration receiptTime = Duration.ofHours(1);
        private int maxExecutionsPerSender = Integer.MAX_VALUE;

        private Builder(FlowScript flows) {
            this.flows = Objects.requireNonNull(flows, "flows");
        }

        /**
         * Sets the access policy. The default is {@link AccessPolicy#EVERYONE}.
         *
         * @param rules decides who may do what; a policy that throws permits nothing
         * @return this
         */
        public Builder accessPolicy(AccessPolicy rules) {
            policy = Objects.requireNonNull(rules, "rules");
            return this;
        }

        /**
         * Sets the redactor. The default is {@link EventRedactor#NONE}.
         *
         * @param rules decides which data of an execution an identity does not see; one that throws hides everything
         * @return this
         */
        public Builder redactor(EventRedactor rules) {
            redactor = Objects.requireNonNull(rules, "rules");
            return this;
        }

        /**
         * Sets which data of an execution clients receive. The default is {@link WireSettings#DEFAULTS}.
         *
         * @param settings the settings
         * @return this
         */
        public Builder wire(WireSettings settings) {
            wire = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /**
         * Sets the inbox. By default, the operations open an inbox of their own with the first request that needs it,
         * and close it when they are closed.
         *
         * @param shared an inbox of the same engine, which must be closed after the operations; null for the default
         * @return this
         */
        public Builder inbox(@Nullable Inbox shared) {
            inbox = shared;
            return this;
        }

        /**
         * Sets how many commands are remembered, and for how long. The default is 50,000 in total and 1,000 of each
         * identity, for one hour. When a client repeats a command that was forgotten, it is treated as a new one.
         *
         * @param max the maximum in total, from 0
         * @param maxPerIdentity the maximum of each identity, from 0
         * @param time for how long, more than zero
         * @return this
         * @throws FlowScriptException with code {@code invalid_setting} when a value is out of its range
         */
        public Builder receipts(int max, int maxPerIdentity, Duration time) {
            if (time.isNegative() || time.isZero()) {
                throw new FlowScriptException(
                        "invalid_setting", "The time of receipts must be more than zero, not " + time);
            }
            maxReceipts = Range.atLeast(0, max, "maxReceipts");
            maxReceiptsPerIdentity = Range.atLeast(0, maxPerIdentity, "maxReceiptsPerIdentity");
            receiptTime = time;
            return this;
        }

        /**
         * Sets how much memory remembered commands may need in all. When they need more, the oldest is forgotten.
         *
         * @param bytes 0 or more; {@link Operations#DEFAULT_RECEIPT_BYTES} by default
         * @return this builder
         * @throws FlowScriptException with code {@code invalid_setting}
         */
        public Builder receiptBytes(long bytes) {
            receiptBytes = Range.atLeast(0, bytes, "receiptBytes");
            return this;
        }

        /**
         * Sets how many executions may be under way that one sender has started with these operations: an identity, or all anonymous senders of one
         * address. By default there is no limit.
         *
         * @param max from 1; {@link Integer#MAX_VALUE} for no limit
         * @return this builder
         * @throws FlowScriptException with code {@code invalid_setting}
         */
        public Builder maxExecutionsPerSender(int max) {
            maxExecutionsPerSender = Range.atLeast(1, max, "maxExecutionsPerSender");
            return this;
        }

        /**
         * Creates the operations.
         *
         * @return the operations; the caller must close them
         */
        public Operations build() {
            return new Operations(this);
        }
    }
}
