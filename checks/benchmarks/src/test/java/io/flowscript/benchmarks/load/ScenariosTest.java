package io.flowscript.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The load program runs. Its runs here are too short for meaningful figures. */
@Timeout(120)
@Tag("slow")
@Tag("long")
class ScenariosTest {

    @Test
    void aBurstReachesEveryClientOfEachKind() throws Exception {
        assertThat(output("burst", "clients=3", "events=500", "rounds=1", "warmup=0"))
                .contains("burst of 500 events to 3 clients", "raw ", "v1 ", "v2 ", "v1 again", "v2 again");
    }

    @Test
    void whatAnEventCostsIsMeasured() throws Exception {
        assertThat(output("allocation", "events=500", "rounds=1", "warmup=0"))
                .containsPattern("to nobody +bytes allocated [1-9].*us of CPU [0-9]")
                .containsPattern("to local +bytes allocated [1-9].*us of CPU [0-9]")
                .containsPattern("to websocket +bytes allocated [1-9].*us of CPU [0-9]");
    }

    @Test
    void idleConnectionsAreMeasured() throws Exception {
        assertThat(output("idle", "clients=50", "rounds=1", "warmup=1", "of=v2", "classes=200"))
                .containsPattern("v2 +bytes for each of 50 connections: heap [1-9]")
                .containsPattern("1\\.00 of io.flowscript.events.delivery.Session\\n");
    }

    @Test
    void clientsComeBackWholeAndNothingIsLeft() throws Exception {
        assertThat(output(
                        "reconnect",
                        "clients=20",
                        "events=50",
                        "rounds=1",
                        "how=checking",
                        "live=3",
                        "rate=100",
                        "quiet=50"))
                .contains("20 clients, 50 events behind", "gauges connections=23", "outstandingBytes=0")
                .containsPattern("raw +reconnected after [0-9]")
                .containsPattern("v2 +reconnected after [0-9]")
                .containsPattern("before p50 [0-9.]+ ms, p99 [0-9.]+ ms of [1-9][0-9]* events")
                .contains("problems 0 ended 0 missed 0; of the others problems 0 ended 0 missed 0");
    }

    @Test
    void oneClientFollowsMany() throws Exception {
        assertThat(output("subscriptions", "counts=30", "live=3", "of=some"))
                .containsPattern("30 subscriptions to some events, the first client: [0-9]")
                .containsPattern("30 subscriptions to some events, the second client: [0-9]")
                .containsPattern("all are cancelled, and the client knows, after [0-9]")
                .contains("problems 0 ended 0 missed 0");
    }

    @Test
    void storesAreMeasured() throws Exception {
        assertThat(output("store", "on=sqlite", "flight=4", "seconds=1", "rounds=1"))
                .containsPattern("raw +[1-9].*steps/s")
                .containsPattern("store +[1-9].*of raw")
                .containsPattern("engine +[1-9].*of raw");
        assertThat(output("state", "on=sqlite", "rounds=1", "steps=20"))
                .contains("1 KB", "1 MB in one value", "of the first");
        assertThat(output("waiting", "on=sqlite", "count=200"))
                .contains("200 started", "200 listed", "one accepted", "99 answers");
    }

    @Test
    void watchersAreTold() throws Exception {
        assertThat(output("watchers", "on=sqlite", "executions=4", "watchers=8", "rate=40", "warmup=1", "seconds=1"))
                .contains("4 executions, 8 watchers")
                .containsPattern("40 steps/s asked, [1-9].*[1-9][0-9]* received; commit to arrival")
                .contains("problems 0 ended 0 missed 0");
    }

    @Test
    void peopleComeAndGoAndNothingIsLeft() throws Exception {
        assertThat(output("churn", "seconds=3", "people=1", "restart=1"))
                .contains("restart 1", "connections=0", "problems 0", "threads left: []");
    }

    /** Without the others, which a build does not have. */
    @Test
    void serversAndEnginesAreMeasuredInTurn() throws Exception {
        assertThat(output("peers", "quick", "with=FlowScript v2", "idle=20", "events1=200"))
                .containsPattern("\\| FlowScript v2 \\|( [0-9.,]+ \\|){6}")
                .containsPattern("\\| FlowScript v2 \\|( [0-9.,]+ \\|){3}( -?[0-9.,]+ \\|){2}\n")
                .contains("performance-memory.svg");
        assertThat(output("engines", "quick", "with=FlowScript;CompletableFuture", "count=50"))
                .containsPattern("\\| FlowScript \\| [0-9]")
                .containsPattern("\\| CompletableFuture \\| [0-9]");
    }

    @Test
    void growthIsMeasured() throws Exception {
        String row = " \\|( -?[0-9.,]+ \\|){3}\n";
        assertThat(output("growth", "quick", "of=executions,workflows"))
                .containsPattern("\\| 100" + row + "\\| 1,000" + row + "\\| × 10 \\|( × -?[0-9.]+ \\|){3}")
                .contains("performance-growth-workflows.svg");
    }

    /** Without "start": classes that are in folders, as here, cannot be archived. */
    @Test
    void anEngineAloneIsMeasured() throws Exception {
        assertThat(output("steps", "rounds=1", "count=2000"))
                .containsPattern("warm M/s: [0-9].*bytes allocated each [1-9]");
        assertThat(output("executions", "rounds=1", "count=100")).containsPattern("forgotten, k/s: [0-9]");
        assertThat(output("deadlines", "count=50", "wait=2"))
                .contains("50 executions wait for one moment")
                .containsPattern("all have ended after [0-9]");
        assertThat(output("deadlines", "count=50", "kind=question", "clock=manual"))
                .containsPattern("all have ended after [0-9]");
        assertThat(output("cancel", "count=50")).containsPattern("all are cancelled after [0-9]");
    }

    @Test
    void saysWhatThereIs() throws Exception {
        assertThat(output())
                .contains(
                        "burst",
                        "peers",
                        "engines",
                        "growth",
                        "compare",
                        "paced",
                        "disturbed",
                        "stalled",
                        "reconnect",
                        "subscriptions",
                        "store",
                        "watchers",
                        "waiting",
                        "soak",
                        "churn");
    }

    private static String output(String... arguments) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            Scenarios.main(arguments);
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
