package io.flowscript.events.operations;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.ExecutionStatus;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Value;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.workflow.WorkflowDefinition;
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
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of an engine on behalf of an identity: the one layer behind WebSocket, REST and the transport in memory, which only render
 * what comes of it.
 *
 * <p>Each operation checks the rights of who asks. What one may not see and what does not exist look alike. A refusal is an
 * {@link OperationException}, which has the code and the sentence for the client; what an operation throws is nothing else.
 *
 * <p>{@link #start}, {@link #cancel}, {@link #claim} and {@link #release} are carried out once, however often a client sends them: a command with the
 * {@link ClientMessage#id() id} of one that the same sender sent before comes to the same and changes nothing, over whichever transport it
 * comes. The same id with another command is refused with {@link ErrorCode#IDEMPOTENCY_CONFLICT}; while the first one is being carried out, another one
 * may be refused with {@link ErrorCode#RATE_LIMITED}. A command that failed is not remembered, and one without an id is always a new one.
 *
 * <p>Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class Operations implements AutoCloseable {

    /** How many executions one request looks at, when the policy hides most of them. */
    private static final int MAX_LOOKED_AT = 10_000;

    private final FlowScript flows;
    private final WireSettings wire;
    private final Rights rights;
    private final OnceOnlyCommands commands;
    private final SharedInbox inbox;

    private Operations(Builder settings) {
        this.flows = settings.flows;
        this.wire = settings.wire;
        this.rights = new Rights(flows, settings.policy);
        this.commands = new OnceOnlyCommands(
                flows,
                new CommandReceipts(
                        flows.clock(), settings.maxReceipts, settings.maxReceiptsPerIdentity, settings.receiptTime));
        this.inbox = new SharedInbox(flows, settings.inbox);
    }

    /**
     * Begins the operations of an engine that has no bridge; a bridge has its own.
     *
     * @param flows the engine
     * @return a builder with the default settings
     */
    public static Builder builder(FlowScript flows) {
        return new Builder(flows);
    }

    /**
     * A workflow was started.
     *
     * @param execution what runs it
     * @param again whether it was started by the same command before
     */
    public record Started(Execution execution, boolean again) {}

    /**
     * An execution has ended.
     *
     * @param execution the execution
     * @param now whether this has cancelled it; false when it had ended before
     */
    public record Cancelled(Execution execution, boolean now) {}

    /**
     * An interaction was claimed.
     *
     * @param token the interaction
     * @param claim by whom, and until when
     */
    public record Claimed(PauseToken token, Interaction.Claim claim) {}

    /**
     * Some executions.
     *
     * @param executions in the order of their ids; there may be fewer than asked for although there are more
     * @param next the cursor of the next page; null when this is the last
     */
    public record ExecutionPage(
            List<Execution> executions, @Nullable String next) {
        public ExecutionPage {
            executions = List.copyOf(executions);
        }
    }

    /** {@return what of an execution's data goes out to clients} */
    public WireSettings wire() {
        return wire;
    }

    /** {@return whether everybody may do everything: the access policy is {@link AccessPolicy#EVERYONE}} */
    public boolean permitEverything() {
        return rights.permitEverything();
    }

    /**
     * Whether somebody may see executions. A policy that throws permits nothing.
     *
     * @param who asks
     * @param workflowId the workflow, or null
     * @param executionId the execution, or null
     * @return whether they may
     */
    public boolean sees(Identity who, @Nullable String workflowId, @Nullable String executionId) {
        return rights.permits(who, Action.VIEW, workflowId, executionId);
    }

    /**
     * Whether somebody may see an interaction, and the execution that asks.
     *
     * @param who asks
     * @param interaction the interaction
     * @return whether they may
     */
    public boolean sees(Identity who, Interaction interaction) {
        return rights.sees(who, interaction);
    }

    /**
     * The workflows that somebody may see or start.
     *
     * @param who asks
     * @return the workflows
     */
    public List<WorkflowDefinition> workflows(Identity who) {
        return perform(() -> flows.workflows().stream()
                .filter(workflow ->
                        sees(who, workflow.id(), null) || rights.permits(who, Action.START, workflow.id(), null))
                .toList());
    }

    /**
     * Starts a workflow.
     *
     * @param from who sends it
     * @param command the command
     * @return the execution; one that was started before may not be for the sender to {@link #sees see}
     * @throws OperationException with {@link ErrorCode#EXECUTION_NOT_FOUND} when the command was carried out before, but its execution is forgotten; and when
     *     it is refused otherwise
     */
    public Started start(Sender from, ClientMessage.Execute command) {
        return perform(() -> {
            rights.checkStart(from.who(), command.workflowId(), command.executionId());
            return commands.execute(from, command);
        });
    }

    /**
     * An execution that somebody may see.
     *
     * @param who asks
     * @param executionId the execution
     * @return the execution
     * @throws OperationException with {@link ErrorCode#EXECUTION_NOT_FOUND}
     */
    public Execution execution(Identity who, String executionId) {
        return perform(() -> rights.visible(who, executionId));
    }

    /**
     * The executions that somebody may see.
     *
     * @param who asks
     * @param workflowId those of this workflow; null for all
     * @param status those with this status; null for all
     * @param cursor {@link ExecutionPage#next} of the page before; null for the first page
     * @param limit how many at the most, from 1 to 1,000
     * @return the page
     * @throws OperationException with {@link ErrorCode#INVALID_MESSAGE} for another limit
     */
    public ExecutionPage executions(
            Identity who,
            @Nullable String workflowId,
            @Nullable ExecutionStatus status,
            @Nullable String cursor,
            int limit) {
        return perform(() -> page(who, workflowId, status, cursor, limit));
    }

    private ExecutionPage page(
            Identity who,
            @Nullable String workflowId,
            @Nullable ExecutionStatus status,
            @Nullable String cursor,
            int limit) {
        List<Execution> found = new ArrayList<>();
        String last = cursor;
        int lookedAt = 0;
        boolean more = true;
        while (more && found.size() < limit && lookedAt < MAX_LOOKED_AT) {
            int wanted = limit - found.size();
            List<Execution> next = flows.executions().list(workflowId, status, last, wanted);
            for (Execution execution : next) {
                last = execution.id();
                if (sees(who, execution.workflowId(), execution.id())) {
                    found.add(execution);
                }
            }
            lookedAt += next.size();
            more = next.size() == wanted;
        }
        return new ExecutionPage(found, more ? last : null);
    }

    /**
     * Ends an execution.
     *
     * @param from who sends it
     * @param command the command
     * @return the execution, and whether this has ended it
     * @throws OperationException when it is refused
     */
    public Cancelled cancel(Sender from, ClientMessage.Cancel command) {
        return perform(() ->
                commands.cancel(from, command, rights.permitted(from.who(), Action.CANCEL, command.executionId())));
    }

    /**
     * Answers an interaction.
     *
     * @param from who answers
     * @param answer the answer, its idempotency key being its id
     * @return that it counts
     * @throws OperationException when it does not, with the code of the receipt and what the receipt tells as details; and when it is refused otherwise
     */
    public Receipt.Accepted answer(Sender from, ClientMessage.Resume answer) {
        return perform(() -> {
            Interaction asked = rights.permitted(
                    from.who(), Action.ANSWER, answer.executionId(), answer.nodeId(), answer.tokenId());
            AnswerOptions options = new AnswerOptions(from.named(), answer.id(), answer.seen());
            return accepted(flows.interactions().answer(asked.token(), answer.data(), options), "idempotency key");
        });
    }

    private Receipt.Accepted accepted(Receipt receipt, String key) {
        if (receipt instanceof Receipt.Accepted accepted) {
            return accepted;
        }
        throw Refusals.of(receipt, flows.interactions(), key);
    }

    /**
     * Claims an interaction.
     *
     * @param from who claims it
     * @param command the command
     * @return the interaction that was claimed when the command was carried out, and until when
     * @throws OperationException when it is refused
     */
    public Claimed claim(Sender from, ClientMessage.Claim command) {
        return perform(() -> {
            Interaction asked = rights.permitted(
                    from.who(), Action.CLAIM, command.executionId(), command.nodeId(), command.tokenId());
            return commands.claim(from, command, asked.token());
        });
    }

    /**
     * Gives a claim back.
     *
     * @param from whose claim it is
     * @param command the command
     * @return the interaction that was released when the command was carried out
     * @throws OperationException when it is refused
     */
    public PauseToken release(Sender from, ClientMessage.Release command) {
        return perform(() -> {
            Interaction asked = rights.permitted(
                    from.who(), Action.CLAIM, command.executionId(), command.nodeId(), command.tokenId());
            return commands.release(from, command, asked.token());
        });
    }

    /**
     * An interaction that somebody may see, open or closed.
     *
     * @param who asks
     * @param executionId the execution that asks
     * @param tokenId the interaction
     * @return the interaction as it is
     * @throws OperationException with {@link ErrorCode#INTERACTION_NOT_FOUND}
     */
    public Interaction interaction(Identity who, String executionId, String tokenId) {
        return perform(() -> flows.interactions()
                .find(new PauseToken(executionId, "", tokenId))
                .filter(asked -> sees(who, asked))
                .orElseThrow(Refusals::noInteraction));
    }

    /**
     * The epoch of the log that the number of an interaction's event belongs to.
     *
     * @param interaction an interaction that may be seen
     * @return the epoch; empty when the execution is forgotten
     */
    public Optional<String> epoch(Interaction interaction) {
        return perform(() -> flows.executions()
                .find(interaction.token().executionId())
                .map(execution -> execution.events().epoch()));
    }

    /**
     * Looks at an interaction through a link, in the name of the link's person. Changes nothing.
     *
     * @param links opens the link
     * @param link the link
     * @return what it permits, and the interaction as it is
     * @throws OperationException with {@link ErrorCode#INVALID_LINK}, {@link ErrorCode#LINK_EXPIRED}, {@link ErrorCode#INTERACTION_NOT_FOUND} or
     *     {@link ErrorCode#FORBIDDEN}
     */
    public OpenedLink openLink(AnswerLinks links, String link) {
        return perform(() -> open(links, link, Action.VIEW));
    }

    /**
     * Answers an interaction by a link, in the name of the link's person.
     *
     * @param links opens the link
     * @param link the link
     * @param answer any JSON value; null for the answer that the link is for
     * @param seen the {@code contextHash} of what they saw; null for what the link was made with
     * @return that it counts
     * @throws OperationException when it does not, as {@link #answer}; and as {@link #openLink}
     */
    public Receipt.Accepted answerLink(AnswerLinks links, String link, @Nullable Value answer, @Nullable String seen) {
        return perform(() -> {
            OpenedLink opened = open(links, link, Action.ANSWER);
            Value given = answer == null ? opened.link().only() : answer;
            if (given == null) {
                throw new OperationException(
                        ErrorCode.INVALID_MESSAGE, "There is no answer; put it into data, as any JSON value");
            }
            return accepted(links.answer(flows, link, given.raw(), seen), "link");
        });
    }

    private OpenedLink open(AnswerLinks links, String link, Action action) {
        OpenedLink opened = links.open(flows, link);
        if (!rights.permits(opened.link().as(), action, opened.interaction())) {
            throw new OperationException(
                    ErrorCode.FORBIDDEN, "The person of this link may not do this, or not any more");
        }
        return opened;
    }

    /**
     * One page of the interactions that somebody may see.
     *
     * @param who asks
     * @param query what to look for, and in which order
     * @param cursor {@link Inbox.Page#next} of the page before; null for the first page
     * @param limit how many at the most, from 1 to {@value Inbox#MAX_PAGE}
     * @return the page
     * @throws OperationException with {@link ErrorCode#INVALID_MESSAGE} for another limit or a foreign cursor
     */
    public Inbox.Page interactions(Identity who, InboxQuery query, @Nullable String cursor, int limit) {
        return perform(() -> inbox.get().list(query, asked -> sees(who, asked), cursor, limit));
    }

    /**
     * How many interactions somebody may see.
     *
     * @param who asks
     * @param query what to look for
     * @return how many
     */
    public Inbox.Count count(Identity who, InboxQuery query) {
        return perform(() -> permitEverything()
                ? inbox.get().count(query)
                : inbox.get().count(query, (Interaction asked) -> sees(who, asked)));
    }

    /**
     * Follows the interactions that somebody may see, from now on.
     *
     * @param who asks
     * @param query what to look for
     * @param wake short, does not block; called on the engine's executor when there is something to take
     * @return what changes, to be taken
     * @throws OperationException with {@link ErrorCode#TOO_MANY_SUBSCRIPTIONS}
     */
    public InboxChanges follow(Identity who, InboxQuery query, Runnable wake) {
        return perform(() -> inbox.get().follow(query, asked -> sees(who, asked), wake));
    }

    /**
     * Who has seen an open interaction.
     *
     * @param token the interaction
     * @return names, who saw it first first
     */
    public List<String> seenBy(PauseToken token) {
        return perform(() -> inbox.get().seenBy(token));
    }

    /**
     * Notes that somebody has seen everything that an execution did up to a position. What they may not see does not count as seen.
     *
     * @param who they
     * @param executionId the execution
     * @param upTo the position of the last event seen
     * @throws OperationException with {@link ErrorCode#EXECUTION_NOT_FOUND}
     */
    public void acknowledge(Identity who, String executionId, Position upTo) {
        perform(() -> {
            rights.visible(who, executionId);
            inbox.get().acknowledge(who, executionId, upTo, asked -> rights.permits(who, Action.VIEW, asked));
            return true;
        });
    }

    /**
     * Forgets the commands of a sender without a name, who is gone: nobody else can repeat them.
     *
     * @param from the sender; of one with a name nothing is forgotten
     */
    public void forget(Sender from) {
        commands.forget(from);
    }

    /** {@return how many commands are remembered, or are being carried out} */
    public int receipts() {
        return commands.size();
    }

    /** Closes the inbox, unless it is the application's. After this the operations on it are refused with {@link ErrorCode#SERVER_CLOSING}. */
    @Override
    public void close() {
        inbox.close();
    }

    private <T> T perform(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            OperationException refusal = OperationException.of(e);
            flows.observer().refused(refusal.code());
            throw refusal;
        }
    }

    /**
     * Sets operations up. For use by one thread.
     *
     * @since 0.1.0
     */
    public static final class Builder {

        private final FlowScript flows;
        private AccessPolicy policy = AccessPolicy.EVERYONE;
        private WireSettings wire = WireSettings.DEFAULTS;
        private @Nullable Inbox inbox;
        private int maxReceipts = 50_000;
        private int maxReceiptsPerIdentity = 1_000;
        private Duration receiptTime = Duration.ofHours(1);

        private Builder(FlowScript flows) {
            this.flows = Objects.requireNonNull(flows, "flows");
        }

        /**
         * Who may do what; {@link AccessPolicy#EVERYONE} if nothing is said.
         *
         * @param rules decides; one that throws permits nothing
         * @return this
         */
        public Builder accessPolicy(AccessPolicy rules) {
            policy = Objects.requireNonNull(rules, "rules");
            return this;
        }

        /**
         * What of an execution's data goes out; {@link WireSettings#DEFAULTS} if nothing is said.
         *
         * @param settings what goes out
         * @return this
         */
        public Builder wire(WireSettings settings) {
            wire = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /**
         * The inbox; if nothing is said, one that is opened when somebody first asks, and closed with the operations.
         *
         * @param shared the inbox of the same engine, or null for an own one; it has to be closed after the operations
         * @return this
         */
        public Builder inbox(@Nullable Inbox shared) {
            inbox = shared;
            return this;
        }

        /**
         * Which commands are remembered; 50,000 in all, 1,000 of each identity, for an hour if nothing is said. A command that is forgotten is a new
         * one when it comes again.
         *
         * @param max how many in all, from 0
         * @param maxPerIdentity how many of each identity, from 0
         * @param time for how long, more than zero
         * @return this
         */
        public Builder receipts(int max, int maxPerIdentity, Duration time) {
            maxReceipts = max;
            maxReceiptsPerIdentity = maxPerIdentity;
            receiptTime = Objects.requireNonNull(time, "time");
            return this;
        }

        /**
         * Makes the operations.
         *
         * @return the operations, to be closed by the caller
         */
        public Operations build() {
            return new Operations(this);
        }
    }
}
