package io.flowscript.ws.jetty;

import java.util.Optional;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.util.URIUtil;

/**
 * What a path stands for (protocol, section 5).
 *
 * @param target what it is about
 * @param id the workflow or the execution; empty where there is none
 */
record Route(Target target, String id) {

    /** What can be asked for. */
    enum Target {
        /** Whether the server lives. */
        HEALTH(HttpMethod.GET),
        /** The workflows. */
        WORKFLOWS(HttpMethod.GET),
        /** Begins an execution. */
        EXECUTE(HttpMethod.POST),
        /** The executions. */
        EXECUTIONS(HttpMethod.GET),
        /** An execution as it is. */
        STATUS(HttpMethod.GET),
        /** Answers a question. */
        RESUME(HttpMethod.POST),
        /** Ends an execution. */
        CANCEL(HttpMethod.POST);

        private final HttpMethod method;

        Target(HttpMethod method) {
            this.method = method;
        }

        boolean takes(String given) {
            return method.is(given) || (method == HttpMethod.GET && HttpMethod.HEAD.is(given));
        }

        boolean changes() {
            return method == HttpMethod.POST;
        }

        String allowed() {
            return method == HttpMethod.GET ? "GET, HEAD, OPTIONS" : "POST, OPTIONS";
        }
    }

    /**
     * Reads a path.
     *
     * @param path the path as it was sent, below the context
     * @return what it stands for, empty when it stands for nothing
     */
    static Optional<Route> of(String path) {
        String[] parts = path.split("/", -1);
        return switch (parts.length) {
            case 2 -> collection(parts[1]).map(target -> new Route(target, ""));
            case 4 ->
                member(parts[1], parts[3]).flatMap(target -> decoded(parts[2]).map(id -> new Route(target, id)));
            default -> Optional.empty();
        };
    }

    private static Optional<Target> collection(String name) {
        return switch (name) {
            case "health" -> Optional.of(Target.HEALTH);
            case "workflows" -> Optional.of(Target.WORKFLOWS);
            case "executions" -> Optional.of(Target.EXECUTIONS);
            default -> Optional.empty();
        };
    }

    private static Optional<Target> member(String collection, String action) {
        return switch (collection + "/" + action) {
            case "workflows/execute" -> Optional.of(Target.EXECUTE);
            case "executions/status" -> Optional.of(Target.STATUS);
            case "executions/resume" -> Optional.of(Target.RESUME);
            case "executions/cancel" -> Optional.of(Target.CANCEL);
            default -> Optional.empty();
        };
    }

    /** An id that is not well-formed is nobody's. */
    private static Optional<String> decoded(String segment) {
        try {
            return segment.isEmpty() ? Optional.empty() : Optional.of(URIUtil.decodePath(segment));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }
}
