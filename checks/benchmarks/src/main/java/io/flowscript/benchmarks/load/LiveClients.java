package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.util.Locale;

/**
 * Clients that follow the execution whose events come at a steady rate while something is done with others. They are in a process of their
 * own, so that their times do not depend on what other clients read.
 */
record LiveClients(LoadProcess process) implements AutoCloseable {

    /** How old events were when they arrived. */
    record Ages(double p50Millis, double p99Millis, long events) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "p50 %.1f ms, p99 %.1f ms of %,d events", p50Millis, p99Millis, events);
        }
    }

    static LiveClients of(int port, int count, String framing) throws IOException {
        LoadProcess process = new LoadProcess(1, "256m", "client");
        process.tell("open live " + port + " " + count + " " + framing + " live");
        return new LiveClients(process);
    }

    /** {@return the ages of the events since the last call} */
    Ages ages() throws IOException {
        String[] ages = process.tell("ages").split(" ");
        return new Ages(Long.parseLong(ages[1]) / 1e6, Long.parseLong(ages[2]) / 1e6, Long.parseLong(ages[3]));
    }

    String problems() throws IOException {
        return process.tell("problems");
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
