package io.flowscript.store.jdbc;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.json.Json;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.store.Commit;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.json.EventCodec;
import io.flowscript.json.SnapshotCodec;
import io.flowscript.json.Workflows;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A change of one execution as bytes, with the stage that completes when it is written. Immutable but for the stage. Two
 * changes are never compared.
 */
@SuppressWarnings("ArrayRecordComponent")
sealed interface Change {

    /** {@return the id of the execution} */
    String executionId();

    /** {@return the fence of the execution's shard, as the engine knows it; of no meaning in a store that is not shared} */
    long fence();

    /** {@return completes when the change is durable} */
    CompletableFuture<@Nullable Void> written();

    /**
     * Encodes a commit.
     *
     * @param commit the commit; a first one has a snapshot
     * @param known the definitions that need not be written
     * @param stored the snapshots whose values need not be written
     * @param envelope encrypts what is written of an execution with secrets
     * @return the change, with a stage that is not complete
     */
    static Change of(Commit commit, KnownDefinitions known, KnownSnapshots stored, Envelope envelope) {
        Encoding encoding = commit.hasSecrets()
                ? (json, place) -> envelope.encrypt(json, commit.executionId(), place)
                : (json, place) -> json;
        Events events = commit.events().isEmpty() ? null : Events.of(commit.events(), encoding);
        Head head = commit.snapshot() == null ? null : Head.of(commit.snapshot(), commit, stored.of(commit), encoding);
        Definition definition = commit.definition() == null ? null : Definition.of(commit.definition(), known);
        if (definition == null || !commit.isFirst()) {
            return new Step(commit.executionId(), commit.fence(), definition, head, events, new CompletableFuture<>());
        }
        if (head == null) {
            throw new IllegalArgumentException("The first commit of an execution has a snapshot");
        }
        return new Start(
                commit.executionId(),
                commit.fence(),
                definition,
                commit.number(),
                head,
                events,
                new CompletableFuture<>());
    }

    /** What is written of JSON that belongs to a place. */
    @FunctionalInterface
    interface Encoding {
        byte[] apply(byte[] json, String place);
    }

    /** {@return the definition that the execution runs from now on; null when it is the same as before} */
    @Nullable
    Definition definition();

    /** A workflow that an execution runs. The document is null when the store has it already. */
    record Definition(String hash, byte @Nullable [] document) {

        private static Definition of(WorkflowDefinition definition, KnownDefinitions known) {
            String hash = definition.hash();
            return new Definition(
                    hash, known.has(hash) ? null : Workflows.write(definition).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The first commit of an execution. */
    record Start(
            String executionId,
            long fence,
            Definition definition,
            long number,
            Head head,
            @Nullable Events events,
            CompletableFuture<@Nullable Void> written)
            implements Change {

        /** {@return by how much this change lets the execution grow, in bytes} */
        long bytes() {
            return Change.bytes(head, events);
        }

        /** {@return the number of the last event; that of the snapshot when the change has no events} */
        long lastSeq() {
            return events == null ? head.seq() : events.lastSeq();
        }
    }

    /** A later commit. */
    record Step(
            String executionId,
            long fence,
            @Nullable Definition definition,
            @Nullable Head head,
            @Nullable Events events,
            CompletableFuture<@Nullable Void> written)
            implements Change {

        /** {@return by how much this change lets the execution grow, in bytes} */
        long bytes() {
            return Change.bytes(head, events);
        }
    }

    /** Events add up. A snapshot and its values take the place of those before, so only the last ones count. */
    private static long bytes(@Nullable Head head, @Nullable Events events) {
        return (events == null ? 0L : events.bytes().length)
                + (head == null || head.times() == null || head.times().endedAt() == null ? 0 : head.size());
    }

    /** The removal of an execution, which needs no fence: it has ended, so that nobody changes it any more. */
    record Removal(String executionId, CompletableFuture<@Nullable Void> written) implements Change {

        @Override
        public long fence() {
            return 0;
        }

        @Override
        public @Nullable Definition definition() {
            return null;
        }
    }

    /**
     * A snapshot as bytes, and what the table has in columns of its own.
     *
     * @param before the snapshot before; null when the engine has none
     * @param whole the snapshot that is written
     * @param snapshot the bytes of the snapshot, without the values that are kept apart
     * @param apart how many values are kept apart
     * @param apartWeight about how many bytes these need, also those that do not change
     * @param values what changes in them
     * @param times the times at which something happens to the execution; null when they are as before
     * @param interactions what changes in the rows by which interactions are found
     */
    record Head(
            @Nullable ExecutionSnapshot before,
            ExecutionSnapshot whole,
            String workflowId,
            String status,
            String epoch,
            long seq,
            byte[] snapshot,
            int apart,
            long apartWeight,
            Values values,
            @Nullable Times times,
            InteractionRows interactions) {

        private static Head of(
                ExecutionSnapshot snapshot, Commit commit, @Nullable ExecutionSnapshot stored, Encoding encoding) {
            Map<String, Object> apart = ApartValues.of(snapshot);
            return new Head(
                    commit.before(),
                    snapshot,
                    snapshot.workflowId(),
                    snapshot.status().name(),
                    snapshot.epoch(),
                    snapshot.seq(),
                    encoding.apply(SnapshotCodec.write(ApartValues.takeOut(snapshot, apart)), Envelope.SNAPSHOT),
                    apart.size(),
                    apart.values().stream().mapToLong(Json::weight).sum(),
                    stored == null
                            ? Values.anew(apart, commit, encoding)
                            : Values.changed(apart, ApartValues.of(stored), encoding),
                    Times.of(snapshot, commit),
                    InteractionRows.between(commit.before(), snapshot));
        }

        /** {@return about how many bytes the snapshot needs with its values} */
        long size() {
            return snapshot.length + apartWeight;
        }

        /** {@return whether the snapshot is all that is written, apart from what is in columns of its own} */
        boolean changesNoOtherRow() {
            return apart == 0
                    && !values.anew()
                    && values.deleted().isEmpty()
                    && values.written().isEmpty()
                    && interactions.deleted().isEmpty()
                    && interactions.written().isEmpty();
        }
    }

    /**
     * The times at which something happens to an execution, in milliseconds.
     *
     * @param dueAt when the engine has something to do without a command; null for never
     * @param endedAt when the execution has ended; null when it has not
     */
    record Times(@Nullable Long dueAt, @Nullable Long endedAt) {

        private static @Nullable Times of(ExecutionSnapshot snapshot, Commit commit) {
            ExecutionSnapshot before = commit.before();
            boolean ended = snapshot.status().isEnded();
            if (before != null && !ended && Objects.equals(before.dueAt(), snapshot.dueAt())) {
                return null;
            }
            return new Times(millis(snapshot.dueAt()), ended ? millis(snapshot.lastEventAt()) : null);
        }

        /** {@return a time in milliseconds, from 0} */
        static @Nullable Long millis(@Nullable Instant time) {
            return time == null ? null : (Long) Math.max(0, limited(time).toEpochMilli());
        }

        private static Instant limited(Instant time) {
            return time.isAfter(LAST) ? LAST : time;
        }

        private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);
    }

    /**
     * What changes in the values that are kept apart from the snapshot.
     *
     * @param anew whether all values that are there are deleted first, since it is not known which these are
     * @param deleted the names of values that are not kept apart any more
     * @param written the values that are new or another object than before
     */
    record Values(boolean anew, List<byte[]> deleted, List<Value> written) {

        private static final Values NONE = new Values(false, List.of(), List.of());

        private static Values anew(Map<String, Object> apart, Commit commit, Encoding encoding) {
            if (apart.isEmpty() && ApartValues.of(commit.before()).isEmpty()) {
                return NONE;
            }
            return new Values(
                    !commit.isFirst(),
                    List.of(),
                    changed(apart, Map.of(), encoding).written());
        }

        private static Values changed(Map<String, Object> apart, Map<String, Object> before, Encoding encoding) {
            List<Value> written = new ArrayList<>();
            apart.forEach((key, value) -> {
                if (before.get(key) != value) {
                    byte[] json = SnapshotCodec.writeState(Map.of(key, value));
                    written.add(new Value(ApartValues.name(key), encoding.apply(json, Envelope.VALUE)));
                }
            });
            List<byte[]> deleted = before.keySet().stream()
                    .filter(key -> !apart.containsKey(key))
                    .map(ApartValues::name)
                    .toList();
            return new Values(false, deleted, written);
        }
    }

    /** A value that is kept apart, as bytes, under the name that stands for its key. */
    record Value(byte[] name, byte[] bytes) {}

    /** Events that follow each other, as bytes. */
    record Events(long firstSeq, long lastSeq, byte[] bytes) {

        private static Events of(List<RecordedEvent> events, Encoding encoding) {
            long first = events.get(0).seq();
            for (int i = 1; i < events.size(); i++) {
                if (events.get(i).seq() != first + i) {
                    throw new IllegalArgumentException("Event " + events.get(i).seq() + " does not follow event "
                            + events.get(i - 1).seq());
                }
            }
            return new Events(
                    first, first + events.size() - 1, encoding.apply(EventCodec.write(events), Envelope.events(first)));
        }
    }
}
