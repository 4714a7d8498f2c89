package io.flowscript.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The client process: groups of connections, all read by one thread. It carries out the lines of its input and answers
 * each with a line. Until the next line comes, it reads what the connections receive.
 *
 * <ul>
 *   <li>{@code open GROUP PORT COUNT v1|v2|raw|socketio|bayeux counting|checking|live|stalled|marked|aged|watching,EXECUTIONS,FILE}:
 *       connects; answers when all subscriptions are in force. Live are clients of the execution whose events come at a steady rate. Marked and aged are clients of any server; aged ones also read how old
 *       events are. Watching are clients of several executions, whose commit times are in the file.
 *   <li>{@code expect GROUP N}: resets the counts; {@code wait GROUP N} answers when each connection has N events, with
 *       the time at which the last one had them.
 *   <li>{@code replay GROUP SEQ}: subscribes again after that event.
 *   <li>{@code follow GROUP FROM TO all|some}: subscribes the first connection to those {@linkplain WaitingExecutions executions that wait},
 *       to all their events or to their cancelling alone, and answers when all subscriptions are in force.
 *   <li>{@code close GROUP}: cuts the connections; {@code leave GROUP} ends them in order; {@code return GROUP SEQ}: reconnects after that event,
 *       and answers when all subscriptions are in force.
 *   <li>{@code run GROUP MILLIS CUTS}: reads for that time, cuts CUTS random connections per second, and reconnects them.
 *   <li>{@code caught-up GROUP SEQ}: reads until each connection has that event.
 *   <li>{@code ages}: quantiles of the events' ages; {@code problems}: what was wrong.
 * </ul>
 */
final class ClientProcess {

    private static final int BUFFER_BYTES = 256 << 10;
    private static final int SMALL_RECEIVE_BUFFER = 4 << 10;

    /** How many connections are opened at a time. */
    private static final int CONNECTING_AT_ONCE = 1_000;

    /** How many tenths of a second may pass without anything to read while something is expected. */
    private static final int PATIENCE = 1_200;

    /** The responses to each subscription: {@code subscribed} and {@code execution_status}. */
    static final int REPLIES = 2;

    /** The position of a client that wants what is new. */
    static final String LATEST = "\"latest\"";

    private final BlockingQueue<String> commands = new ArrayBlockingQueue<>(1);
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Map<String, List<Connection>> groups = new HashMap<>();
    private final Map<String, String[]> kinds = new HashMap<>();
    private final Histogram ages = new Histogram(3);
    private final Random random = new Random(7);
    private @Nullable CommitTimes times;
    private int ungreeted;
    private int ended;

    private ClientProcess() throws IOException {}

    static void main() throws IOException {
        ClientProcess client = new ClientProcess();
        Thread listener = new Thread(client::listen, "commands");
        listener.setDaemon(true);
        listener.start();
        for (String line = client.nextCommand(); !line.equals("end"); line = client.nextCommand()) {
            LoadProcess.answer(client.answer(line.split(" ")));
        }
    }

    /** {@return how many messages a client of that framing gets when it has subscribed} */
    static int greetings(String framing) {
        return framing.equals("raw") ? 1 : 1 + REPLIES;
    }

    private void listen() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                hand(line);
            }
            hand("end");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hand(String command) throws InterruptedException {
        commands.put(command);
        selector.wakeup();
    }

    /** Reads what the connections receive until there is a command. */
    private String nextCommand() throws IOException {
        String command = commands.poll();
        while (command == null) {
            read(0);
            command = commands.poll();
        }
        return command;
    }

    private String answer(String... command) throws IOException {
        String group = command.length > 1 ? command[1] : "";
        List<Connection> members = groups.computeIfAbsent(group, name -> new ArrayList<>());
        switch (command[0]) {
            case "open" -> {
                kinds.put(group, command);
                return connect(members, command, Integer.parseInt(command[3]));
            }
            case "expect" -> {
                members.forEach(member -> member.inbound().countAnew());
                return "ok";
            }
            case "wait" -> {
                long wanted = Long.parseLong(command[2]);
                readUntilAll(members, member -> member.inbound().events() >= wanted);
                return "done " + System.nanoTime();
            }
            case "replay" -> {
                long begun = System.nanoTime();
                for (Connection member : members) {
                    member.say(subscribe(command[2]));
                }
                return "begun " + begun;
            }
            case "follow" -> {
                return follow(members.get(0), Integer.parseInt(command[2]), Integer.parseInt(command[3]), command[4]);
            }
            case "close" -> {
                for (Connection member : members) {
                    member.cut();
                }
                selector.selectNow();
                return "ok";
            }
            case "leave" -> {
                for (Connection member : members) {
                    member.leave();
                }
                readUntil(() -> members.stream().noneMatch(Connection::isOpen));
                return "ok";
            }
            case "return" -> {
                return comeBack(members, kinds.get(group), command[2]);
            }
            case "run" -> {
                run(members, Long.parseLong(command[2]), Integer.parseInt(command[3]));
                return "ok";
            }
            case "caught-up" -> {
                long wanted = Long.parseLong(command[2]);
                readUntilAll(members, member -> ((Inbound.Checking) member.inbound()).seq() >= wanted);
                return "ok";
            }
            case "ages" -> {
                String answer = "ages " + ages.getValueAtPercentile(50) + " " + ages.getValueAtPercentile(99) + " "
                        + ages.getTotalCount();
                ages.reset();
                return answer;
            }
            case "cpu" -> {
                return "cpu " + Machine.cpu();
            }
            case "problems" -> {
                return "problems " + problems();
            }
            default -> throw new IllegalArgumentException("There is no command " + command[0]);
        }
    }

    private String connect(List<Connection> members, String[] kind, int count) throws IOException {
        long begun = System.nanoTime();
        for (int i = 0; i < count; i++) {
            members.add(kind[5].startsWith("watching,") ? watching(kind, i) : connection(kind, null, LATEST));
            readUntil(() -> ungreeted < CONNECTING_AT_ONCE);
        }
        readUntil(() -> ungreeted == 0);
        if (kind[5].equals("stalled")) {
            members.forEach(Connection::stall);
        }
        return "connected " + (System.nanoTime() - begun);
    }

    private String comeBack(List<Connection> members, String[] kind, String after) throws IOException {
        List<Connection> before = List.copyOf(members);
        members.clear();
        long begun = System.nanoTime();
        for (Connection gone : before) {
            members.add(connection(kind, gone.inbound(), after));
            readUntil(() -> ungreeted < CONNECTING_AT_ONCE);
        }
        readUntil(() -> ungreeted == 0);
        return "connected " + (System.nanoTime() - begun);
    }

    /** Connects. {@code past} has what the client has received before; null for a new one. */
    private Connection connection(String[] kind, @Nullable Inbound past, String after) throws IOException {
        if (kind[5].equals("marked") || kind[5].equals("aged")) {
            ungreeted++;
            Inbound inbound = new Marked(kind[5].equals("aged") ? ages : null);
            return new Connection(
                    selector, Integer.parseInt(kind[2]), Greeting.of(kind[4]), 0, inbound, () -> ungreeted--);
        }
        boolean lines = kind[4].equals("v2");
        boolean isLive = kind[5].equals("live");
        Inbound inbound = past != null
                ? past
                : isLive || kind[5].equals("checking")
                        ? new Inbound.Checking(lines, ages)
                        : new Inbound.Counting(lines);
        ungreeted++;
        return new Connection(
                selector,
                Integer.parseInt(kind[2]),
                new Greeting.Counted(
                        subscribe(isLive ? Events.LIVE_EXECUTION : Events.EXECUTION, after), lines, greetings(kind[4])),
                kind[5].equals("stalled") ? SMALL_RECEIVE_BUFFER : 0,
                inbound,
                () -> ungreeted--);
    }

    private String follow(Connection member, int from, int to, String what) throws IOException {
        long begun = System.nanoTime();
        long wanted = member.inbound().events() + (long) REPLIES * (to - from);
        String executions = IntStream.range(from, to)
                .mapToObj(
                        number -> "{\"executionId\":\"" + WaitingExecutions.id(number) + "\",\"after\":" + LATEST + "}")
                .collect(Collectors.joining(","));
        String filter = what.equals("some") ? ",\"types\":[\"workflow_cancelled\"]" : "";
        member.say("{\"type\":\"subscribe\",\"data\":{\"executions\":[" + executions + "]" + filter + "}}");
        readUntil(() -> member.inbound().events() >= wanted);
        return "followed " + (System.nanoTime() - begun);
    }

    private Connection watching(String[] kind, int number) throws IOException {
        String[] how = kind[5].split(",");
        int executions = Integer.parseInt(how[1]);
        if (times == null) {
            times = CommitTimes.in(Path.of(how[2]), executions);
        }
        CommitTimes commits = times;
        int execution = number % executions;
        ungreeted++;
        return new Connection(
                selector,
                Integer.parseInt(kind[2]),
                new Greeting.Counted(subscribe(DurableServer.id(execution), LATEST), true, greetings("v2")),
                0,
                new Inbound.Checking(true, ages, seq -> commits.get(execution, seq)),
                () -> ungreeted--);
    }

    static String subscribe(String after) {
        return subscribe(Events.EXECUTION, after);
    }

    static String subscribe(String executionId, String after) {
        return "{\"type\":\"subscribe\",\"data\":{\"executionId\":\"" + executionId + "\",\"after\":" + after + "}}";
    }

    private void run(List<Connection> members, long millis, int cuts) throws IOException {
        long begun = System.nanoTime();
        long end = begun + millis * 1_000_000;
        String[] kind = kinds.values().iterator().next();
        long cut = 0;
        for (long now = begun; now < end; now = System.nanoTime()) {
            read(5);
            while (cuts > 0 && cut * 1_000_000_000L < (now - begun) * cuts) {
                cut++;
                int chosen = random.nextInt(members.size());
                Connection gone = members.get(chosen);
                gone.cut();
                Inbound.Checking past = (Inbound.Checking) gone.inbound();
                past.cut();
                members.set(chosen, connection(kind, past, past.seq() < 0 ? LATEST : String.valueOf(past.seq())));
            }
        }
    }

    private String problems() {
        List<String> problems = new ArrayList<>();
        LongAdder missed = new LongAdder();
        groups.values()
                .forEach(members -> members.forEach(member -> {
                    if (member.inbound() instanceof Inbound.Checking checking) {
                        missed.add(checking.missed());
                        if (!checking.problem().isEmpty()) {
                            problems.add(checking.problem());
                        }
                    }
                }));
        return problems.size() + " ended " + ended + " missed " + missed
                + (problems.isEmpty() ? "" : " such as " + problems.get(0));
    }

    /** Reads until something holds of all members, which holds of each for good once it does. */
    private void readUntilAll(List<Connection> members, Predicate<Connection> holds) throws IOException {
        int[] first = {0};
        readUntil(() -> {
            while (first[0] < members.size() && holds.test(members.get(first[0]))) {
                first[0]++;
            }
            return first[0] == members.size();
        });
    }

    private void readUntil(BooleanSupplier done) throws IOException {
        int idle = 0;
        while (!done.getAsBoolean()) {
            idle = read(100) == 0 ? idle + 1 : 0;
            if (idle == PATIENCE) {
                throw new IOException("Nothing has come for " + PATIENCE / 10 + " seconds, and more was expected");
            }
        }
    }

    private int read(long millis) throws IOException {
        return selector.select(this::ready, millis);
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isConnectable()) {
                connection.connected();
            } else if (key.isReadable() && !connection.read(buffer)) {
                ended++;
                key.channel().close();
            }
        } catch (CancelledKeyException cut) {
            // by this client
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
