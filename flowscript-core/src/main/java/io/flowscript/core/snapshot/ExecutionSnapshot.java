package io.flowscript.core.snapshot;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.SecretPaths;
import io.flowscript.core.runtime.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The complete state of an execution as an immutable value. Any engine with the same workflow can continue the
 * execution from it. The engine itself works on snapshots: each step creates the next snapshot from the last one.
 *
 * <p>Only the engine and code that loads snapshots from storage need the {@link #builder}. Two snapshots with equal
 * values are equal. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class ExecutionSnapshot {

    /** The fields that cannot hold a part of the state. */
    private static final Set<String> SHOWN_ALWAYS =
            Set.of("executionId", "workflowId", "definitionHash", "secrets", "status", "position", "epoch", "seq");

    private final String executionId;
    private final String workflowId;
    private final String definitionHash;
    private final SecretPaths secrets;
    private final ExecutionStatus status;
    private final int position;
    private final List<LoopFrame> frames;
    private final Map<String, @Nullable Object> state;
    private final @Nullable Object previous;
    private final @Nullable Visit visit;
    private final List<Interaction> open;
    private final List<Interaction> closed;
    private final List<CommandReceipt> commands;
    private final long visits;
    private final long steps;
    private final Duration worked;
    private final Instant createdAt;
    private final @Nullable ExecutionResult result;
    private final String epoch;
    private final long seq;
    private final Instant lastEventAt;
    private final @Nullable String epochBefore;
    private final long seqBefore;
    private final long firstSeq;
    private final @Nullable String trace;

    private ExecutionSnapshot(
            String executionId,
            String workflowId,
            String definitionHash,
            SecretPaths secrets,
            ExecutionStatus status,
            int position,
            List<LoopFrame> frames,
            Map<String, @Nullable Object> state,
            @Nullable Object previous,
            @Nullable Visit visit,
            List<Interaction> open,
            List<Interaction> closed,
            List<CommandReceipt> commands,
            long visits,
            long steps,
            Duration worked,
            Instant createdAt,
            @Nullable ExecutionResult result,
            String epoch,
            long seq,
            Instant lastEventAt,
            @Nullable String epochBefore,
            long seqBefore,
            long firstSeq,
            @Nullable String trace) {
        this.executionId = executionId;
        this.workflowId = workflowId;
        this.definitionHash = definitionHash;
        this.secrets = secrets;
        this.status = status;
        this.position = position;
        this.frames = List.copyOf(frames);
        this.state = Json.object(state);
        this.previous = Json.freeze(previous);
        this.visit = visit;
        this.open = List.copyOf(open);
        this.closed = List.copyOf(closed);
        this.commands = List.copyOf(commands);
        this.visits = visits;
        this.steps = steps;
        this.worked = worked;
        this.createdAt = createdAt;
        this.result = result;
        this.epoch = epoch;
        this.seq = seq;
        this.lastEventAt = lastEventAt;
        this.epochBefore = epochBefore;
        this.seqBefore = seqBefore;
        this.firstSeq = firstSeq;
        this.trace = trace;
    }

    /**
     * Returns a builder for a snapshot.
     *
     * @return a builder. {@code executionId}, {@code workflowId}, {@code definitionHash}, {@code createdAt},
     *     {@code epoch} and {@code lastEventAt} must be set. The defaults describe an execution that has not started.
     */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder with all values of this snapshot} */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** {@return the id of the execution} */
    public String executionId() {
        return executionId;
    }

    /** {@return the id of the workflow} */
    public String workflowId() {
        return workflowId;
    }

    /** {@return the hash of the workflow definition that the execution was started with} */
    public String definitionHash() {
        return definitionHash;
    }

    /** {@return the paths of the state whose values are secret, as the workflow definition has them} */
    public SecretPaths secrets() {
        return secrets;
    }

    /** {@return the status of the execution} */
    public ExecutionStatus status() {
        return status;
    }

    /** {@return the index of the current instruction} */
    public int position() {
        return position;
    }

    /** {@return the loops around the current instruction, the outermost first} */
    public List<LoopFrame> frames() {
        return frames;
    }

    /** {@return the state} */
    public Map<String, @Nullable Object> state() {
        return state;
    }

    /** {@return the data of the edge that was followed last, or null} */
    public @Nullable Object previous() {
        return previous;
    }

    /** {@return the current visit of a node; null when there is none} */
    public @Nullable Visit visit() {
        return visit;
    }

    /** {@return the open interactions, the oldest first} */
    public List<Interaction> open() {
        return open;
    }

    /** {@return the closed interactions that are still remembered, the oldest first} */
    public List<Interaction> closed() {
        return closed;
    }

    /** {@return the commands with a key that have changed this execution and are still remembered, the oldest first} */
    public List<CommandReceipt> commands() {
        return commands;
    }

    /** {@return the number of visits so far} */
    public long visits() {
        return visits;
    }

    /** {@return the number of steps so far, for the step limit} */
    public long steps() {
        return steps;
    }

    /** {@return how long the nodes have worked in total, without the time spent waiting for people} */
    public Duration worked() {
        return worked;
    }

    /** {@return the time at which the execution was created} */
    public Instant createdAt() {
        return createdAt;
    }

    /** {@return the result; null while the execution has not ended} */
    public @Nullable ExecutionResult result() {
        return result;
    }

    /** {@return the epoch that {@link #seq} belongs to: that of the last event so far} */
    public String epoch() {
        return epoch;
    }

    /** {@return the sequence number of the last event; 0 before the first one} */
    public long seq() {
        return seq;
    }

    /** {@return the time of the last event} */
    public Instant lastEventAt() {
        return lastEventAt;
    }

    /**
     * Returns the epoch that {@link #epoch} continues.
     *
     * @return the epoch of the snapshot that this execution was restored from, or of the time before a backup; null for none
     */
    public @Nullable String epochBefore() {
        return epochBefore;
    }

    /**
     * Returns up to which number {@link #epochBefore} counts.
     *
     * @return the sequence number; 0 when there is no epoch before
     */
    public long seqBefore() {
        return seqBefore;
    }

    /** {@return the number of the first event that the store has; more than 1 when the execution was restored from a snapshot} */
    public long firstSeq() {
        return firstSeq;
    }

    /** {@return the {@link io.flowscript.core.observe.FlowScriptTracer context} of the spans of the execution; null when it is not traced} */
    public @Nullable String trace() {
        return trace;
    }

    /**
     * Returns when the execution goes on without a command: when its sleep or its pause between attempts ends, or when a
     * deadline, a reminder, an escalation or the end of a claim is due in one of its interactions.
     *
     * @return the earliest of these times; {@link Instant#EPOCH} when a node is working or about to work; null when only a
     *     command can move the execution, or none
     */
    public @Nullable Instant dueAt() {
        if (status.isEnded()) {
            return null;
        }
        if (visit == null || visit.phase() == Phase.WORKING) {
            return Instant.EPOCH;
        }
        Instant first = visit.wakeAt();
        for (Interaction interaction : open) {
            Instant due = interaction.dueAt();
            if (due != null && (first == null || due.isBefore(first))) {
                first = due;
            }
        }
        return first;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof ExecutionSnapshot that && fields().equals(that.fields()));
    }

    @Override
    public int hashCode() {
        return fields().hashCode();
    }

    /** {@return all values; when some of the state is secret, without those that can hold a part of it} */
    @Override
    public String toString() {
        Map<String, @Nullable Object> shown = fields();
        if (!secrets.isEmpty()) {
            shown.replaceAll((name, value) -> SHOWN_ALWAYS.contains(name) ? value : SecretPaths.MASK);
        }
        return "ExecutionSnapshot" + shown;
    }

    /** All values by name, for {@code equals} and {@code toString}. */
    private Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("executionId", executionId);
        fields.put("workflowId", workflowId);
        fields.put("definitionHash", definitionHash);
        fields.put("secrets", secrets);
        fields.put("status", status);
        fields.put("position", position);
        fields.put("frames", frames);
        fields.put("state", state);
        fields.put("previous", previous);
        fields.put("visit", visit);
        fields.put("open", open);
        fields.put("closed", closed);
        fields.put("commands", commands);
        fields.put("visits", visits);
        fields.put("steps", steps);
        fields.put("worked", worked);
        fields.put("createdAt", createdAt);
        fields.put("result", result);
        fields.put("epoch", epoch);
        fields.put("seq", seq);
        fields.put("lastEventAt", lastEventAt);
        fields.put("epochBefore", epochBefore);
        fields.put("seqBefore", seqBefore);
        fields.put("firstSeq", firstSeq);
        fields.put("trace", trace);
        return fields;
    }

    /**
     * Builds snapshots. For use by one thread.
     *
     * @since 0.1.0
     */
    public static final class Builder {

        private @Nullable String executionId;
        private @Nullable String workflowId;
        private @Nullable String definitionHash;
        private SecretPaths secrets = SecretPaths.NONE;
        private ExecutionStatus status = ExecutionStatus.PENDING;
        private int position;
        private List<LoopFrame> frames = List.of();
        private Map<String, @Nullable Object> state = Map.of();
        private @Nullable Object previous;
        private @Nullable Visit visit;
        private List<Interaction> open = List.of();
        private List<Interaction> closed = List.of();
        private List<CommandReceipt> commands = List.of();
        private long visits;
        private long steps;
        private Duration worked = Duration.ZERO;
        private @Nullable Instant createdAt;
        private @Nullable ExecutionResult result;
        private @Nullable String epoch;
        private long seq;
        private @Nullable Instant lastEventAt;
        private @Nullable String epochBefore;
        private long seqBefore;
        private long firstSeq = 1;
        private @Nullable String trace;

        private Builder() {}

        private Builder(ExecutionSnapshot from) {
            executionId = from.executionId;
            workflowId = from.workflowId;
            definitionHash = from.definitionHash;
            secrets = from.secrets;
            status = from.status;
            position = from.position;
            frames = from.frames;
            state = from.state;
            previous = from.previous;
            visit = from.visit;
            open = from.open;
            closed = from.closed;
            commands = from.commands;
            visits = from.visits;
            steps = from.steps;
            worked = from.worked;
            createdAt = from.createdAt;
            result = from.result;
            epoch = from.epoch;
            seq = from.seq;
            lastEventAt = from.lastEventAt;
            epochBefore = from.epochBefore;
            seqBefore = from.seqBefore;
            firstSeq = from.firstSeq;
            trace = from.trace;
        }

        /**
         * Sets {@link ExecutionSnapshot#executionId}.
         *
         * @param value the id of the execution
         * @return this builder
         */
        public Builder executionId(String value) {
            executionId = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#workflowId}.
         *
         * @param value the id of the workflow
         * @return this builder
         */
        public Builder workflowId(String value) {
            workflowId = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#definitionHash}.
         *
         * @param value the hash of the workflow definition that the execution was started with
         * @return this builder
         */
        public Builder definitionHash(String value) {
            definitionHash = value;
            return this;
        }

        /**
         * Sets the paths of the state whose values are secret.
         *
         * @param value the paths; those of the workflow definition
         * @return this
         */
        public Builder secrets(SecretPaths value) {
            secrets = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#status}.
         *
         * @param value the status of the execution
         * @return this builder
         */
        public Builder status(ExecutionStatus value) {
            status = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#position}.
         *
         * @param value the index of the current instruction
         * @return this builder
         */
        public Builder position(int value) {
            position = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#frames}.
         *
         * @param value the loops around the current instruction, the outermost first
         * @return this builder
         */
        public Builder frames(List<LoopFrame> value) {
            frames = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#state}.
         *
         * @param value the state
         * @return this builder
         */
        public Builder state(Map<String, @Nullable Object> value) {
            state = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#previous}.
         *
         * @param value the data of the edge that was followed last, or null
         * @return this builder
         */
        public Builder previous(@Nullable Object value) {
            previous = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#visit}.
         *
         * @param value the current visit of a node; null when there is none
         * @return this builder
         */
        public Builder visit(@Nullable Visit value) {
            visit = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#open}.
         *
         * @param value the open interactions, the oldest first
         * @return this builder
         */
        public Builder open(List<Interaction> value) {
            open = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#closed}.
         *
         * @param value the closed interactions that are still remembered, the oldest first
         * @return this builder
         */
        public Builder closed(List<Interaction> value) {
            closed = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#commands}.
         *
         * @param value the commands with a key that have changed the execution, the oldest first
         * @return this builder
         */
        public Builder commands(List<CommandReceipt> value) {
            commands = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#visits}.
         *
         * @param value the number of visits so far
         * @return this builder
         */
        public Builder visits(long value) {
            visits = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#steps}.
         *
         * @param value the number of steps so far, for the step limit
         * @return this builder
         */
        public Builder steps(long value) {
            steps = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#worked}.
         *
         * @param value how long the nodes have worked in total, without the time spent waiting for people
         * @return this builder
         */
        public Builder worked(Duration value) {
            worked = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#createdAt}.
         *
         * @param value the time at which the execution was created
         * @return this builder
         */
        public Builder createdAt(Instant value) {
            createdAt = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#result}.
         *
         * @param value the result; null while the execution has not ended
         * @return this builder
         */
        public Builder result(@Nullable ExecutionResult value) {
            result = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#epoch}.
         *
         * @param value the epoch of the last event so far
         * @return this builder
         */
        public Builder epoch(String value) {
            epoch = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#seq}.
         *
         * @param value the sequence number of the last event; 0 before the first one
         * @return this builder
         */
        public Builder seq(long value) {
            seq = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#lastEventAt}.
         *
         * @param value the time of the last event
         * @return this builder
         */
        public Builder lastEventAt(Instant value) {
            lastEventAt = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#epochBefore}.
         *
         * @param value the epoch that this one continues; null for none
         * @return this builder
         */
        public Builder epochBefore(@Nullable String value) {
            epochBefore = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#seqBefore}.
         *
         * @param value the sequence number up to which {@code epochBefore} counts; 0 for none
         * @return this builder
         */
        public Builder seqBefore(long value) {
            seqBefore = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#firstSeq}.
         *
         * @param value the number of the first event that the store has, from 1
         * @return this builder
         */
        public Builder firstSeq(long value) {
            firstSeq = value;
            return this;
        }

        /**
         * Sets {@link ExecutionSnapshot#trace}.
         *
         * @param value the context; null for none
         * @return this builder
         */
        public Builder trace(@Nullable String value) {
            trace = value;
            return this;
        }

        /**
         * Builds the snapshot.
         *
         * @return a snapshot with the values that were set
         * @throws NullPointerException when a required value is missing
         */
        public ExecutionSnapshot build() {
            return new ExecutionSnapshot(
                    Objects.requireNonNull(executionId, "executionId"),
                    Objects.requireNonNull(workflowId, "workflowId"),
                    Objects.requireNonNull(definitionHash, "definitionHash"),
                    secrets,
                    status,
                    position,
                    frames,
                    state,
                    previous,
                    visit,
                    open,
                    closed,
                    commands,
                    visits,
                    steps,
                    worked,
                    Objects.requireNonNull(createdAt, "createdAt"),
                    result,
                    Objects.requireNonNull(epoch, "epoch"),
                    seq,
                    Objects.requireNonNull(lastEventAt, "lastEventAt"),
                    epochBefore,
                    seqBefore,
                    firstSeq,
                    trace);
        }
    }

    /**
     * The progress of a loop that the execution is in.
     *
     * @param loop the index of the loop's instruction
     * @param iterations the number of iterations that have begun
     * @param memo the value that the loop's controller keeps for the next iteration
     * @param bindings the names that the controller defines for the loop's body, with their values
     */
    public record LoopFrame(
            int loop, long iterations, @Nullable Object memo, Map<String, @Nullable Object> bindings) {
        /**
         * Freezes the memo and the bindings.
         *
         * @param loop the index of the loop's instruction
         * @param iterations the number of iterations that have begun
         * @param memo the value that the loop's controller keeps for the next iteration
         * @param bindings the names that the controller defines for the loop's body, with their values
         */
        public LoopFrame {
            memo = Json.freeze(memo);
            bindings = Json.object(bindings);
        }
    }

    /**
     * A visit of a node: all attempts until the node returns an edge or fails.
     *
     * <p>Immutable and safe for use by any thread. Two visits with equal values are equal.
     *
     * @since 0.1.0
     */
    public static final class Visit {

        private final String nodeId;
        private final String nodeName;
        private final @Nullable String step;
        private final int attempt;
        private final Instant startedAt;
        private final Phase phase;
        private final @Nullable Object memo;
        private final @Nullable Answer answer;
        private final @Nullable Instant wakeAt;
        private final Duration worked;
        private final List<Write> writes;

        private Visit(
                String nodeId,
                String nodeName,
                @Nullable String step,
                int attempt,
                Instant startedAt,
                Phase phase,
                @Nullable Object memo,
                @Nullable Answer answer,
                @Nullable Instant wakeAt,
                Duration worked,
                List<Write> writes) {
            this.nodeId = nodeId;
            this.nodeName = nodeName;
            this.step = step;
            this.attempt = attempt;
            this.startedAt = startedAt;
            this.phase = phase;
            this.memo = Json.freeze(memo);
            this.answer = answer;
            this.wakeAt = wakeAt;
            this.worked = worked;
            this.writes = List.copyOf(writes);
        }

        /**
         * Returns a builder for a visit.
         *
         * @return a builder. {@code nodeId}, {@code nodeName} and {@code startedAt} must be set. The defaults
         *     describe a first attempt that is working.
         */
        public static Builder builder() {
            return new Builder();
        }

        /** {@return a builder with all values of this visit} */
        public Builder toBuilder() {
            return new Builder(this);
        }

        /** {@return the id of the visit, unique within the execution} */
        public String nodeId() {
            return nodeId;
        }

        /** {@return the name of the node} */
        public String nodeName() {
            return nodeName;
        }

        /** {@return the id of the step of the workflow's graph that is visited; null for a visit that was stored without it} */
        public @Nullable String step() {
            return step;
        }

        /** {@return the number of the attempt, from 1} */
        public int attempt() {
            return attempt;
        }

        /** {@return the time at which the first attempt began} */
        public Instant startedAt() {
            return startedAt;
        }

        /** {@return the phase of the visit} */
        public Phase phase() {
            return phase;
        }

        /** {@return the memo of the node's last ask or sleep, or null} */
        public @Nullable Object memo() {
            return memo;
        }

        /**
         * {@return how the visit's interaction was closed; null when the node has not asked or the interaction is open}
         */
        public @Nullable Answer answer() {
            return answer;
        }

        /**
         * {@return the time at which the visit continues, while it sleeps or waits for its next attempt; null otherwise}
         */
        public @Nullable Instant wakeAt() {
            return wakeAt;
        }

        /** {@return how long the current attempt has worked, for the timeout of the node} */
        public Duration worked() {
            return worked;
        }

        /**
         * {@return the writes of the current attempt from before it asked or slept; they are applied when the attempt completes and discarded when it fails}
         */
        public List<Write> writes() {
            return writes;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other || (other instanceof Visit that && fields().equals(that.fields()));
        }

        @Override
        public int hashCode() {
            return fields().hashCode();
        }

        @Override
        public String toString() {
            return "Visit" + fields();
        }

        /** All values by name, for {@code equals} and {@code toString}. */
        private Map<String, @Nullable Object> fields() {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("nodeId", nodeId);
            fields.put("nodeName", nodeName);
            fields.put("step", step);
            fields.put("attempt", attempt);
            fields.put("startedAt", startedAt);
            fields.put("phase", phase);
            fields.put("memo", memo);
            fields.put("answer", answer);
            fields.put("wakeAt", wakeAt);
            fields.put("worked", worked);
            fields.put("writes", writes);
            return fields;
        }

        /**
         * Builds visits. For use by one thread.
         *
         * @since 0.1.0
         */
        public static final class Builder {

            private @Nullable String nodeId;
            private @Nullable String nodeName;
            private @Nullable String step;
            private int attempt = 1;
            private @Nullable Instant startedAt;
            private Phase phase = Phase.WORKING;
            private @Nullable Object memo;
            private @Nullable Answer answer;
            private @Nullable Instant wakeAt;
            private Duration worked = Duration.ZERO;
            private List<Write> writes = List.of();

            private Builder() {}

            private Builder(Visit from) {
                nodeId = from.nodeId;
                nodeName = from.nodeName;
                step = from.step;
                attempt = from.attempt;
                startedAt = from.startedAt;
                phase = from.phase;
                memo = from.memo;
                answer = from.answer;
                wakeAt = from.wakeAt;
                worked = from.worked;
                writes = from.writes;
            }

            /**
             * Sets {@link Visit#nodeId}.
             *
             * @param value the id of the visit, unique within the execution
             * @return this builder
             */
            public Builder nodeId(String value) {
                nodeId = value;
                return this;
            }

            /**
             * Sets {@link Visit#nodeName}.
             *
             * @param value the name of the node
             * @return this builder
             */
            public Builder nodeName(String value) {
                nodeName = value;
                return this;
            }

            /**
             * Sets {@link Visit#step}.
             *
             * @param value the id of the step that is visited; null when it is not known
             * @return this builder
             */
            public Builder step(@Nullable String value) {
                step = value;
                return this;
            }

            /**
             * Sets {@link Visit#attempt}.
             *
             * @param value the number of the attempt, from 1
             * @return this builder
             */
            public Builder attempt(int value) {
                attempt = value;
                return this;
            }

            /**
             * Sets {@link Visit#startedAt}.
             *
             * @param value the time at which the first attempt began
             * @return this builder
             */
            public Builder startedAt(Instant value) {
                startedAt = value;
                return this;
            }

            /**
             * Sets {@link Visit#phase}.
             *
             * @param value the phase of the visit
             * @return this builder
             */
            public Builder phase(Phase value) {
                phase = value;
                return this;
            }

            /**
             * Sets {@link Visit#memo}.
             *
             * @param value the memo of the node's last ask or sleep, or null
             * @return this builder
             */
            public Builder memo(@Nullable Object value) {
                memo = value;
                return this;
            }

            /**
             * Sets {@link Visit#answer}.
             *
             * @param value how the visit's interaction was closed; null when the node has not asked or the
             *     interaction is open
             * @return this builder
             */
            public Builder answer(@Nullable Answer value) {
                answer = value;
                return this;
            }

            /**
             * Sets {@link Visit#wakeAt}.
             *
             * @param value the time at which the visit continues, while it sleeps or waits for its next attempt; null
             *     otherwise
             * @return this builder
             */
            public Builder wakeAt(@Nullable Instant value) {
                wakeAt = value;
                return this;
            }

            /**
             * Sets {@link Visit#worked}.
             *
             * @param value how long the current attempt has worked, for the timeout of the node
             * @return this builder
             */
            public Builder worked(Duration value) {
                worked = value;
                return this;
            }

            /**
             * Sets {@link Visit#writes}.
             *
             * @param value the writes of the current attempt from before it asked or slept; they are applied when the
             *     attempt completes and discarded when it fails
             * @return this builder
             */
            public Builder writes(List<Write> value) {
                writes = value;
                return this;
            }

            /**
             * Builds the visit.
             *
             * @return a visit with the values that were set
             * @throws NullPointerException when a required value is missing
             */
            public Visit build() {
                return new Visit(
                        Objects.requireNonNull(nodeId, "nodeId"),
                        Objects.requireNonNull(nodeName, "nodeName"),
                        step,
                        attempt,
                        Objects.requireNonNull(startedAt, "startedAt"),
                        phase,
                        memo,
                        answer,
                        wakeAt,
                        worked,
                        writes);
            }
        }
    }

    /**
     * One write to the state.
     *
     * @param path the path, in normal form
     * @param value the new value; null when the value was removed
     * @param removed true if the value was removed
     */
    public record Write(String path, @Nullable Object value, boolean removed) {
        /**
         * Freezes the value.
         *
         * @param path the path, in normal form
         * @param value the new value; null when the value was removed
         * @param removed true if the value was removed
         */
        public Write {
            value = Json.freeze(value);
        }

        /** {@return the path, without the value, which may be secret} */
        @Override
        public String toString() {
            return "Write[" + path + (removed ? ", removed]" : "]");
        }
    }

    /** The phase of a visit. */
    public enum Phase {
        /** The node is working. An engine that continues from this snapshot calls the node again. */
        WORKING,
        /** The node has asked and waits for the answer. */
        ASKING,
        /** The node sleeps. */
        SLEEPING,
        /** An attempt failed, and the visit waits for the next attempt. */
        RETRYING
    }
}
