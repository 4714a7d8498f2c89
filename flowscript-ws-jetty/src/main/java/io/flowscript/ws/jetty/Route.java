package io.flowscript.ws.jetty;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.util.URIUtil;
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
        HEALTH(HttpMethod.GET, "health"),
        /** The workflows. */
        WORKFLOWS(HttpMethod.GET, "workflows"),
        /** Begins an execution. */
        EXECUTE(HttpMethod.POST, "workflows/*/execute"),
        /** The executions. */
        EXECUTIONS(HttpMethod.GET, "executions"),
        /** An execution as it is. */
        STATUS(HttpMethod.GET, "executions/*/status"),
        /** Its events, at once or as they come. */
        EVENTS(HttpMethod.GET, "executions/*/events"),
        /** Ends an execution. */
        CANCEL(HttpMethod.POST, "executions/*/cancel"),
        /** Answers a question. */
        RESUME(HttpMethod.POST, "executions/*/resume"),
        /** Takes a question on. */
        CLAIM(HttpMethod.POST, "executions/*/claim"),
        /** Gives a question back. */
        RELEASE(HttpMethod.POST, "executions/*/release"),
        /** Says what was seen. */
        ACK(HttpMethod.POST, "executions/*/ack"),
        /** What all executions ask. */
        INTERACTIONS(HttpMethod.GET, "interactions"),
        /** How much that is. */
        INTERACTION_COUNT(HttpMethod.GET, "interactions/count"),
        /** A question as it is. */
        INTERACTION(HttpMethod.GET, "interactions/*/*"),
        /** A question as whoever has a link to it may see it. */
        SHOW_LINK(HttpMethod.GET, "links/*"),
        /** Answers a question by a link. */
        ANSWER_LINK(HttpMethod.POST, "links/*");

        private final HttpMethod method;
        private final String path;

        Target(HttpMethod method, String path) {
            this.method = method;
            this.path = path;
        }

        boolean changes() {
            return method == HttpMethod.POST;
        }

        /** Whether a link says by itself who may do this, and in whose name. */
        boolean isByLink() {
            return this == SHOW_LINK || this == ANSWER_LINK;
        }

        private boolean takes(String given) {
            return method.is(given) || (method == HttpMethod.GET && HttpMethod.HEAD.is(given));
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
                    : Optional.of(segments.stream().map(URIUtil::decodePath).toList());
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }
}
