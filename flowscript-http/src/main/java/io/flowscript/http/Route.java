package io.flowscript.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The resource that a path addresses (protocol, section 5).
 *
 * @param targets the targets of the path, each with a different HTTP method; at least one
 * @param ids the ids in the path, such as that of an execution
 */
record Route(List<Target> targets, List<String> ids) {

    private static final String ID = "*";

    /** The targets of requests. */
    enum Target {
        /** Health check of the server. */
        HEALTH("GET", "health"),
        /** Lists the workflows. */
        WORKFLOWS("GET", "workflows"),
        /** One workflow, as a document and as a graph. */
        WORKFLOW("GET", "workflows/*"),
        /** Lists the versions of a workflow. */
        VERSIONS("GET", "workflows/*/versions"),
        /** Starts a workflow. */
        EXECUTE("POST", "workflows/*/execute"),
        /** Lists the executions. */
        EXECUTIONS("GET", "executions"),
        /** Counts the executions. */
        EXECUTION_COUNT("GET", "executions/count"),
        /** The status of an execution. */
        STATUS("GET", "executions/*/status"),
        /** The events of an execution, as a stream or by long poll. */
        EVENTS("GET", "executions/*/events"),
        /** Cancels an execution. */
        CANCEL("POST", "executions/*/cancel"),
        /** Answers an interaction. */
        RESUME("POST", "executions/*/resume"),
        /** Claims an interaction. */
        CLAIM("POST", "executions/*/claim"),
        /** Releases a claim. */
        RELEASE("POST", "executions/*/release"),
        /** Acknowledges what was seen. */
        ACK("POST", "executions/*/ack"),
        /** Lists the interactions of all executions. */
        INTERACTIONS("GET", "interactions"),
        /** Counts the interactions of all executions. */
        INTERACTION_COUNT("GET", "interactions/count"),
        /** The current state of an interaction. */
        INTERACTION("GET", "interactions/*/*"),
        /** Gives a ticket for a WebSocket. */
        TICKETS("POST", "tickets"),
        /** Who asks. */
        WHO_AM_I("GET", "whoami"),
        /** The figures of the server. */
        STATS("GET", "stats"),
        /** The metrics of the application, as text. */
        METRICS("GET", "metrics"),
        /** Shows an interaction through an answer link. */
        SHOW_LINK("GET", "links/*"),
        /** Answers an interaction through an answer link. */
        ANSWER_LINK("POST", "links/*");

        private final String method;
        private final String path;

        Target(String method, String path) {
            this.method = method;
            this.path = path;
        }

        boolean changes() {
            return method.equals("POST");
        }

        /** Whether an answer link identifies the person. */
        boolean isByLink() {
            return this == SHOW_LINK || this == ANSWER_LINK;
        }

        private boolean takes(String given) {
            return method.equals(given) || (method.equals("GET") && given.equals("HEAD"));
        }

        /** The ids in a path, as they were sent; null when the path does not match. */
        private @Nullable List<String> idsIn(List<String> segments) {
            String[] wanted = path.split("/", -1);
            if (segments.size() != wanted.length) {
                return null;
            }
            List<String> ids = new ArrayList<>(2);
            for (int i = 0; i < wanted.length; i++) {
                if (wanted[i].equals(ID)) {
                    ids.add(segments.get(i));
                } else if (!wanted[i].equals(segments.get(i))) {
                    return null;
                }
            }
            return ids;
        }
    }

    /**
     * Parses a path.
     *
     * @param path the path as it was sent, relative to the context path
     * @return the route; empty when the path is unknown
     */
    static Optional<Route> of(String path) {
        List<String> segments = Arrays.asList(path.split("/", -1));
        List<Target> targets = new ArrayList<>(2);
        List<String> ids = List.of();
        for (Target target : Target.values()) {
            List<String> found = target.idsIn(segments.subList(1, segments.size()));
            if (found != null) {
                targets.add(target);
                ids = found;
            }
        }
        return targets.isEmpty() ? Optional.empty() : decoded(ids).map(names -> new Route(targets, names));
    }

    /** The first segments of all paths. */
    static Stream<String> firstSegments() {
        return Arrays.stream(Target.values()).map(target -> target.path.split("/", 2)[0]);
    }

    /** The target of a method; empty when the method is not allowed. */
    Optional<Target> target(String method) {
        return targets.stream().filter(target -> target.takes(method)).findFirst();
    }

    /** The allowed methods. */
    String allowed() {
        StringBuilder allowed = new StringBuilder();
        targets.forEach(target -> allowed.append(target.changes() ? "POST, " : "GET, HEAD, "));
        return allowed.append("OPTIONS").toString();
    }

    /** Decodes the ids; empty when one is malformed. */
    private static Optional<List<String>> decoded(List<String> segments) {
        try {
            return segments.contains("")
                    ? Optional.empty()
                    : Optional.of(segments.stream().map(PercentEncoding::decode).toList());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
