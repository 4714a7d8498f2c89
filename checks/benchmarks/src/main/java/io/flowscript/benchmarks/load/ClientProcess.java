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
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The client process: groups of connections, all read by one thread. It carries out the lines of its input and answers
 * each with a line.
 *
 * <ul>
 *   <li>{@code open GROUP PORT COUNT v1|v2|raw counting|checking|live|stalled|watching,EXECUTIONS,FILE}: connects; answers
 *       when all subscriptions are in force. Live are clients of the execution whose events come at a steady rate. Watching
 *       are clients of several executions, whose commit times are in the file.
 *   <li>{@code expect GROUP N}: resets the counts; {@code wait GROUP N} answers when each connection has N events, with
 *       the time at which the last one had them.
 *   <li>{@code follow GROUP FROM TO all|some}: subscribes the first connection to what follows in those waiting executions,
 *       with or without a filter, and answers when all subscriptions are in force.
 *   <li>{@code replay GROUP SEQ}: subscribes again after that event.
 *   <li>{@code close GROUP}: cuts the connections; {@code return GROUP SEQ}: reconnects after that event, and answers when
 *       all subscriptions are in force.
 *   <li>{@code watch}: reads until the next line comes, so that pings are answered; at most some minutes.
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

    /** The number of greetings: {@code connected}, {@code subscribed} and {@code execution_status}. */
    private static final int GREETINGS = 3;

    /** The number of responses to each subscription. */
    private static final int REPLIES = 2;

    private static final long LONGEST_WATCH_NANOS = 600_000_000_000L;
    private static final String LATEST = "\"latest\"";

    private final BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Map<String, List<Connection>> groups = new HashMap<>();
    private final Map<String, String[]> kinds = new HashMap<>();
    private final Samples ages = new Samples();
    private final Random random = new Random(7);
    private @Nullable CommitTimes times;
    private int ungreeted;
    private int ended;

    private ClientProcess() throws IOException {}

    static void main() throws IOException {
        ClientProcess client = new ClientProcess();
        for (String line = client.commands.readLine();
                line != null && !line.equals("end");
                line = client.commands.readLine()) {
            System.out.println(client.answer(line.split(" ")));
        }
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
            case "return" -> {
                return comeBack(members, kinds.get(group), command[2]);
            }
            case "watch" -> {
                long begun = System.nanoTime();
                while (!commands.ready() && System.nanoTime() - begun < LONGEST_WATCH_NANOS) {
                    read(5);
                }
                return "ok";
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
                String answer = "ages " + ages.quantile(0.5) + " " + ages.quantile(0.99) + " " + ages.count();
                ages.clear();
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
                subscribe(isLive ? Events.LIVE_EXECUTION : Events.EXECUTION, after),
                lines,
                kind[5].equals("stalled") ? SMALL_RECEIVE_BUFFER : 0,
                inbound,
                kind[4].equals("raw") ? 1 : GREETINGS,
                () -> ungreeted--);
    }

    private String follow(Connection member, int from, int to, String what) throws IOException {
        long begun = System.nanoTime();
        long wanted = member.inbound().events() + (long) REPLIES * (to - from);
        String executions = IntStream.range(from, to)
                .mapToObj(number -> "{\"executionId\":\"" + Events.waiting(number) + "\",\"after\":\"latest\"}")
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
                subscribe(DurableServer.id(execution), LATEST),
                true,
                0,
                new Inbound.Checking(true, ages, seq -> commits.get(execution, seq)),
                GREETINGS,
                () -> ungreeted--);
    }

    static String subscribe(String after) {
        return subscribe(Events.EXECUTION, after);
    }

    private static String subscribe(String executionId, String after) {
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

    /** Reads until something holds of all members, which once it holds of one holds for good. */
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
        while (!done.getAsBoolean()) {
            read(100);
        }
    }

    private void read(long millis) throws IOException {
        selector.select(this::ready, millis);
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
