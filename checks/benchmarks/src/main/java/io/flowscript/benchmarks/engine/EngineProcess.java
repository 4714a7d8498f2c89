package io.flowscript.benchmarks.engine;

import io.flowscript.benchmarks.load.LoadProcess;
import io.flowscript.benchmarks.load.Machine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A process that runs executions of {@value #NODES} nodes in a row, each of which does nothing, on command: {@code run COUNT}. */
public final class EngineProcess {

    /** How many nodes an execution has. */
    public static final int NODES = 10;

    private EngineProcess() {}

    /** What runs executions. */
    public interface Load extends AutoCloseable {
        /**
         * Runs executions to their end.
         *
         * @param executions how many
         * @throws Exception if one fails
         */
        void run(int executions) throws Exception;

        /** {@return the name and the version of what runs, for people; empty if it is this project or the JDK} */
        String about();

        @Override
        void close();
    }

    /**
     * Carries out the commands of the input until it ends.
     *
     * @param served what runs the executions
     * @throws Exception if one fails
     */
    public static void serve(Load served) throws Exception {
        try (Load load = served;
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            LoadProcess.answer("ready " + load.about());
            for (String line = commands.readLine(); line != null && !line.equals("end"); line = commands.readLine()) {
                LoadProcess.answer(run(load, Integer.parseInt(line.split(" ")[1])));
            }
        }
    }

    /** {@return nanoseconds, those of the CPU, and the bytes that were allocated} */
    private static String run(Load load, int executions) throws Exception {
        long allocated = Machine.allocated();
        long cpu = Machine.cpu();
        long begun = System.nanoTime();
        load.run(executions);
        long nanos = System.nanoTime() - begun;
        return "ran " + nanos + " " + (Machine.cpu() - cpu) + " " + (Machine.allocated() - allocated);
    }

    /**
     * Returns what this module itself can run.
     *
     * @param kind {@code flowscript} or {@code futures}
     * @return what runs
     * @throws IOException if the kind is not known
     */
    public static Load of(String kind) throws IOException {
        return switch (kind) {
            case "flowscript" -> new FlowScriptLoad();
            case "futures" -> new FuturesLoad();
            default -> throw new IOException("There is no engine " + kind);
        };
    }
}
