package io.flowscript.examples;

import io.flowscript.core.FlowScriptException;
import io.flowscript.examples.cli.ClientCommands;
import io.flowscript.examples.server.ExampleServer;
import io.flowscript.examples.server.ServerOptions;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Starts the demo application, or its command-line client, from one jar. */
public final class ExamplesMain {

    static final String USAGE = """
            FlowScript examples

              serve [--port N] [--workflows DIR] [--data DIR | --jdbc URL] [--restored] [--quiet]
                                                  start the demo server (the default); port 0 picks a free one.
                                                  Executions are kept in a file in DIR, in a database, or in memory.
                                                  In memory, two colleagues start workflows and answer, unless --quiet
              watch EXECUTION                     show an execution's events as they happen
              run WORKFLOW [--input JSON]         start a workflow and show its events; answer its questions here
              answer EXECUTION [JSON] [--node ID] answer an open question of an execution
              list                                show the workflows and the executions

            Options of watch, run, answer and list:
              --server URL   the server; http://localhost:3013 unless FLOWSCRIPT_SERVER sets another
              --user NAME    who you are; nobody in particular if it is left out
              --quiet        show only the questions, what is wrong, and the end
            """;

    private ExamplesMain() {}

    /**
     * Runs one command.
     *
     * @param args see {@link #USAGE}
     */
    public static void main(String[] args) {
        int status = run(List.of(args), System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    static int run(List<String> args, PrintStream out, PrintStream err) {
        String command = args.isEmpty() || args.get(0).startsWith("--") ? "serve" : args.get(0);
        List<String> rest = args.isEmpty() || args.get(0).startsWith("--") ? args : args.subList(1, args.size());
        if (args.stream().anyMatch(arg -> arg.equals("--help") || arg.equals("-h")) || command.equals("help")) {
            out.print(USAGE);
            return 0;
        }
        try {
            if (command.equals("serve")) {
                serve(ServerOptions.parse(rest), out, err);
                return 0;
            }
            return ClientCommands.run(command, rest, System.in, out);
        } catch (FlowScriptException e) {
            err.println(e.getMessage());
            if (Arrays.asList("unknown_command", "unknown_option").contains(e.code())) {
                err.print(USAGE);
            }
            return 2;
        }
    }

    private static void serve(ServerOptions options, PrintStream out, PrintStream err) {
        CountDownLatch ended = new CountDownLatch(1);
        ExampleServer server = ExampleServer.start(options);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.close();
                            ended.countDown();
                        },
                        "flowscript-shutdown"));
        server.refused().forEach(problem -> err.println("Not served: " + problem));
        out.println("FlowScript listening on http://localhost:" + server.port());
        out.println(server.welcome());
        out.flush();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
