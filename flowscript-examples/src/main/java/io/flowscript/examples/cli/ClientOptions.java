package io.flowscript.examples.cli;

import io.flowscript.core.FlowScriptException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a client command.
 *
 * @param words the arguments that are not options
 * @param options the options without their dashes
 */
record ClientOptions(List<String> words, Map<String, String> options) {

    private static final Set<String> KNOWN = Set.of("server", "input", "node", "user");
    private static final String QUIET = "quiet";
    private static final String DEFAULT_SERVER = "http://localhost:3013";

    static ClientOptions parse(List<String> args) {
        List<String> words = new ArrayList<>();
        Map<String, String> options = new LinkedHashMap<>();
        Iterator<String> rest = args.iterator();
        while (rest.hasNext()) {
            String arg = rest.next();
            if (!arg.startsWith("--")) {
                words.add(arg);
                continue;
            }
            String name = arg.substring(2);
            if (name.equals(QUIET)) {
                options.put(QUIET, "");
                continue;
            }
            if (!KNOWN.contains(name)) {
                throw new FlowScriptException("unknown_option", "There is no option " + arg);
            }
            if (!rest.hasNext()) {
                throw new FlowScriptException("invalid_option", "The option " + arg + " needs a value");
            }
            options.put(name, rest.next());
        }
        return new ClientOptions(List.copyOf(words), Map.copyOf(options));
    }

    URI server() {
        String given =
                options.getOrDefault("server", System.getenv().getOrDefault("FLOWSCRIPT_SERVER", DEFAULT_SERVER));
        URI uri;
        try {
            uri = URI.create(given.endsWith("/") ? given.substring(0, given.length() - 1) : given);
        } catch (IllegalArgumentException e) {
            throw notAServer(given);
        }
        if (uri.getHost() == null || !Set.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
            throw notAServer(given);
        }
        return uri;
    }

    /** Whether only the questions, what is wrong, and the end are shown. */
    boolean quiet() {
        return options.containsKey(QUIET);
    }

    /** The query of each request, which tells a development server who sends it; empty for nobody in particular. */
    String query() {
        String user = options.get("user");
        return user == null ? "" : "?user=" + ServerApi.segment(user);
    }

    String word(int index, String what) {
        if (index >= words.size()) {
            throw new FlowScriptException("invalid_option", "This command needs " + what);
        }
        return words.get(index);
    }

    @Nullable
    String option(String name) {
        return options.get(name);
    }

    private static FlowScriptException notAServer(String given) {
        return new FlowScriptException(
                "invalid_option",
                "\"" + given + "\" is not a server's address; use an address such as " + DEFAULT_SERVER);
    }
}
