package io.flowscript.testkit;

import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.testkit.EventGrammar.Breach;
import io.flowscript.testkit.EventGrammar.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the events of one execution in order and records what breaks the grammar. For one thread. */
final class GrammarReader {

    private final List<Breach> breaches = new ArrayList<>();
    private final Set<String> visits = new HashSet<>();
    private final Set<String> tokens = new HashSet<>();
    private final Map<String, Pause> pauses = new HashMap<>();
    private @Nullable RecordedEvent first;
    private @Nullable RecordedEvent last;
    private @Nullable Visit open;
    private boolean ended;

    /** An open visit. After a failure that will be retried, it waits for its next attempt. */
    private record Visit(String nodeId, String nodeName, int attempt, boolean toRetry) {}

    /** An open pause, and the number of the event that closed its interaction; 0 while it is open. */
    private record Pause(String nodeId, boolean asked, long closedAt) {}

    /** {@return the breaches so far} */
    List<Breach> read(List<RecordedEvent> events) {
        events.forEach(this::read);
        return List.copyOf(breaches);
    }

    /** {@return all breaches, given that no event follows} */
    List<Breach> end() {
        RecordedEvent newest = last;
        long seq = newest == null ? 0 : newest.seq();
        if (!ended) {
            breach(Rule.ONE_LAST_EVENT, seq, "the sequence ends without workflow:completed, :failed or :cancelled");
        }
        return List.copyOf(breaches);
    }

    private void read(RecordedEvent recorded) {
        checkRecord(recorded);
        Event event = recorded.event();
        if (ended) {
            breach(Rule.ONE_LAST_EVENT, recorded.seq(), event.type() + " comes after the last event");
        }
        if (event instanceof WorkflowEvent workflow) {
            readWorkflow(recorded, workflow);
        } else if (event instanceof NodeEvent node) {
            readNode(recorded.seq(), node);
        } else if (event instanceof HumanEvent human) {
            readHuman(recorded.seq(), human);
        } else if (event instanceof CustomEvent custom && custom.nodeId() != null) {
            checkWithinVisit(recorded.seq(), event, custom.nodeId());
        } else if (event instanceof StateUpdated) {
            checkWithinVisit(recorded.seq(), event, null);
        }
        checkPrevious(recorded);
        last = recorded;
    }

    private void checkRecord(RecordedEvent recorded) {
        RecordedEvent begin = first == null ? recorded : first;
        first = begin;
        if (!begin.executionId().equals(recorded.executionId())
                || !begin.workflowId().equals(recorded.workflowId())
                || !begin.epoch().equals(recorded.epoch())) {
            breach(
                    Rule.ONE_EXECUTION,
                    recorded.seq(),
                    "it is of " + place(recorded) + ", the first event of " + place(begin));
        }
        RecordedEvent before = last;
        long expected = before == null ? 1 : before.seq() + 1;
        if (recorded.seq() != expected) {
            breach(Rule.CONTIGUOUS, recorded.seq(), "its number should be " + expected);
        }
        if (before != null && recorded.time().isBefore(before.time())) {
            breach(
                    Rule.TIME_MOVES_ON,
                    recorded.seq(),
                    "its time " + recorded.time() + " is before " + before.time() + ", the time of the event before");
        }
        if (before == null != recorded.event() instanceof WorkflowEvent.Started) {
            breach(
                    Rule.STARTED_FIRST,
                    recorded.seq(),
                    before == null
                            ? "the first event is " + recorded.type() + ", not workflow:started"
                            : "workflow:started comes again");
        }
    }

    private static String place(RecordedEvent event) {
        return "execution " + event.executionId() + ", workflow " + event.workflowId() + ", epoch " + event.epoch();
    }

    private void readWorkflow(RecordedEvent recorded, WorkflowEvent event) {
        long seq = recorded.seq();
        if (event instanceof WorkflowEvent.Started started) {
            if (!started.workflowId().equals(recorded.workflowId())) {
                breach(Rule.ONE_EXECUTION, seq, "workflow:started names another workflow, " + started.workflowId());
            }
        } else if (event instanceof WorkflowEvent.Paused paused) {
            checkWithinVisit(seq, event, paused.nodeId());
            if (!tokens.add(paused.tokenId())) {
                breach(Rule.RESUMED_WHEN_CLOSED, seq, "the token " + paused.tokenId() + " was used before");
            }
            pauses.put(paused.tokenId(), new Pause(paused.nodeId(), false, 0));
        } else if (event instanceof WorkflowEvent.Resumed resumed) {
            readResumed(seq, resumed);
        } else if (event.isTerminal()) {
            if (open != null) {
                breach(Rule.VISIT_ENDS, seq, event.type() + " comes while the visit " + open.nodeId() + " is open");
            }
            ended = true;
        }
    }

    private void readResumed(long seq, WorkflowEvent.Resumed resumed) {
        checkWithinVisit(seq, resumed, resumed.nodeId());
        Pause pause = pauses.remove(resumed.tokenId());
        if (pause == null) {
            breach(Rule.RESUMED_WHEN_CLOSED, seq, "no pause with the token " + resumed.tokenId() + " is open");
        } else if (pause.asked() && pause.closedAt() != seq - 1) {
            breach(
                    Rule.RESUMED_WHEN_CLOSED,
                    seq,
                    "human:input:received or human:input:timeout of its interaction should stand right before");
        }
    }

    private void readNode(long seq, NodeEvent event) {
        if (event instanceof NodeEvent.Executing executing) {
            readExecuting(seq, executing);
            return;
        }
        Visit visit = open;
        if (visit == null || !visit.nodeId().equals(event.nodeId())) {
            breach(
                    Rule.VISIT_ENDS,
                    seq,
                    event.type() + " of " + event.nodeId() + ", but "
                            + (visit == null ? "no visit is open" : "the visit " + visit.nodeId() + " is open"));
            return;
        }
        boolean retry = event instanceof NodeEvent.Failed failed && failed.willRetry();
        int attempt = event instanceof NodeEvent.Failed failed ? failed.attempt() : visit.attempt();
        if (!visit.nodeName().equals(event.nodeName()) || visit.attempt() != attempt) {
            breach(
                    Rule.VISIT_ENDS,
                    seq,
                    "the visit " + visit.nodeId() + " began as " + visit.nodeName() + ", attempt " + visit.attempt()
                            + ", and ends as " + event.nodeName() + ", attempt " + attempt);
        }
        if (visit.toRetry() && (retry || event instanceof NodeEvent.Completed)) {
            breach(Rule.RETRY, seq, event.type() + " comes before the next attempt of " + visit.nodeId());
        }
        checkPausesOver(seq, visit);
        open = retry ? new Visit(visit.nodeId(), visit.nodeName(), visit.attempt(), true) : null;
    }

    private void readExecuting(long seq, NodeEvent.Executing event) {
        Visit visit = open;
        if (visit != null && visit.nodeId().equals(event.nodeId())) {
            if (!visit.toRetry() || event.attempt() != visit.attempt() + 1) {
                breach(
                        Rule.RETRY,
                        seq,
                        "attempt " + event.attempt() + " of " + visit.nodeId() + " follows attempt " + visit.attempt()
                                + (visit.toRetry() ? "" : ", which has not failed"));
            }
            checkPausesOver(seq, visit);
        } else if (visit != null) {
            breach(
                    visit.toRetry() ? Rule.RETRY : Rule.VISIT_BEGINS,
                    seq,
                    "the visit " + event.nodeId() + " begins while " + visit.nodeId()
                            + (visit.toRetry() ? " waits for its next attempt" : " is open"));
        } else if (!visits.add(event.nodeId()) || event.attempt() != 1) {
            breach(
                    Rule.VISIT_BEGINS,
                    seq,
                    "the visit " + event.nodeId() + " begins with attempt " + event.attempt()
                            + "; a visit is new and begins with attempt 1");
        }
        visits.add(event.nodeId());
        open = new Visit(event.nodeId(), event.nodeName(), event.attempt(), false);
    }

    private void readHuman(long seq, HumanEvent event) {
        checkWithinVisit(seq, event, event.nodeId());
        Pause pause = pauses.get(event.tokenId());
        if (event instanceof HumanEvent.InputRequired) {
            if (!(lastEvent() instanceof WorkflowEvent.Paused paused)
                    || !paused.tokenId().equals(event.tokenId())) {
                breach(
                        Rule.ASKED_WHEN_PAUSED,
                        seq,
                        "workflow:paused with the token " + event.tokenId() + " should stand right before");
            }
            pauses.put(event.tokenId(), new Pause(event.nodeId(), true, 0));
        } else if (pause == null || !pause.asked() || pause.closedAt() != 0) {
            breach(
                    Rule.RESUMED_WHEN_CLOSED,
                    seq,
                    event.type() + ", but no interaction with the token " + event.tokenId() + " is open");
        } else if (event instanceof HumanEvent.InputReceived || event instanceof HumanEvent.InputTimeout) {
            pauses.put(event.tokenId(), new Pause(pause.nodeId(), true, seq));
        }
    }

    private void checkPausesOver(long seq, Visit visit) {
        pauses.forEach((token, pause) -> {
            if (pause.nodeId().equals(visit.nodeId())) {
                breach(
                        Rule.PAUSES_END_FIRST,
                        seq,
                        "the attempt of " + visit.nodeId() + " ends while its pause " + token + " is open");
            }
        });
        pauses.values().removeIf(pause -> pause.nodeId().equals(visit.nodeId()));
    }

    private void checkWithinVisit(long seq, Event event, @Nullable String nodeId) {
        Visit visit = open;
        if (visit == null
                || visit.toRetry()
                || (nodeId != null && !visit.nodeId().equals(nodeId))) {
            breach(
                    Rule.WITHIN_VISIT,
                    seq,
                    event.type() + (nodeId == null ? "" : " of " + nodeId) + ", but "
                            + (visit == null
                                    ? "no visit is open"
                                    : "the visit " + visit.nodeId()
                                            + (visit.toRetry() ? " waits for its next attempt" : " is open")));
        }
    }

    /** Checks what the previous event requires of this one. */
    private void checkPrevious(RecordedEvent recorded) {
        Event before = lastEvent();
        Event event = recorded.event();
        if (before instanceof StateUpdated
                && !(event instanceof StateUpdated)
                && !(event instanceof NodeEvent.Completed)) {
            breach(
                    Rule.STATE_BEFORE_COMPLETED,
                    recorded.seq(),
                    event.type() + " follows state:updated; only another one or node:completed does");
        }
        if ((before instanceof HumanEvent.InputReceived || before instanceof HumanEvent.InputTimeout)
                && !(event instanceof WorkflowEvent.Resumed resumed
                        && resumed.tokenId().equals(((HumanEvent) before).tokenId()))) {
            breach(
                    Rule.RESUMED_WHEN_CLOSED,
                    recorded.seq(),
                    event.type() + " follows " + before.type() + "; only workflow:resumed of the same token does");
        }
    }

    private @Nullable Event lastEvent() {
        RecordedEvent before = last;
        return before == null ? null : before.event();
    }

    private void breach(Rule rule, long seq, String message) {
        breaches.add(new Breach(rule, seq, message));
    }
}
