package io.flowscript.testkit;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What must hold in every run, whoever answers what at which moment: the events follow the grammar, each interaction
 * is closed once, receipts and log agree, no answer is lost, and no answer counts that was not given. For one run and
 * one thread.
 */
final class AnswerInvariants {

    private final List<GivenAnswer> attempts;
    private final List<Event> events;
    private final List<String> breaches = new ArrayList<>();

    private AnswerInvariants(List<GivenAnswer> attempts, List<RecordedEvent> events) {
        this.attempts = attempts;
        this.events = events.stream().map(RecordedEvent::event).toList();
        EventGrammar.breaches(events).forEach(breach -> breaches.add(breach.toString()));
    }

    /** {@return the broken invariants, one sentence each} */
    static List<String> breaches(List<GivenAnswer> attempts, List<RecordedEvent> events) {
        AnswerInvariants invariants = new AnswerInvariants(attempts, events);
        invariants.checkQuestions();
        invariants.checkReceipts();
        invariants.checkRepetitions();
        return invariants.breaches;
    }

    /** Returns the answer that closed an interaction according to its receipt; null if there is none. */
    static @Nullable GivenAnswer closing(List<GivenAnswer> attempts, String tokenId) {
        for (GivenAnswer attempt : attempts) {
            if (attempt.isAbout(tokenId)
                    && attempt.receipt() instanceof Receipt.Accepted accepted
                    && accepted.closes()) {
                return attempt;
            }
        }
        return null;
    }

    private void checkQuestions() {
        for (Event event : events) {
            if (event instanceof HumanEvent.InputRequired required) {
                String token = required.tokenId();
                long closed = events.stream()
                        .filter(other ->
                                other instanceof HumanEvent.InputReceived || other instanceof HumanEvent.InputTimeout)
                        .filter(other -> ((HumanEvent) other).tokenId().equals(token))
                        .count();
                if (closed != 1) {
                    breaches.add(
                            "The interaction of " + required.nodeId() + " was closed " + closed + " times, not once");
                }
                List<GivenAnswer> accepted = accepted(token, true).toList();
                if (accepted.size() > 1) {
                    breaches.add("More than one answer was accepted as the one that closes it: " + accepted);
                }
            } else if (event instanceof HumanEvent.InputReceived received) {
                checkReceived(received);
            } else if (event instanceof HumanEvent.InputVoted voted) {
                checkCount(
                        voted.nodeId() + " got the vote of " + voted.by(),
                        accepted(voted.tokenId(), false).filter(attempt -> isBy(attempt, voted.by())));
            }
        }
    }

    private void checkReceived(HumanEvent.InputReceived received) {
        String token = received.tokenId();
        checkCount(
                received.nodeId() + " got the answer of " + received.by(),
                accepted(token, true).filter(attempt -> isBy(attempt, received.by())));
        GivenAnswer counted = closing(attempts, token);
        for (Event event : events) {
            if (event instanceof WorkflowEvent.Resumed resumed
                    && resumed.tokenId().equals(token)
                    && counted != null
                    && !Objects.equals(resumed.data(), counted.answer())
                    && !isDecision(token)) {
                breaches.add("It went on with " + EventLines.json(resumed.data()) + ", not with what was accepted: "
                        + counted);
            }
        }
    }

    private void checkCount(String what, Stream<GivenAnswer> found) {
        long count = found.count();
        if (count != 1) {
            breaches.add("The log says that " + what + ", but there are " + count + " receipts for it, not one");
        }
    }

    private void checkReceipts() {
        for (GivenAnswer attempt : attempts) {
            String token = attempt.token().tokenId();
            Receipt receipt = attempt.receipt();
            if (receipt instanceof Receipt.Accepted accepted) {
                checkAccepted(attempt, accepted);
            } else if (receipt instanceof Receipt.AlreadyResolved resolved) {
                String winner = resolved.by() == null ? null : resolved.by().name();
                check(
                        events.stream()
                                .anyMatch(event -> event instanceof HumanEvent.InputReceived received
                                        && received.tokenId().equals(token)
                                        && Objects.equals(received.by(), winner)),
                        "The receipt names " + winner + " as who resolved it, but the log does not",
                        attempt);
            } else if (receipt instanceof Receipt.Expired) {
                check(hasTimedOut(token, "deadline"), "The receipt says expired, but the log does not", attempt);
            } else if (receipt instanceof Receipt.Cancelled) {
                check(hasTimedOut(token, "cancelled"), "The receipt says cancelled, but the log does not", attempt);
            } else if (receipt instanceof Receipt.Invalid) {
                check(!attempt.right(), "A valid answer was refused as invalid", attempt);
            } else if (receipt instanceof Receipt.NotFound) {
                breaches.add("The engine does not know an interaction that it created: " + attempt);
            }
            if (attempt.open() && attempt.right()) {
                check(
                        receipt instanceof Receipt.Accepted
                                || receipt instanceof Receipt.Forbidden
                                || receipt instanceof Receipt.Expired,
                        "An answer to an open interaction was refused",
                        attempt);
            }
        }
    }

    private void checkAccepted(GivenAnswer attempt, Receipt.Accepted accepted) {
        check(attempt.right(), "An invalid answer was accepted", attempt);
        check(
                events.stream().anyMatch(event -> isOf(event, attempt, accepted.closes())),
                "An answer was lost: it was accepted, but the log does not contain it",
                attempt);
    }

    /** An answer repeated under its key gets the same receipt again. */
    private void checkRepetitions() {
        for (int i = 1; i < attempts.size(); i++) {
            GivenAnswer before = attempts.get(i - 1);
            GivenAnswer again = attempts.get(i);
            if (again.repeats(before) && before.receipt() instanceof Receipt.Accepted) {
                check(
                        again.receipt().equals(before.receipt()),
                        "The same answer under the same key got another receipt than " + before.receipt(),
                        again);
            }
        }
    }

    private void check(boolean holds, String otherwise, GivenAnswer attempt) {
        if (!holds) {
            breaches.add(otherwise + ": " + attempt);
        }
    }

    private Stream<GivenAnswer> accepted(String token, boolean closes) {
        List<GivenAnswer> found = new ArrayList<>();
        for (GivenAnswer attempt : attempts) {
            if (attempt.isAbout(token)
                    && attempt.receipt() instanceof Receipt.Accepted accepted
                    && accepted.closes() == closes
                    && found.stream().noneMatch(attempt::repeats)) {
                found.add(attempt);
            }
        }
        return found.stream();
    }

    private boolean isDecision(String token) {
        return events.stream()
                .anyMatch(event -> event instanceof HumanEvent.InputRequired required
                        && required.tokenId().equals(token)
                        && required.info().quorum() != null);
    }

    private boolean hasTimedOut(String token, String reason) {
        return events.stream()
                .anyMatch(event -> event instanceof HumanEvent.InputTimeout timeout
                        && timeout.tokenId().equals(token)
                        && timeout.reason().equals(reason));
    }

    private static boolean isOf(Event event, GivenAnswer attempt, boolean closes) {
        if (closes) {
            return event instanceof HumanEvent.InputReceived received
                    && attempt.isAbout(received.tokenId())
                    && isBy(attempt, received.by());
        }
        return event instanceof HumanEvent.InputVoted voted
                && attempt.isAbout(voted.tokenId())
                && isBy(attempt, voted.by());
    }

    private static boolean isBy(GivenAnswer attempt, @Nullable String name) {
        return attempt.by().name().equals(name);
    }
}
