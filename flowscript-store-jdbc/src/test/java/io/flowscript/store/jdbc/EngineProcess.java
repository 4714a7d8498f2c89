package io.flowscript.store.jdbc;

import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.store.jdbc.CrashLines.Kind;
import io.flowscript.store.jdbc.CrashLines.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The program of another process: an engine with a store that runs executions to their end, or until it is killed. Started
 * again, it goes on with those that are there, its two people send again what they have sent, and its cursors go on where
 * they were. It notes what it sees in {@link CrashLines}.
 */
final class EngineProcess implements CrashWorkflow.Watch {

    private static final PauseToken END = new PauseToken("end", "end", "end");

    private final CrashLines lines;
    private final List<Line> before;
    private final String process;
    private final Set<String> followed = ConcurrentHashMap.newKeySet();
    private final ExecutorService follower = Executors.newSingleThreadExecutor(EngineProcess::daemon);
    private final CountDownLatch read;

    private EngineProcess(Path file, int executions) throws IOException {
        before = CrashLines.read(file);
        lines = CrashLines.append(file);
        read = new CountDownLatch(executions);
        process = String.valueOf(
                before.stream().filter(line -> line.kind() == Kind.PROCESS).count());
        lines.add(Kind.PROCESS, process);
    }

    /**
     * Starts the program.
     *
     * @param directory where it may leave files
     * @param url the URL of the store
     * @param file the file of its lines
     * @param executions how many executions it has
     * @return the process. It prints a byte for each line.
     */
    static Process start(Path directory, String url, Path file, int executions) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-Dorg.sqlite.tmpdir=" + directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        EngineProcess.class.getName(),
                        url,
                        file.toString(),
                        String.valueOf(executions))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        int executions = Integer.parseInt(arguments[2]);
        EngineProcess program = new EngineProcess(Path.of(arguments[1]), executions);
        try {
            program.run(open(arguments[0]), executions);
        } catch (Exception e) {
            program.lines.add(Kind.WRONG, "the process ends with " + e);
            throw e;
        }
    }

    /** A server may not know yet that the process before is gone. */
    private static JdbcStore open(String url) {
        return await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsMatching(thrown ->
                        thrown instanceof FlowScriptException e && e.code().equals("store_in_use"))
                .until(() -> JdbcStore.open(url), store -> true);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    private void run(JdbcStore store, int executions) throws Exception {
        List<Person> people = List.of(new Person("ada"), new Person("bob"));
        try (FlowScript flows = CrashWorkflow.engine(this).store(store).build()) {
            flows.executions().onCreated(this::follow);
            flows.executions().onInteraction(execution -> ask(people, execution));
            people.forEach(person -> person.start(flows));
            for (int i = 0; i < executions; i++) {
                Execution execution = begin(flows, "run-" + i);
                follow(execution);
                ask(people, execution);
            }
            for (int i = 0; i < executions; i++) {
                flows.executions().find("run-" + i).orElseThrow().result().join();
            }
            people.forEach(person -> person.asked.add(END));
            for (Person person : people) {
                person.thread.join();
            }
            read.await();
        }
        lines.add(Kind.DONE);
    }

    private Execution begin(FlowScript flows, String id) {
        Optional<Execution> found = flows.executions().find(id);
        if (found.isPresent()) {
            return found.get();
        }
        if (before.stream()
                .anyMatch(line -> line.kind() == Kind.STARTED && line.at(0).equals(id))) {
            lines.add(Kind.WRONG, id + " was started and is lost");
        }
        Execution started = flows.start(CrashWorkflow.ID, Map.of(), id);
        lines.add(Kind.STARTED, id);
        return started;
    }

    private static void ask(List<Person> people, Execution execution) {
        for (Interaction open : execution.interactions()) {
            people.forEach(person -> person.asked.add(open.token()));
        }
    }

    // What cursors see.

    private void follow(Execution execution) {
        if (followed.add(execution.id())) {
            Cursor cursor = execution.events().cursor(lastSeen(execution.id()));
            follower.execute(() -> read(cursor));
        }
    }

    private Position lastSeen(String id) {
        Position last = Position.START;
        for (Line line : before) {
            if (line.kind() == Kind.SEEN && line.at(0).equals(id)) {
                last = Position.after(line.at(1), Long.parseLong(line.at(2)));
            }
        }
        return last;
    }

    private void read(Cursor cursor) {
        while (true) {
            Read next = cursor.read(8);
            if (next instanceof Read.Events some) {
                for (RecordedEvent event : some.events()) {
                    seen(lines, event);
                }
            } else if (next instanceof Read.Missed missed) {
                lines.add(Kind.WRONG, "a cursor of " + cursor.log().executionId() + " has lost events: " + missed);
            } else if (next instanceof Read.Nothing) {
                cursor.wakeWhenReadable(() -> follower.execute(() -> read(cursor)));
                return;
            } else {
                read.countDown();
                return;
            }
        }
    }

    private static void seen(CrashLines lines, RecordedEvent event) {
        lines.add(
                Kind.SEEN,
                event.executionId(),
                event.epoch(),
                event.seq(),
                event.event().type(),
                CrashHistory.inFull(event));
    }

    // What nodes do.

    @Override
    public void called(ExecutionContext context, String stage) {
        lines.add(
                Kind.CALLED, context.runtime().executionId(), context.runtime().nodeId(), context.attempt(), stage);
    }

    @Override
    public void finishes(ExecutionContext context, String stage, String outcome) {
        lines.add(
                Kind.FINISHED,
                context.runtime().executionId(),
                context.runtime().nodeId(),
                context.attempt(),
                stage,
                outcome);
    }

    /** Answers every question once in each process, always with the answer and the key of the first time. */
    private final class Person {

        final BlockingQueue<PauseToken> asked = new LinkedBlockingQueue<>();
        private final String name;
        private final Map<PauseToken, String> answers = new HashMap<>();
        private Thread thread = new Thread();

        Person(String name) {
            this.name = name;
            for (Line line : before) {
                if (line.kind() == Kind.ANSWERING && line.at(3).equals(name)) {
                    PauseToken token = new PauseToken(line.at(0), line.at(1), line.at(2));
                    answers.put(token, line.at(4));
                    asked.add(token);
                }
            }
        }

        void start(FlowScript flows) {
            thread = daemon(() -> answerAll(flows));
            thread.start();
        }

        private void answerAll(FlowScript flows) {
            Set<PauseToken> sent = new HashSet<>();
            try {
                for (PauseToken token = asked.take(); !token.equals(END); token = asked.take()) {
                    if (sent.add(token)) {
                        answer(flows, token);
                    }
                }
            } catch (InterruptedException | RuntimeException e) {
                lines.add(Kind.WRONG, name + " cannot answer: " + e);
            }
        }

        private void answer(FlowScript flows, PauseToken token) {
            String answer = answers.get(token);
            if (answer == null) {
                answer = name + "-" + process;
                lines.add(Kind.ANSWERING, token.executionId(), token.nodeId(), token.tokenId(), name, answer);
            }
            Receipt receipt = flows.interactions()
                    .answer(token, answer, AnswerOptions.by(Identity.of(name)).idempotencyKey(name + token.tokenId()));
            if (receipt instanceof Receipt.Accepted accepted) {
                lines.add(
                        Kind.ACCEPTED,
                        token.executionId(),
                        token.nodeId(),
                        token.tokenId(),
                        name,
                        answer,
                        accepted.at());
            } else if (receipt instanceof Receipt.AlreadyResolved) {
                lines.add(Kind.TOO_LATE, token.executionId(), token.nodeId(), token.tokenId(), name);
            } else {
                lines.add(Kind.WRONG, name + " answered " + token + " and got " + receipt);
            }
        }
    }
}
