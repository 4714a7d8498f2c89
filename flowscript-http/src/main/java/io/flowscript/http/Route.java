package io.flowscript.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a path stands for (protocol, section 5).
 *
 * @param targets what can be asked for there, each by another method; at least one
 * @param ids the names in the path, such as that of an execution
 */
record Route(List<Target> targets, List<String> ids) {

    private static final String ID = "*";

    /** What can be asked for. */
    enum Target {
        /** Whether the server lives. */
        HEALTH("GET", "health"),
        /** The workflows. */
        WORKFLOWS("GET", "workflows"),
        /** Begins an execution. */
        EXECUTE("POST", "workflows/*/execute"),
        /** The executions. */
        EXECUTIONS("GET", "executions"),
        /** An execution as it is. */
        STATUS("GET", "executions/*/status"),
        /** Its events, at once or as they come. */
        EVENTS("GET", "executions/*/events"),
        /** Ends an execution. */
        CANCEL("POST", "executions/*/cancel"),
        /** Answers a question. */
        RESUME("POST", "executions/*/resume"),
        /** Takes a question on. */
        CLAIM("POST", "executions/*/claim"),
        /** Gives a question back. */
        RELEASE("POST", "executions/*/release"),
        /** Says what was seen. */
        ACK("POST", "executions/*/ack"),
        /** What all executions ask. */
        INTERACTIONS("GET", "interactions"),
        /** How much that is. */
        INTERACTION_COUNT("GET", "interactions/count"),
        /** A question as it is. */
        INTERACTION("GET", "interactions/*/*"),
        /** A question as whoever has a link to it may see it. */
        SHOW_LINK("GET", "links/*"),
        /** Answers a question by a link. */
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

        /** Whether a link says by itself who may do this, and in whose name. */
        boolean isByLink() {
            return this == SHOW_LINK || this == ANSWER_LINK;
        }

        private boolean takes(String given) {
            return method.equals(given) || (method.equals("GET") && given.equals("HEAD"));
        }

        /** The names in a path, as they were sent; null when this is another path. */
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
     * Reads a path.
     *
     * @param path the path as it was sent, below the context
     * @return what it stands for, empty when it stands for nothing
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

    /** What a method stands for here; empty for one that is not taken. */
    Optional<Target> target(String method) {
        return targets.stream().filter(target -> target.takes(method)).findFirst();
    }

    /** The methods that are taken here. */
    String allowed() {
        StringBuilder allowed = new StringBuilder();
        targets.forEach(target -> allowed.append(target.changes() ? "POST, " : "GET, HEAD, "));
        return allowed.append("OPTIONS").toString();
    }

    /** A name that is not well-formed is nobody's. */
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
