package io.flowscript.testkit.crash;

import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.Durability;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.testkit.crash.Observation.Answered;
import io.flowscript.testkit.crash.Observation.Asked;
import io.flowscript.testkit.crash.Observation.Called;
import io.flowscript.testkit.crash.Observation.Cancelled;
import io.flowscript.testkit.crash.Observation.Ended;
import io.flowscript.testkit.crash.Observation.Missed;
import io.flowscript.testkit.crash.Observation.Seen;
import io.flowscript.testkit.crash.Observation.Started;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The history of one execution, and the rules that it must obey. For one check. */
final class ExecutionHistory {

    private static final int MOST_OF_A_RULE = 3;

    private final String executionId;
    private final List<Observation> observations;
    private final @Nullable StoredExecution stored;
    private final List<Violation> violations = new ArrayList<>();

    /**
     * Creates a history.
     *
     * @param observations what was observed of this execution, in order
     * @param stored the execution at the end; null if it is not stored
     */
    ExecutionHistory(String executionId, List<Observation> observations, @Nullable StoredExecution stored) {
        this.executionId = executionId;
        this.observations = observations;
        this.stored = stored;
    }

    /** {@return what is wrong, given an execution without a crash} */
    List<Violation> check(StoredExecution model, Durability durability, Set<String> askingAnew) {
        long starts = of(Started.class).count();
        if (starts > 1) {
            wrong(HistoryRule.STARTED_STAYS, "it was started " + starts + " times");
        }
        if (stored == null) {
            if (!observations.isEmpty()) {
                wrong(HistoryRule.STARTED_STAYS, "it is not in the store");
            }
            return violations;
        }
        logIsContiguous(stored);
        seenStays(stored.events());
        seenOnce(stored.events().size());
        visitsEndOnce(stored.events());
        finishedRunsOnce(stored.events(), durability == Durability.SYNC);
        if (durability == Durability.SYNC) {
            callsAreStored(stored.events());
        }
        keysAreTheSame();
        questionsStay(stored.events());
        asIn(model, stored, askingAnew);
        oneQuestionAtATime(stored.events());
        answersStay(stored);
        receiptsAreTheSame(stored.events());
        cancellationStays(stored.snapshot());
        endsLike(model.snapshot(), stored.snapshot());
        return List.copyOf(violations);
    }

    private void wrong(HistoryRule rule, String what) {
        long before = violations.stream()
                .filter(violation -> violation.rule() == rule)
                .count();
        if (before < MOST_OF_A_RULE) {
            violations.add(new Violation(rule, executionId, what));
        }
    }

    private <O extends Observation> Stream<O> of(Class<O> type) {
        return observations.stream().filter(type::isInstance).map(type::cast);
    }

    private static <E> Stream<E> events(List<RecordedEvent> log, Class<E> type) {
        return log.stream().map(RecordedEvent::event).filter(type::isInstance).map(type::cast);
    }

    // The log.

    private void logIsContiguous(StoredExecution at) {
        List<RecordedEvent> log = at.events();
        Instant time = Instant.MIN;
        for (int i = 0; i < log.size(); i++) {
            RecordedEvent event = log.get(i);
            if (event.seq() != i + 1) {
                wrong(HistoryRule.CONTIGUOUS_LOG, "event " + event.seq() + " is where " + (i + 1) + " should be");
                return;
            }
            if (!event.epoch().equals(at.snapshot().epoch())) {
                wrong(HistoryRule.CONTIGUOUS_LOG, "event " + event.seq() + " is of epoch " + event.epoch());
            }
            if (event.time().isBefore(time)) {
                wrong(HistoryRule.CONTIGUOUS_LOG, "the time of event " + event.seq() + " is before that of the last");
            }
            time = event.time();
        }
        if (at.lastSeq() != log.size() || at.snapshot().seq() != log.size()) {
            wrong(
                    HistoryRule.CONTIGUOUS_LOG,
                    "there are " + log.size() + " events; the last is " + at.lastSeq() + ", and in the snapshot "
                            + at.snapshot().seq());
        }
    }

    private void seenStays(List<RecordedEvent> log) {
        Map<Long, RecordedEvent> bySeq = new HashMap<>();
        log.forEach(event -> bySeq.put(event.seq(), event));
        of(Seen.class).forEach(seen -> {
            RecordedEvent kept = bySeq.get(seen.seq());
            if (kept == null || !Seen.of(seen.subscriber(), kept).equals(seen)) {
                wrong(
                        HistoryRule.SEEN_STAYS,
                        seen + " was seen; stored is " + (kept == null ? "nothing" : Seen.text(kept)));
            }
        });
    }

    private void seenOnce(int last) {
        Map<String, Long> reached = new TreeMap<>();
        of(Seen.class).forEach(seen -> {
            long expected = reached.getOrDefault(seen.subscriber(), 0L) + 1;
            if (seen.seq() != expected) {
                wrong(
                        HistoryRule.SEEN_ONCE,
                        seen.subscriber() + " got event " + seen.seq() + " where " + expected + " was next");
            }
            reached.put(seen.subscriber(), seen.seq());
        });
        reached.forEach((subscriber, seq) -> {
            if (seq != last) {
                wrong(HistoryRule.SEEN_ONCE, subscriber + " got the events up to " + seq + " of " + last);
            }
        });
        of(Missed.class).forEach(missed -> wrong(HistoryRule.SEEN_ONCE, missed.toString()));
    }

    private void visitsEndOnce(List<RecordedEvent> log) {
        Set<String> ended = new HashSet<>();
        for (RecordedEvent recorded : log) {
            if (recorded.event() instanceof NodeEvent event) {
                if (ended.contains(event.nodeId())) {
                    wrong(HistoryRule.ONE_END_OF_A_VISIT, "event " + recorded.seq() + " is after its end: " + event);
                } else if (event instanceof NodeEvent.Completed) {
                    ended.add(event.nodeId());
                }
            }
        }
    }

    // The nodes.

    private void finishedRunsOnce(List<RecordedEvent> log, boolean sync) {
        Map<Long, String> ends = new HashMap<>();
        for (RecordedEvent recorded : log) {
            if (recorded.event() instanceof NodeEvent.Completed end) {
                ends.put(recorded.seq(), end.nodeId());
            }
        }
        Set<String> seen = new HashSet<>();
        Set<List<Object>> calls = new HashSet<>();
        long newest = 0;
        for (Observation observation : observations) {
            if (observation instanceof Seen event && ends.containsKey(event.seq())) {
                seen.add(ends.get(event.seq()));
            } else if (observation instanceof Called call) {
                if (seen.contains(call.nodeId())) {
                    wrong(HistoryRule.FINISHED_RUNS_ONCE, call + ", whose end was seen before");
                } else if (sync) {
                    long order = visit(call.nodeId()) * 1_000_000L + call.attempt();
                    if (!calls.add(List.of(order, call.stage()))) {
                        wrong(HistoryRule.FINISHED_RUNS_ONCE, call + ", for the second time");
                    } else if (order < newest) {
                        wrong(HistoryRule.FINISHED_RUNS_ONCE, call + ", after a later visit or attempt");
                    }
                    newest = Math.max(newest, order);
                }
            }
        }
    }

    /** {@return the place of a visit in the order of all visits} */
    private static int visit(String nodeId) {
        return Integer.parseInt(nodeId.substring(nodeId.lastIndexOf('-') + 1));
    }

    private void callsAreStored(List<RecordedEvent> log) {
        Set<List<Object>> attempts = new HashSet<>();
        events(log, NodeEvent.Executing.class).forEach(begun -> attempts.add(List.of(begun.nodeId(), begun.attempt())));
        of(Called.class).forEach(call -> {
            if (!attempts.contains(List.of(call.nodeId(), call.attempt()))) {
                wrong(HistoryRule.CALL_IS_STORED, call + " is not in the log");
            }
        });
    }

    private void keysAreTheSame() {
        Map<String, String> keys = new HashMap<>();
        Map<String, String> visits = new HashMap<>();
        of(Called.class).forEach(call -> {
            String key = keys.putIfAbsent(call.nodeId(), call.key());
            String visit = visits.putIfAbsent(call.key(), call.nodeId());
            if (key != null && !key.equals(call.key())) {
                wrong(HistoryRule.SAME_KEY, call + ", and before the key was " + key);
            } else if (visit != null && !visit.equals(call.nodeId())) {
                wrong(HistoryRule.SAME_KEY, call + ", and " + visit + " has the same key");
            }
        });
    }

    // The people.

    private void questionsStay(List<RecordedEvent> log) {
        Set<String> asked = new HashSet<>();
        events(log, HumanEvent.InputRequired.class).forEach(question -> asked.add(question.tokenId()));
        of(Asked.class).forEach(question -> {
            if (!asked.contains(question.tokenId())) {
                wrong(HistoryRule.QUESTION_STAYS, question + " is not in the log");
            }
        });
        of(Answered.class).forEach(answer -> {
            if (answer.code().equals("interaction_not_found")) {
                wrong(HistoryRule.QUESTION_STAYS, answer.toString());
            }
        });
    }

    /** Compares how often something happened to each question. */
    private void asIn(StoredExecution model, StoredExecution at, Set<String> askingAnew) {
        Map<String, Integer> asked = new TreeMap<>();
        Map<String, Integer> due = new TreeMap<>();
        count(model.events(), askingAnew, 1, asked, due);
        count(at.events(), askingAnew, -1, asked, due);
        asked.forEach((visit, fewer) -> differs(HistoryRule.ASKED_ONCE, visit, fewer));
        due.forEach((what, fewer) -> differs(HistoryRule.DUE_ONCE, what, fewer));
    }

    private void differs(HistoryRule rule, String what, int fewer) {
        if (fewer != 0) {
            wrong(rule, what + " happened " + Math.abs(fewer) + " times " + (fewer < 0 ? "too often" : "too few"));
        }
    }

    private static void count(
            List<RecordedEvent> log,
            Set<String> askingAnew,
            int step,
            Map<String, Integer> asked,
            Map<String, Integer> due) {
        events(log, HumanEvent.class)
                .filter(event -> !askingAnew.contains(event.nodeName()))
                .forEach(event -> {
                    String what = event.type() + " of " + event.nodeId();
                    if (event instanceof HumanEvent.InputRequired) {
                        asked.merge(what, step, Integer::sum);
                    } else if (event instanceof HumanEvent.InputReminded
                            || event instanceof HumanEvent.InputEscalated
                            || event instanceof HumanEvent.InputTimeout) {
                        due.merge(what, step, Integer::sum);
                    }
                });
    }

    private void oneQuestionAtATime(List<RecordedEvent> log) {
        Map<String, String> open = new HashMap<>();
        events(log, HumanEvent.class).forEach(event -> {
            if (event instanceof HumanEvent.InputRequired) {
                String other = open.put(event.nodeId(), event.tokenId());
                if (other != null) {
                    wrong(HistoryRule.ASKED_ONCE, event.nodeId() + " asked anew while " + other + " was open");
                }
            } else if (event instanceof HumanEvent.InputReceived || event instanceof HumanEvent.InputTimeout) {
                open.remove(event.nodeId(), event.tokenId());
            }
        });
    }

    private void answersStay(StoredExecution at) {
        Map<String, Set<String>> taken = new HashMap<>();
        Map<String, String> closing = new HashMap<>();
        events(at.events(), HumanEvent.class).forEach(event -> {
            if (event instanceof HumanEvent.InputVoted vote) {
                taken.computeIfAbsent(vote.tokenId(), none -> new HashSet<>()).add(vote.by());
            } else if (event instanceof HumanEvent.InputReceived answer && answer.by() != null) {
                taken.computeIfAbsent(answer.tokenId(), none -> new HashSet<>()).add(answer.by());
                closing.put(answer.nodeId(), answer.tokenId());
            }
        });
        Map<?, ?> used = at.snapshot().state().get(HistoryCheck.ANSWERS) instanceof Map<?, ?> map ? map : Map.of();
        of(Answered.class).filter(Answered::isAccepted).forEach(answer -> {
            if (!taken.getOrDefault(answer.tokenId(), Set.of()).contains(answer.by())) {
                wrong(HistoryRule.ACCEPTED_STAYS, answer + " is not in the log");
            } else if (used.containsKey(answer.nodeId())
                    && answer.tokenId().equals(closing.get(answer.nodeId()))
                    && !answer.answer().equals(used.get(answer.nodeId()))) {
                wrong(HistoryRule.ACCEPTED_STAYS, answer + ", and the node got " + used.get(answer.nodeId()));
            }
        });
    }

    private void receiptsAreTheSame(List<RecordedEvent> log) {
        Map<String, Boolean> votes = new HashMap<>();
        events(log, HumanEvent.InputRequired.class)
                .forEach(question ->
                        votes.put(question.tokenId(), question.info().quorum() != null));
        Map<String, Answered> firstOfPerson = new HashMap<>();
        Map<String, Answered> accepted = new HashMap<>();
        of(Answered.class).forEach(answer -> {
            Answered first = firstOfPerson.putIfAbsent(answer.tokenId() + " " + answer.by(), answer);
            if (first != null && (first.isAccepted() || answer.isAccepted()) && !first.equals(answer)) {
                wrong(HistoryRule.ONE_RECEIPT, first + " and then " + answer);
            }
            if (answer.isAccepted() && !votes.getOrDefault(answer.tokenId(), false)) {
                Answered other = accepted.putIfAbsent(answer.tokenId(), answer);
                if (other != null && !other.by().equals(answer.by())) {
                    wrong(HistoryRule.ONE_RECEIPT, other + " and also " + answer);
                }
            }
        });
    }

    // The end.

    private void cancellationStays(ExecutionSnapshot end) {
        of(Cancelled.class).limit(1).forEach(cancelled -> {
            if (end.status() != ExecutionStatus.CANCELLED) {
                wrong(HistoryRule.CANCEL_STAYS, "it is " + end.status());
            }
        });
    }

    private void endsLike(ExecutionSnapshot model, ExecutionSnapshot end) {
        if (end.status() != model.status()) {
            wrong(HistoryRule.SAME_END, "it is " + end.status() + " and not " + model.status() + ": " + end.result());
            return;
        }
        Map<String, @Nullable Object> expected = withoutAnswers(model);
        Map<String, @Nullable Object> state = withoutAnswers(end);
        for (String key : expected.keySet()) {
            if (!Objects.equals(state.remove(key), expected.get(key))) {
                wrong(HistoryRule.SAME_END, key + " is " + end.state().get(key) + " and not " + expected.get(key));
            }
        }
        if (!state.isEmpty()) {
            wrong(HistoryRule.SAME_END, "the state also has " + state);
        }
        if (!answered(end).equals(answered(model))) {
            wrong(HistoryRule.SAME_END, "the nodes with answers are " + answered(end) + ", not " + answered(model));
        }
        of(Ended.class).forEach(ended -> {
            if (ended.status() != end.status()) {
                wrong(HistoryRule.SAME_END, "somebody was told " + ended.status() + ", and it is " + end.status());
            }
        });
    }

    private static Map<String, @Nullable Object> withoutAnswers(ExecutionSnapshot snapshot) {
        Map<String, @Nullable Object> rest = new LinkedHashMap<>(snapshot.state());
        rest.remove(HistoryCheck.ANSWERS);
        return rest;
    }

    private static Set<?> answered(ExecutionSnapshot snapshot) {
        return snapshot.state().get(HistoryCheck.ANSWERS) instanceof Map<?, ?> map ? map.keySet() : Set.of();
    }
}
