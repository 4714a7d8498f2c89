package io.flowscript.examples.server;

import io.flowscript.core.FlowScriptException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of the demo server.
 *
 * @param port the port to listen on; 0 for a free one
 * @param workflows a directory with further definitions; null for none
 * @param store the JDBC URL of the database that keeps the executions; null to keep them in memory only
 * @param restored whether the database was restored from a backup before this start
 * @param quiet whether nobody but the clients does anything; otherwise there are colleagues who start workflows and answer, unless the
 *     executions are kept
 */
public record ServerOptions(
        int port, @Nullable Path workflows, @Nullable String store, boolean restored, boolean quiet) {

    private static final int DEFAULT_PORT = 3013;

    /**
     * Options of a quiet server that keeps its executions in memory only.
     *
     * @param port the port to listen on; 0 for a free one
     * @param workflows a directory with further definitions; null for none
     */
    public ServerOptions(int port, @Nullable Path workflows) {
        this(port, workflows, null, false, true);
    }

    /**
     * Parses the command line.
     *
     * @param args {@code --port N}, {@code --workflows DIR}, {@code --data DIR} or {@code --jdbc URL}, {@code --restored} and
     *     {@code --quiet}
     * @return the options
     * @throws FlowScriptException with code {@code unknown_option} or {@code invalid_option}
     */
    public static ServerOptions parse(List<String> args) {
        int port = DEFAULT_PORT;
        Path workflows = null;
        String store = null;
        boolean restored = false;
        boolean quiet = false;
        Iterator<String> rest = args.iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            switch (option) {
                case "--port" -> port = port(value(option, rest));
                case "--workflows" -> workflows = Path.of(value(option, rest));
                case "--data" -> store = only(store, "jdbc:sqlite:" + Path.of(value(option, rest), "flowscript.db"));
                case "--jdbc" -> store = only(store, value(option, rest));
                case "--restored" -> restored = true;
                case "--quiet" -> quiet = true;
                default -> throw new FlowScriptException("unknown_option", "There is no option " + option);
            }
        }
        if (restored && store == null) {
            throw new FlowScriptException("invalid_option", "--restored belongs to --data or --jdbc");
        }
        return new ServerOptions(port, workflows, store, restored, quiet);
    }

    /** Whether colleagues work in the demo. Executions that are kept are not mixed with theirs. */
    boolean hasColleagues() {
        return !quiet && store == null;
    }

    private static String only(@Nullable String already, String store) {
        if (already != null) {
            throw new FlowScriptException(
                    "invalid_option", "The executions are kept in one place: give either --data or --jdbc, and once");
        }
        return store;
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new FlowScriptException("invalid_option", "The option " + option + " needs a value");
        }
        return rest.next();
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new FlowScriptException("invalid_option", "The port must be a number from 0 to 65535, not " + text);
    }
}
