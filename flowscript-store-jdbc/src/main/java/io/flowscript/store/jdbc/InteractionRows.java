package io.flowscript.store.jdbc;

import io.flowscript.core.Assignment;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a commit changes in the rows by which interactions are found.
 *
 * @param deleted the rows that are not there any more
 * @param written the rows that are new or different
 */
record InteractionRows(List<Row.Key> deleted, List<Row> written) {

    private static final InteractionRows NONE = new InteractionRows(List.of(), List.of());

    /** A row of the table, without the number of the execution. */
    record Row(Key key, long deadline, int status, boolean unseen) {

        /** What names a row among those of an execution. */
        record Key(long key, long requested, long tieBreak) {}
    }

    /**
     * Compares two snapshots. When no interaction has changed, this costs next to nothing.
     *
     * @param before the snapshot whose interactions are stored; null for none
     * @param now the snapshot that is written; its unchanged parts are the same objects
     */
    static InteractionRows between(@Nullable ExecutionSnapshot before, ExecutionSnapshot now) {
        if (before != null && before.open() == now.open() && before.closed() == now.closed()) {
            return NONE;
        }
        Set<Interaction> were = before == null ? Set.of() : interactions(before);
        Set<Interaction> are = interactions(now);
        Map<Row.Key, Row> old = rows(were.stream().filter(each -> !are.contains(each)));
        Map<Row.Key, Row> written = rows(are.stream().filter(each -> !were.contains(each)));
        List<Row.Key> deleted =
                old.keySet().stream().filter(key -> !written.containsKey(key)).toList();
        written.values().removeIf(row -> row.equals(old.get(row.key())));
        return new InteractionRows(deleted, List.copyOf(written.values()));
    }

    private static Set<Interaction> interactions(ExecutionSnapshot snapshot) {
        Set<Interaction> all = Collections.newSetFromMap(new IdentityHashMap<>());
        all.addAll(snapshot.open());
        all.addAll(snapshot.closed());
        return all;
    }

    private static Map<Row.Key, Row> rows(Stream<Interaction> interactions) {
        Map<Row.Key, Row> rows = new LinkedHashMap<>();
        interactions.forEach(interaction -> add(rows, interaction));
        return rows;
    }

    private static void add(Map<Row.Key, Row> rows, Interaction interaction) {
        Question question = interaction.question();
        if (question == null) {
            return;
        }
        InteractionPlace place = InteractionPlace.of(interaction);
        boolean open = interaction.isOpen();
        boolean unseen = interaction.isUnseen();
        int status = InteractionKeys.code(interaction.status());
        Stream<Long> keys = Stream.of(
                        Stream.of(
                                InteractionKeys.state(interaction.status(), unseen),
                                InteractionKeys.workflow(open, interaction.workflowId())),
                        assigned(open, interaction.assignment()),
                        question.excluded().stream().map(name -> InteractionKeys.excluded(open, name)),
                        Stream.ofNullable(interaction.claim()).map(claim -> InteractionKeys.claimer(open, claim.by())))
                .flatMap(some -> some);
        keys.forEach(each -> {
            Row.Key key = new Row.Key(each, place.requested(), place.tieBreak());
            rows.put(key, new Row(key, place.deadline(), status, unseen));
        });
    }

    private static Stream<Long> assigned(boolean open, Assignment to) {
        return to.isForAnybody()
                ? Stream.of(InteractionKeys.anybody(open))
                : Stream.concat(
                        to.people().stream().map(name -> InteractionKeys.person(open, name)),
                        to.groups().stream().map(name -> InteractionKeys.group(open, name)));
    }
}
