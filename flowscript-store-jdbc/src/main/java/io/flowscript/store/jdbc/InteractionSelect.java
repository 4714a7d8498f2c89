package io.flowscript.store.jdbc;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows of either the open or the closed interactions that fulfil a query.
 *
 * <p>A query that names a person, a group and a workflow could begin with the rows of any of them. Those of which there are
 * fewest are read in the order that is asked for, and the other keys are looked up for each of them.
 */
final class InteractionSelect {

    /** So many rows of each key are counted to find out of which there are fewest. */
    private static final int COMPARED = 1_000;

    private final Connection connection;
    private final StringBuilder condition = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();

    /** The keys with whose rows the search begins. A row is among those of several keys when they are not those of states. */
    private final List<Long> keys;

    private final boolean distinct;

    /** Where an interaction is: the number of its execution, and its place. */
    record Found(long execution, InteractionPlace place) {}

    private InteractionSelect(Connection connection, InteractionQuery query, Set<Status> statuses, boolean open)
            throws SQLException {
        this.connection = connection;
        List<Long> states = statuses.stream()
                .flatMap(status -> InteractionKeys.states(status, query.unseen()).stream())
                .toList();
        List<List<Long>> others = keys(query, open);
        boolean everyState =
                !query.unseen() && statuses.size() == (open ? InteractionKeys.OPEN : InteractionKeys.CLOSED).size();
        List<List<Long>> choices = new ArrayList<>(others);
        if (!everyState || others.isEmpty()) {
            choices.add(states);
        }
        keys = query.executionId() == null ? fewest(choices) : states;
        distinct = keys != states && keys.size() > 1;
        if (keys != states && !everyState) {
            condition
                    .append(" AND i.status IN (")
                    .append(placeholders(statuses.size()))
                    .append(')');
            statuses.forEach(status -> parameters.add(InteractionKeys.code(status)));
            if (query.unseen()) {
                condition.append(" AND i.unseen = 1");
            }
        }
        others.stream().filter(other -> other != keys).forEach(other -> addKeys(other, "> 0"));
        Identity who = query.meantFor();
        if (who != null) {
            addKeys(List.of(InteractionKeys.excluded(open, who.name())), "= 0");
        }
        addTimes(query);
        if (query.executionId() != null) {
            condition.append(" AND i.execution = (SELECT number FROM flowscript_execution WHERE id = ?)");
            parameters.add(query.executionId());
        }
    }

    /** {@return a search among the open ones, one among the closed ones, or both, depending on the statuses of a query} */
    static List<InteractionSelect> of(Connection connection, InteractionQuery query) throws SQLException {
        List<InteractionSelect> selects = new ArrayList<>(2);
        for (Set<Status> half : List.of(InteractionKeys.OPEN, InteractionKeys.CLOSED)) {
            Set<Status> statuses = EnumSet.copyOf(query.statuses());
            statuses.retainAll(half);
            boolean open = half == InteractionKeys.OPEN;
            if (!statuses.isEmpty() && (open || !query.unseen())) {
                selects.add(new InteractionSelect(connection, query, statuses, open));
            }
        }
        return selects;
    }

    /** {@return the keys of each condition of a query; it is fulfilled by the rows with one of them} */
    private static List<List<Long>> keys(InteractionQuery query, boolean open) {
        List<List<Long>> all = new ArrayList<>();
        if (query.claimedBy() != null) {
            all.add(List.of(InteractionKeys.claimer(open, query.claimedBy())));
        }
        if (query.assignee() != null) {
            all.add(List.of(InteractionKeys.person(open, query.assignee())));
        }
        if (query.group() != null) {
            all.add(List.of(InteractionKeys.group(open, query.group())));
        }
        if (query.workflowId() != null) {
            all.add(List.of(InteractionKeys.workflow(open, query.workflowId())));
        }
        Identity who = query.meantFor();
        if (who != null) {
            all.add(Stream.of(
                            Stream.of(InteractionKeys.person(open, who.name()), InteractionKeys.anybody(open)),
                            who.groups().stream().map(group -> InteractionKeys.group(open, group)))
                    .flatMap(some -> some)
                    .distinct()
                    .toList());
        }
        return all;
    }

    private List<Long> fewest(List<List<Long>> choices) throws SQLException {
        List<Long> best = choices.get(0);
        long least = Long.MAX_VALUE;
        for (List<Long> choice : choices.size() == 1 ? List.<List<Long>>of() : choices) {
            long rows = 0;
            for (long key : choice) {
                rows += rows(key);
            }
            if (rows < least) {
                least = rows;
                best = choice;
            }
        }
        return best;
    }

    private long rows(long key) throws SQLException {
        try (PreparedStatement count = connection.prepareStatement(
                "SELECT count(*) FROM (SELECT 1 FROM flowscript_interaction WHERE key = ? LIMIT " + COMPARED
                        + ") AS counted")) {
            count.setLong(1, key);
            return number(count);
        }
    }

    private void addKeys(List<Long> some, String howMany) {
        // Not EXISTS, which a planner may turn into a join of all rows.
        condition
                .append(" AND (SELECT count(*) FROM flowscript_interaction AS o WHERE o.key IN (")
                .append(placeholders(some.size()))
                .append(") AND o.requested = i.requested AND o.tie = i.tie AND o.execution = i.execution) ")
                .append(howMany);
        parameters.addAll(some);
    }

    private void addTimes(InteractionQuery query) {
        addTime(" AND i.requested > ?", query.requestedAfter());
        addTime(" AND i.requested < ?", query.requestedBefore());
        if (query.deadlineBefore() != null) {
            addTime(" AND i.deadline < ?", query.deadlineBefore());
        }
    }

    private void addTime(String comparison, @Nullable Instant time) {
        if (time != null) {
            condition.append(comparison);
            parameters.add(InteractionPlace.micros(time));
        }
    }

    /** Adds the first rows after a place to those that were found. */
    void find(InteractionOrder order, @Nullable InteractionPlace after, int limit, Set<Found> found)
            throws SQLException {
        String columns = order == InteractionOrder.DEADLINE ? "i.deadline, i.requested, i.tie" : "i.requested, i.tie";
        boolean newest = order == InteractionOrder.NEWEST;
        String place = after == null
                ? ""
                : " AND (" + columns + ") " + (newest ? "<" : ">") + " ("
                        + placeholders(order == InteractionOrder.DEADLINE ? 3 : 2) + ")";
        String sql =
                "SELECT i.execution, i.requested, i.deadline, i.tie FROM flowscript_interaction AS i WHERE i.key = ?"
                        + condition + place + " ORDER BY "
                        + (newest ? "i.requested DESC, i.tie DESC" : columns) + " LIMIT ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (long key : keys) {
                select.setLong(1, key);
                int parameter = set(select, 2);
                if (after != null) {
                    if (order == InteractionOrder.DEADLINE) {
                        select.setLong(parameter++, after.deadline());
                    }
                    select.setLong(parameter++, after.requested());
                    select.setLong(parameter++, after.tieBreak());
                }
                select.setInt(parameter, limit);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.add(new Found(
                                row.getLong(1), new InteractionPlace(row.getLong(2), row.getLong(3), row.getLong(4))));
                    }
                }
            }
        }
    }

    /** {@return how many there are; {@code most} when there are as many or more} */
    long count(long most) throws SQLException {
        if (keys.isEmpty()) {
            return 0;
        }
        String sql = "SELECT count(*) FROM (SELECT " + (distinct ? "DISTINCT i.requested, i.tie, i.execution" : "1")
                + " FROM flowscript_interaction AS i WHERE i.key IN (" + placeholders(keys.size()) + ")" + condition
                + " LIMIT ?) AS counted";
        try (PreparedStatement count = connection.prepareStatement(sql)) {
            int parameter = 1;
            for (long key : keys) {
                count.setLong(parameter++, key);
            }
            count.setLong(set(count, parameter), most);
            return number(count);
        }
    }

    private int set(PreparedStatement statement, int first) throws SQLException {
        int parameter = first;
        for (Object value : parameters) {
            statement.setObject(parameter++, value);
        }
        return parameter;
    }

    private static long number(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static String placeholders(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }
}
