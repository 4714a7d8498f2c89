package io.flowscript.store.jdbc;

import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.testkit.crash.CrashWorkflows;
import io.flowscript.testkit.crash.Observation;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;

/**
 * An engine with a store that runs executions to their end, or until its process is killed. Started again, it goes on with those
 * that are there, its people answer again what they have been asked, and its subscriber goes on where it was. It notes what they
 * observe in {@link CrashLines}.
 */
final class EngineProcess {

    private static final Duration PACE = Duration.ofMillis(2);
    private static final String SUBSCRIBER = "early";
    private static final PauseToken END = new PauseToken("end", "end", "end");

    private final CrashLines lines;
    private final List<Observation> before;
    private final Set<String> followed = ConcurrentHashMap.newKeySet();
    private final ExecutorService follower = Executors.newSingleThreadExecutor(EngineProcess::daemon);
    private final List<Person> people = List.of(new Person("ada"), new Person("bob"), new Person("cy"));
    private final CountDownLatch read;
    private FlowScript flows;

    private EngineProcess(CrashLines lines, List<Observation> before, int executions) {
        this.lines = lines;
        this.before = before;
        this.read = new CountDownLatch(executions);
    }

    /**
     * Starts it in another process.
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
        run(
                open(arguments[0]),
                Path.of(arguments[1]),
                Integer.parseInt(arguments[2]),
                new FileOutputStream(FileDescriptor.out));
    }

    /**
     * Runs it in this process, to the end of all executions.
     *
     * @param store the store, which is closed then
     * @param file the file of its lines
     * @param executions how many executions it has
     * @param counted gets a byte for each line
     */
    static void run(ExecutionStore store, Path file, int executions, OutputStream counted) throws Exception {
        List<Observation> before = CrashLines.read(file).observations();
        CrashLines lines = CrashLines.append(file, counted);
        try {
            new EngineProcess(lines, before, executions).run(store, executions);
        } catch (Exception e) {
            lines.wrong("the process ends with " + e);
            throw e;
        }
    }

    /** A server may not know yet that the process before is gone. */
    static JdbcStore open(String url) {
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

    private void run(ExecutionStore store, int executions) throws Exception {
        try (FlowScript engine = new CrashWorkflows(lines::add, PACE, ForkJoinPool.commonPool())
                .addTo(FlowScript.builder())
                .store(store)
                .build()) {
            flows = engine;
            flows.executions().onCreated(this::follow);
            flows.executions().onInteraction(this::ask);
            people.forEach(Person::start);
            List<String> ids =
                    IntStream.range(0, executions).mapToObj(i -> "run-" + i).toList();
            ids.forEach(this::begin);
            for (String id : ids) {
                Execution ended = flows.executions().find(id).orElseThrow();
                lines.add(new Observation.Ended(id, ended.result().get().status()));
            }
            people.forEach(person -> person.asked.add(END));
            for (Person person : people) {
                person.thread.join();
            }
            read.await();
        }
        follower.shutdown();
    }

    private void begin(String id) {
        Execution execution = flows.executions().find(id).orElse(null);
        if (execution == null) {
            execution = flows.start(CrashWorkflows.TOUR, Map.of(), id);
            lines.add(new Observation.Started(id));
        }
        follow(execution);
        ask(execution);
    }

    // What the subscriber sees.

    private void follow(Execution execution) {
        if (followed.add(execution.id())) {
            Cursor cursor = execution.events().cursor(lastSeen(execution.id()));
            follower.execute(() -> read(cursor));
        }
    }

    private Position lastSeen(String id) {
        Position last = Position.START;
        for (Observation observation : before) {
            if (observation instanceof Observation.Seen seen
                    && seen.executionId().equals(id)) {
                last = Position.after(seen.epoch(), seen.seq());
            }
        }
        return last;
    }

    private void read(Cursor cursor) {
        while (true) {
            Read next = cursor.read(8);
            if (next instanceof Read.Events some) {
                for (RecordedEvent event : some.events()) {
                    lines.add(Observation.Seen.of(SUBSCRIBER, event));
                }
            } else if (next instanceof Read.Missed missed) {
                lines.add(new Observation.Missed(cursor.log().executionId(), SUBSCRIBER, missed.toString()));
            } else if (next instanceof Read.Nothing) {
                cursor.wakeWhenReadable(() -> follower.execute(() -> read(cursor)));
                return;
            } else {
                read.countDown();
                return;
            }
        }
    }

    // What people do.

    private void ask(Execution execution) {
        for (Interaction open : execution.interactions()) {
            people.forEach(person -> person.asked.add(open.token()));
        }
    }

    /** Answers every question once in each process, always with the same answer and the same key. */
    private final class Person {

        final BlockingQueue<PauseToken> asked = new LinkedBlockingQueue<>();
        private final Identity self;
        private Thread thread = new Thread();

        Person(String name) {
            self = Identity.of(name);
        }

        void start() {
            for (Observation observation : before) {
                if (observation instanceof Observation.Asked question) {
                    asked.add(new PauseToken(question.executionId(), question.nodeId(), question.tokenId()));
                }
            }
            thread = daemon(this::answerAll);
            thread.start();
        }

        private void answerAll() {
            Set<PauseToken> sent = ConcurrentHashMap.newKeySet();
            try {
                for (PauseToken token = asked.take(); !token.equals(END); token = asked.take()) {
                    if (sent.add(token)) {
                        answer(token);
                    }
                }
            } catch (InterruptedException | RuntimeException e) {
                lines.wrong(self.name() + " cannot answer: " + e);
            }
        }

        private void answer(PauseToken token) {
            lines.add(Observation.Asked.of(token));
            Interaction question = flows.interactions().find(token).orElse(null);
            if (question == null) {
                lines.wrong(token + " is not known any more");
                return;
            }
            Object answer = CrashWorkflows.answers(question).get(self.name());
            if (answer != null) {
                Receipt receipt = flows.interactions()
                        .answer(token, answer, AnswerOptions.by(self).idempotencyKey(self.name() + token.tokenId()));
                lines.add(Observation.Answered.of(token, self, answer, receipt));
            }
        }
    }
}
