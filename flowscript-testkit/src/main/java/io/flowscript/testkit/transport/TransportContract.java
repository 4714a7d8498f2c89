package io.flowscript.testkit.transport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.Transport;
import io.flowscript.testkit.threads.NewThreads;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;

/**
 * The contract of a transport, as numbered rules. The author of a transport extends this class, implements a few
 * methods, and runs it as a test.
 *
 * <pre>{@code
 * class LineTransportContractTest extends TransportContract {
 *     protected Transport transport() {
 *         return new LineTransport(0);
 *     }
 *
 *     protected Peer connect(Transport transport) throws IOException {
 *         return new LinePeer(((LineTransport) transport).port());
 *     }
 *
 *     protected Set<Capability> capabilities() {
 *         return Set.of(Capability.MESSAGES);
 *     }
 * }
 * }</pre>
 *
 * <p>The contract plays the bridge: it sends messages that look like real ones and records what the transport does. A
 * {@link Peer} plays the client. A rule that needs a {@link Capability} is skipped for a transport without it; most
 * rules need none. Each rule creates a new transport. No rule sleeps: what must happen is waited for, up to {@link
 * #patience}; what must not happen is watched for during {@link #calm}.
 *
 * <p>A client may use several connections in sequence; each response to a long poll ends one. T1, T2, T3, T10, T11
 * and T12 apply to a client over all its connections; the bridge continues at the position that the client names. In
 * T23 to T34, the end means the end of the client, which is closed again whenever it reconnects. All other rules
 * apply to each connection.
 *
 * @since 0.1.0
 */
public abstract class TransportContract {

    private static final int MEBIBYTE = 1 << 20;
    private static final int BULK_SENDS = 8;
    private static final int BULK_BYTES = 64 * 1024;
    private static final int MANY = 1_000;
    private static final int LOOKS = 10;
    private static final int MANY_MESSAGES = 100_000;

    private final List<TestConnection> lines = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private String rule = "";
    private NewThreads begun = NewThreads.fromNow();
    private @Nullable RecordingBridge recording;
    private @Nullable Transport started;
    private volatile boolean stopped;

    /** Called by the test framework. */
    protected TransportContract() {}

    // Implemented by the author of a transport.

    /**
     * Creates a transport. Called for each rule.
     *
     * @return a new transport, not started
     * @throws Exception if that fails
     */
    protected abstract Transport transport() throws Exception;

    /**
     * Connects a client to a transport.
     *
     * @param transport the transport of this rule, started or closed
     * @return a new client that reads; a client that is refused may be returned too if its {@link Peer#end} reports
     *     it
     * @throws Exception if the client is refused
     */
    protected abstract Peer connect(Transport transport) throws Exception;

    /** {@return the optional abilities that the transport has} */
    protected abstract Set<Capability> capabilities();

    /**
     * Returns the number of connections that the transport counts, for transports that count them.
     *
     * @param transport the transport of this rule
     * @return the number; empty if it is not known
     */
    protected OptionalInt connections(Transport transport) {
        return OptionalInt.empty();
    }

    /** {@return how long to wait for what must happen; default: ten seconds} */
    protected Duration patience() {
        return Duration.ofSeconds(10);
    }

    /** Whether the transport is known to hold up a send; only the tests of this contract know one that tells it. */
    boolean isHoldingUpASend() {
        return false;
    }

    /** {@return how long to watch for what must not happen; default: 200 milliseconds} */
    protected Duration calm() {
        return Duration.ofMillis(200);
    }

    /**
     * {@return the maximum number of bytes in buffers between the bridge and a client that does not read, in either
     * direction, including those of the operating system; default: 64 MiB}
     */
    protected long maxBuffered() {
        return 64L * MEBIBYTE;
    }

    /**
     * Excludes threads that live longer than the transport from rule T38.
     *
     * @param thread a thread started since the rule began
     * @return whether the thread does not belong to the transport; threads of the JDK's own pools do not
     */
    protected boolean isForeign(Thread thread) {
        return Stream.of(
                        "ForkJoinPool",
                        "CompletableFuture",
                        "Common-Cleaner",
                        "VirtualThread",
                        "Keep-Alive",
                        "contract-",
                        "junit-")
                .anyMatch(prefix -> thread.getName().startsWith(prefix));
    }

    // Before and after each rule.

    @BeforeEach
    final void begin(TestInfo test) throws Exception {
        rule = test.getDisplayName();
        Method method = test.getTestMethod().orElseThrow();
        assumeTrue(isAsked(method), () -> "Not asked of a transport without " + needsOf(method));
        begun = NewThreads.fromNow();
        recording = new RecordingBridge(capabilities().contains(Capability.SUBSCRIBES));
    }

    @AfterEach
    final void end() throws Exception {
        for (TestConnection line : lines) {
            tryTo(() -> hangUp(line));
        }
        Transport open = started;
        if (open != null && !stopped) {
            open.close();
        }
        RecordingBridge bridge = recording;
        if (bridge != null) {
            bridge.close();
        }
        for (Thread thread : threads) {
            thread.join(patience().toMillis());
        }
    }

    private static void hangUp(TestConnection line) throws IOException {
        if (line.hasPeer()) {
            line.peer().close();
        }
    }

    @Test
    @DisplayName("T0 Most rules apply to this transport; reports those that are skipped")
    final void tellsWhatIsNotAsked(TestReporter reporter) {
        List<Method> rules = Stream.of(TransportContract.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .toList();
        List<String> skipped = rules.stream()
                .filter(method -> !isAsked(method))
                .map(method -> method.getAnnotation(DisplayName.class).value().split(" ", 2)[0])
                .sorted()
                .toList();
        reporter.publishEntry("not asked", skipped.size() + " of " + (rules.size() - 1) + " rules " + skipped);
        if (2 * skipped.size() > rules.size()) {
            fail("most rules are skipped: " + skipped);
        }
    }

    private boolean isAsked(Method method) {
        List<Capability> needs = needsOf(method);
        return needs.isEmpty() || needs.stream().anyMatch(capabilities()::contains);
    }

    /** {@return the capabilities of which a rule needs at least one; empty if it needs none} */
    private static List<Capability> needsOf(Method method) {
        RequiresCapability needs = method.getAnnotation(RequiresCapability.class);
        return needs == null ? List.of() : List.of(needs.value());
    }

    // Sending.

    @Test
    @DisplayName(
            "T1 What is sent arrives once, in order and byte for byte, from the smallest event to one of a megabyte, in all planes of Unicode")
    final void eventsArriveOnceInOrderByteForByte() throws Exception {
        TestConnection line = open();
        int[] sizes = {
            0, 1, 30, 60, 125, 126, 127, 1_000, 8_100, 8_191, 8_192, 8_193, 32_768, 65_400, 65_535, 65_536, 131_072,
            MEBIBYTE, 3
        };
        line.add(events(line, sizes.length, i -> Messages.event(i, sizes[i - 1])));
        arrives(line);
    }

    @Test
    @DisplayName("T2 A send of 1, of 2 and of 1,000 frames arrives whole and in order")
    final void batchesOfAnySizeArriveWholeAndInOrder() throws Exception {
        TestConnection line = open();
        for (int frames : new int[] {1, 2, MANY, 1}) {
            line.batches(1, frames);
            line.add(events(line, frames, i -> Messages.event(i, i % 200)));
            arrives(line);
        }
    }

    @Test
    @DisplayName("T3 With lines for framing, a frame of many messages arrives as these messages")
    final void framesOfManyLinesArriveAsTheirMessages() throws Exception {
        TestConnection line = open();
        assumeTrue(connection(line).framing() == Framing.LINES, "Not asked of a client without the framing LINES");
        line.batches(50, 4);
        line.add(events(line, MANY, i -> Messages.event(i, i % 100)));
        arrives(line);
    }

    @Test
    @DisplayName(
            "T4 Each send gets exactly one callback: sent() when the transport accepts more, failed() when the client is gone")
    final void eachSendIsDoneExactlyOnce() throws Exception {
        TestConnection line = open();
        line.add(events(line, 100, i -> Messages.event(i, 10 * i)));
        arrives(line);
        line.peer().leave();
        isNoticed(line);
        List<Sending> all = bridge().connections().stream()
                .flatMap(c -> c.sendings().stream())
                .toList();
        eventually(() -> all.stream().allMatch(sending -> sending.outcomes() > 0), all::toString);
        check(all.stream().allMatch(sending -> sending.outcomes() == 1), all::toString);
    }

    @Test
    @DisplayName("T5 A send without frames completes")
    final void sendOfNoFramesIsDone() throws Exception {
        TestConnection line = open();
        Sending nothing = connection(line).send(List.of(), () -> {});
        eventually(nothing::isSent, () -> nothing + "; " + line);
        line.add(events(line, 2, i -> Messages.event(i, 10)));
        arrives(line);
    }

    @Test
    @DisplayName("T6 A buffer may be on or off the heap, be part of a larger one, begin anywhere, and be read-only")
    final void anyKindOfBufferIsSent() throws Exception {
        TestConnection line = open();
        List<byte[]> events = events(line, 4, i -> Messages.event(i, 300));
        BridgeConnection to = connection(line);
        List<ByteBuffer> plain =
                events.stream().map(event -> to.frame(List.of(event))).toList();
        Sending sending = to.send(
                List.of(
                        direct(plain.get(0)),
                        inside(plain.get(1), 7, 5),
                        inside(plain.get(2), 3, 0).slice(),
                        direct(inside(plain.get(3), 1, 1)).asReadOnlyBuffer()),
                () -> {});
        eventually(() -> line.received().size() >= events.size(), () -> sending + "; " + line);
        List<String> wanted = events.stream().map(Messages::text).toList();
        check(line.received().equals(wanted), () -> "sent: " + wanted + "\nreceived: " + line.received());
    }

    @Test
    @DisplayName(
            "T7 The same buffers can go to many clients at the same time; their content, positions and limits do not change")
    final void sharedBuffersAreNotChanged() throws Exception {
        List<TestConnection> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(open());
        }
        List<byte[]> events = events(all.get(0), 20, i -> Messages.event(i, 10_000));
        List<ByteBuffer> shared = events.stream()
                .map(event -> connection(all.get(0)).frame(List.of(event)))
                .toList();
        List<ByteBuffer> before = shared.stream().map(TransportContract::copy).toList();
        List<Sending> sendings = new CopyOnWriteArrayList<>();
        all.forEach(line -> inBackground(() -> sendings.add(connection(line).send(shared, () -> {}))));
        eventually(
                () -> all.stream().allMatch(line -> line.received().size() >= events.size()),
                () -> all + "; " + shared);
        List<String> wanted = events.stream().map(Messages::text).toList();
        check(all.stream().allMatch(line -> line.received().equals(wanted)), all::toString);
        eventually(
                () -> sendings.size() == all.size() && sendings.stream().allMatch(sending -> sending.outcomes() > 0),
                sendings::toString);
        check(shared.equals(before) && shared.stream().allMatch(buffer -> buffer.position() == 0), shared::toString);
    }

    @Test
    @DisplayName("T8 What the bridge sends from within connect is sent before everything else")
    final void framesSentWithinConnectGoOutFirst() throws Exception {
        TestConnection line = open();
        line.add(events(line, 3, i -> Messages.event(i, 10)));
        arrives(line);
        BridgeConnection first = bridge().connections().get(0);
        check(first.sendings().get(0).outcomes() == 1, first::toString);
        if (!bridge().subscribes()) {
            List<String> received = line.peer().received();
            check(received.get(0).contains("\"connected\""), received::toString);
        }
    }

    // Back-pressure.

    @Test
    @DisplayName("T9 A send returns, whether the client reads or not")
    final void sendReturnsWhetherTheClientReadsOrNot() throws Exception {
        TestConnection line = open();
        fill(line);
        BridgeConnection to = connection(line);
        eventually(() -> !to.isInSend(), () -> "a send has not returned; " + to);
    }

    @Test
    @DisplayName("T10 A send to a client that does not read stays incomplete after a bounded number of bytes")
    final void sendToAClientThatDoesNotReadIsNotDone() throws Exception {
        TestConnection line = open();
        long taken = fill(line);
        check(
                taken <= maxBuffered(),
                () -> taken + " bytes were taken for a client that does not read, more than " + maxBuffered());
    }

    @Test
    @DisplayName("T11 When the client resumes reading, the send completes and everything arrives")
    final void sendIsDoneWhenTheClientReadsOn() throws Exception {
        TestConnection line = open();
        fill(line);
        line.add(events(line, 50, i -> Messages.event(i, 1_000)));
        line.peer().readOn();
        arrives(line);
        eventually(() -> connection(line).isIdle(), line::toString);
    }

    @Test
    @DisplayName("T12 A client that does not read does not hold up other clients")
    final void clientThatDoesNotReadHoldsUpNoOther() throws Exception {
        TestConnection slow = open();
        TestConnection quick = open();
        fill(slow);
        quick.add(events(quick, 100, i -> Messages.event(i, 1_000)));
        arrives(quick);
    }

    // Receiving.

    @Test
    @RequiresCapability(Capability.MESSAGES)
    @DisplayName("T13 Messages are passed in once, in order and byte for byte, up to the bridge's maximum size")
    final void messagesAreReceivedOnceInOrderByteForByte() throws Exception {
        TestConnection line = open();
        List<String> messages = new ArrayList<>(List.of("{}"));
        for (int size : new int[] {0, 100, 125, 126, 127, 4_000, 8_192, 16_000, 30_000}) {
            messages.add(Messages.text(Messages.event(size, size)));
        }
        messages.add("\"" + "x".repeat(RecordingBridge.MAX_MESSAGE_BYTES - 2) + "\"");
        messages.add("{}");
        messages.removeIf(
                message -> message.getBytes(StandardCharsets.UTF_8).length > RecordingBridge.MAX_MESSAGE_BYTES);
        line.peer().send(messages);
        BridgeConnection at = connection(line);
        eventually(() -> at.taken() >= messages.size(), at::toString);
        check(at.received().equals(messages), () -> "sent: " + messages + "\nhanded in: " + at.received());
    }

    @Test
    @RequiresCapability(Capability.MESSAGES)
    @DisplayName(
            "T14 A message is passed in only after the bridge requested it, which may be later and on another thread")
    final void nextMessageIsReceivedOnlyAfterNextWasRun() throws Exception {
        TestConnection line = open();
        bridge().eager(false);
        List<String> messages = List.of("1", "2", "3");
        line.peer().send(messages);
        BridgeConnection at = connection(line);
        for (int i = 1; i <= messages.size(); i++) {
            int count = i;
            eventually(() -> at.taken() >= count && at.isAsked(), at::toString);
            inBackground(at::wantNext);
        }
        bridge().await(() -> at.early() > 0, calm());
        check(at.early() == 0, () -> at.early() + " messages came before they were wanted; " + at);
        check(at.received().equals(messages), () -> at.received().toString());
    }

    @Test
    @RequiresCapability(Capability.MESSAGES)
    @DisplayName(
            "T15 A client that floods meets back-pressure after a bounded number of bytes, and no accepted message is lost")
    final void floodingClientMeetsBackPressure() throws Exception {
        TestConnection line = open();
        bridge().eager(false);
        BridgeConnection at = connection(line);
        String message = "\"" + "x".repeat(16_382) + "\"";
        AtomicInteger given = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        int most = (int) (maxBuffered() / message.length()) + 2;
        inBackground(() -> {
            while (given.get() < most) {
                given.incrementAndGet();
                line.peer().send(List.of(message));
                taken.incrementAndGet();
            }
        });
        // In several looks: a pause of the virtual machine, such as to collect garbage, is one of them at most.
        int looks = 0;
        while (looks < LOOKS && taken.get() < most) {
            int seen = taken.get();
            boolean goesOn = bridge().await(() -> taken.get() != seen, calm().dividedBy(LOOKS));
            looks = goesOn ? 0 : looks + 1;
        }
        check(
                taken.get() < most,
                () -> (long) taken.get() * message.length()
                        + " bytes were taken, and the bridge has wanted one message; at most " + maxBuffered()
                        + " may be");
        int sure = taken.get();
        eventually(at::isAsked, at::toString);
        bridge().eager(true);
        at.wantNext();
        eventually(() -> at.taken() >= sure, () -> sure + " messages were taken of the client; " + at);
        check(at.received().stream().allMatch(message::equals), at::toString);
    }

    @Test
    @RequiresCapability(Capability.MESSAGES)
    @DisplayName(
            "T16 The bridge may request the next message within receive, 100,000 times in a row, without a stack overflow")
    final void nextWithinReceiveDoesNotOverflowTheStack() throws Exception {
        TestConnection line = open();
        BridgeConnection at = connection(line);
        bridge().eager(false);
        List<String> messages =
                IntStream.range(0, MANY_MESSAGES).mapToObj(Integer::toString).toList();
        AtomicInteger given = new AtomicInteger();
        inBackground(() -> {
            for (int i = 0; i < messages.size(); i += MANY) {
                line.peer().send(messages.subList(i, i + MANY));
                given.addAndGet(MANY);
            }
        });
        eventually(at::isAsked, at::toString);
        bridge().await(() -> given.get() == messages.size(), calm());
        bridge().eager(true);
        at.wantNext();
        awaitWhileMessagesCome(at, messages.size());
        check(at.received().equals(messages), at::toString);
    }

    @Test
    @RequiresCapability(Capability.MESSAGES)
    @DisplayName(
            "T17 A message above the bridge's maximum size is rejected or ends the connection, and no part of it is passed in")
    final void tooLargeMessageIsRejectedWhole() throws Exception {
        TestConnection line = open();
        BridgeConnection at = connection(line);
        tryTo(() -> line.peer().send(List.of("\"" + "x".repeat(RecordingBridge.MAX_MESSAGE_BYTES - 1) + "\"")));
        notTaken(line, at);
    }

    @Test
    @RequiresCapability(Capability.GARBAGE)
    @DisplayName(
            "T18 Input that cannot be a message is rejected or ends the connection, and no part of it is passed in")
    final void malformedMessageIsRejectedWhole() throws Exception {
        TestConnection line = open();
        BridgeConnection at = connection(line);
        tryTo(() -> line.peer().sendGarbage());
        notTaken(line, at);
    }

    // The end of a connection.

    @Test
    @DisplayName(
            "T19 When a client leaves, closed() is called: at once, or, if clients send nothing, on the next send to it")
    final void closedIsCalledWhenTheClientLeaves() throws Exception {
        TestConnection line = open();
        line.peer().leave();
        isNoticed(line);
    }

    @Test
    @DisplayName("T20 When a client is cut off, closed() is called at the same moments as in T19")
    final void closedIsCalledWhenTheClientIsCutOff() throws Exception {
        TestConnection line = open();
        line.add(events(line, 3, i -> Messages.event(i, 100)));
        arrives(line);
        line.peer().cut();
        isNoticed(line);
    }

    @Test
    @DisplayName("T21 A send that is under way when the client is cut off completes once")
    final void pendingSendIsDoneOnceWhenTheClientIsCutOff() throws Exception {
        TestConnection line = open();
        fill(line);
        BridgeConnection at = connection(line);
        line.peer().cut();
        isNoticed(line);
        isDoneOnce(at);
    }

    @Test
    @DisplayName("T22 A send after closed() fails once")
    final void sendAfterClosedFailsOnce() throws Exception {
        TestConnection line = open();
        BridgeConnection at = connection(line);
        line.peer().leave();
        isNoticed(line);
        Sending late = at.send(List.of(at.frame(List.of(Messages.event(1, 10)))), () -> {});
        eventually(() -> late.outcomes() > 0, late::toString);
        check(late.isFailed() && late.outcomes() == 1, late::toString);
    }

    @Test
    @DisplayName("T23 close ends the connection, and the client sees it")
    final void closeEndsTheConnection() throws Exception {
        TestConnection line = open();
        connection(line).close(CloseCode.NORMAL, "enough");
        isEnded(line);
    }

    @Test
    @RequiresCapability(Capability.CLOSE_CODES)
    @DisplayName("T24 The client gets the code and the reason")
    final void clientIsToldTheCloseCodeAndReason() throws Exception {
        for (int code : new int[] {
            CloseCode.NORMAL,
            CloseCode.GOING_AWAY,
            CloseCode.POLICY,
            CloseCode.OVERLOADED,
            CloseCode.HEARTBEAT_MISSED,
            CloseCode.TOO_SLOW
        }) {
            TestConnection line = open();
            bridge().awayCode(code);
            connection(line).close(code, "because: ü");
            isEnded(line);
            check(
                    new Peer.End(code, "because: ü").equals(line.peer().end()),
                    () -> "the expected code is " + code + "; " + line);
        }
    }

    @Test
    @DisplayName("T25 What was sent before close arrives before the end, if the client reads")
    final void whatWasSentBeforeCloseArrivesFirst() throws Exception {
        TestConnection line = open();
        BridgeConnection to = connection(line);
        List<byte[]> events = events(line, 100, i -> Messages.bulk(i, BULK_BYTES));
        Sending sending =
                to.send(events.stream().map(event -> to.frame(List.of(event))).toList(), () -> {});
        to.close(CloseCode.GOING_AWAY, "and that is all");
        isEnded(line);
        List<String> wanted = events.stream().map(Messages::text).toList();
        check(line.received().equals(wanted), () -> wanted.size() + " events were sent; " + sending + "; " + line);
    }

    @Test
    @DisplayName("T26 close has no effect when it is called again, or when the client has already gone")
    final void closeAgainIsHarmless() throws Exception {
        TestConnection other = open();
        TestConnection line = open();
        TestConnection gone = open();
        BridgeConnection at = connection(line);
        at.close(CloseCode.GOING_AWAY, "first");
        at.close(CloseCode.POLICY, "second");
        isEnded(line);
        at.close(CloseCode.POLICY, "third");
        Peer.End end = line.peer().end();
        check(
                end != null
                        && (end.code() == CloseCode.GOING_AWAY
                                || !capabilities().contains(Capability.CLOSE_CODES)),
                line::toString);
        BridgeConnection of = connection(gone);
        gone.peer().leave();
        isNoticed(gone);
        of.close(CloseCode.GOING_AWAY, "late");
        isServed(other);
    }

    @Test
    @DisplayName(
            "T27 close while a send is under way to a client that does not read ends the connection soon, and the send completes once")
    final void closeEndsAPendingSendOfAClientThatDoesNotRead() throws Exception {
        TestConnection line = open();
        fill(line);
        BridgeConnection at = connection(line);
        at.close(CloseCode.GOING_AWAY, "too slow");
        isDoneOnce(at);
        line.peer().readOn();
        isEnded(line);
    }

    @Test
    @RequiresCapability(Capability.MESSAGES)
    @DisplayName("T28 After close no message is passed in")
    final void noMessageIsReceivedAfterClose() throws Exception {
        TestConnection line = open();
        BridgeConnection at = connection(line);
        line.peer().send(List.of("1"));
        eventually(() -> at.taken() == 1, at::toString);
        at.close(CloseCode.GOING_AWAY, "no more");
        for (int i = 0; i < 10; i++) {
            tryTo(() -> line.peer().send(List.of("2", "3")));
        }
        bridge().await(() -> at.late() > 0, calm());
        check(at.late() == 0, () -> at.received() + "; " + at);
    }

    @Test
    @RequiresCapability({Capability.MESSAGES, Capability.SUBSCRIBES})
    @DisplayName("T29 The bridge may close from within receive")
    final void bridgeMayCloseWithinReceive() throws Exception {
        TestConnection other = open();
        bridge().onReceive(connection -> connection.close(CloseCode.POLICY, "no such talk"));
        TestConnection line = dial();
        if (capabilities().contains(Capability.MESSAGES)) {
            tryTo(() -> line.peer().send(List.of("1", "2")));
        }
        endsWithout(line, other);
    }

    @Test
    @DisplayName("T30 The bridge may close from within the callback of a send")
    final void bridgeMayCloseWithinSent() throws Exception {
        TestConnection other = open();
        TestConnection line = open();
        BridgeConnection at = connection(line);
        at.send(
                List.of(at.frame(events(line, 1, i -> Messages.event(i, 10)))),
                () -> at.close(CloseCode.POLICY, "done"));
        endsWithout(line, other);
    }

    @Test
    @DisplayName("T31 The bridge may close from within connect; then no message is passed in")
    final void bridgeMayCloseWithinConnect() throws Exception {
        TestConnection other = open();
        bridge().onConnect(connection -> connection.close(CloseCode.OVERLOADED, "not now"));
        TestConnection line = dial();
        if (capabilities().contains(Capability.MESSAGES)) {
            tryTo(() -> line.peer().send(List.of("1", "2")));
        }
        endsWithout(line, other);
    }

    @Test
    @DisplayName("T32 A client that the bridge refuses is disconnected; other clients are not")
    final void refusedClientIsEndedAlone() throws Exception {
        TestConnection other = open();
        for (String code : List.of("server_closing", "too_many_connections")) {
            bridge().refuseNext(new FlowScriptException(code, "Not now"));
            TestConnection refused = dial();
            isEnded(refused);
            Peer.End end = refused.hasPeer() ? refused.peer().end() : null;
            int wanted = code.equals("server_closing") ? CloseCode.GOING_AWAY : CloseCode.OVERLOADED;
            check(
                    end == null || !capabilities().contains(Capability.CLOSE_CODES) || end.code() == wanted,
                    () -> code + " is told as " + end);
        }
        isServed(other);
        isServed(open());
        countsAtMost(2);
    }

    @Test
    @DisplayName("T33 A connection for which connect throws is ended; others are not")
    final void connectionIsEndedAloneWhenConnectThrows() throws Exception {
        TestConnection other = open();
        bridge().refuseNext(new MeantFailure());
        isEnded(dial());
        isServed(other);
        isServed(open());
        countsAtMost(2);
    }

    @Test
    @RequiresCapability({Capability.MESSAGES, Capability.SUBSCRIBES})
    @DisplayName("T34 A connection for which receive throws is ended; others are not")
    final void connectionIsEndedAloneWhenReceiveThrows() throws Exception {
        TestConnection other = open();
        AtomicInteger failures = new AtomicInteger();
        bridge().onReceive(connection -> {
            if (failures.getAndIncrement() == 0) {
                throw new MeantFailure();
            }
        });
        TestConnection line = dial();
        if (capabilities().contains(Capability.MESSAGES)) {
            tryTo(() -> line.peer().send(List.of("1", "2")));
        }
        isEnded(line);
        check(failures.get() == 1, () -> failures + " messages were handed in");
        isServed(other);
        isServed(open());
        countsAtMost(2);
    }

    // Pings.

    @Test
    @DisplayName("T35 A ping gets one pong; a transport without pings returns false")
    final void pingBringsOnePongOrSaysFalse() throws Exception {
        TestConnection line = open();
        line.add(events(line, 1, i -> Messages.event(i, 10)));
        arrives(line);
        BridgeConnection at = connection(line);
        boolean expected = capabilities().contains(Capability.PINGS);
        for (int i = 1; i <= 3; i++) {
            AtomicInteger pongs = new AtomicInteger();
            boolean asked = at.channel().ping(pongs::incrementAndGet);
            check(asked == expected, () -> "ping returned " + asked);
            if (expected) {
                eventually(() -> pongs.get() > 0, () -> "no pong; " + line);
                line.add(events(line, 1, seq -> Messages.event(seq, 10)));
                arrives(line);
            }
            check(pongs.get() == (expected ? 1 : 0), () -> pongs + " pongs");
        }
    }

    @Test
    @RequiresCapability(Capability.PINGS)
    @DisplayName("T36 A ping to a client that is gone gets no pong")
    final void pingToAGoneClientBringsNoPong() throws Exception {
        TestConnection line = open();
        BridgeConnection at = connection(line);
        line.peer().cut();
        isNoticed(line);
        AtomicInteger pongs = new AtomicInteger();
        at.channel().ping(pongs::incrementAndGet);
        bridge().await(() -> pongs.get() > 0, calm());
        check(pongs.get() == 0, () -> pongs + " pongs");
    }

    // The transport's own life cycle.

    @Test
    @DisplayName(
            "T37 Closing the transport ends every connection and every session, even that of a client that does not read")
    final void closingTheTransportEndsEverySession() throws Exception {
        TestConnection idle = open();
        TestConnection busy = open();
        TestConnection slow = open();
        isServed(busy);
        fill(slow);
        closeTransport();
        slow.peer().readOn();
        for (TestConnection line : List.of(idle, busy, slow)) {
            line.sendAway();
            isEnded(line);
        }
        eventually(
                () -> bridge().connections().stream().allMatch(BridgeConnection::isClosed),
                () -> bridge().connections().toString());
    }

    @Test
    @DisplayName("T38 A closed transport leaves no threads")
    final void closedTransportLeavesNoThread() throws Exception {
        TestConnection line = open();
        isServed(line);
        closeTransport();
        hangUp(line);
        eventually(() -> newThreads().isEmpty(), () -> "these threads are left: " + newThreads());
    }

    @Test
    @DisplayName("T39 Closing the transport again has no effect, nor has closing one that was never started")
    final void closingTheTransportAgainIsHarmless() throws Exception {
        transport().close();
        TestConnection line = open();
        isServed(line);
        closeTransport();
        closeTransport();
    }

    @Test
    @DisplayName("T40 A closed transport accepts no clients")
    final void closedTransportTakesNobodyIn() throws Exception {
        open();
        Transport transport = transportInUse();
        closeTransport();
        int known = bridge().connections().size();
        TestConnection late = new TestConnection();
        lines.add(late);
        bridge().expect(late);
        tryTo(() -> late.connected(connect(transport)));
        eventually(() -> !late.hasPeer() || late.peer().end() != null, late::toString);
        check(
                bridge().connections().size() == known,
                () -> bridge().connections().toString());
    }

    @Test
    @DisplayName("T41 1,000 successive connections that end in every way leave nothing behind")
    final void thousandConnectionsLeaveNothingBehind() throws Exception {
        TestConnection other = open();
        isServed(other);
        int threadsBefore = Thread.activeCount();
        for (int i = 0; i < MANY; i++) {
            TestConnection line = open();
            switch (i % 3) {
                case 0 -> line.peer().leave();
                case 1 -> line.peer().cut();
                default -> connection(line).close(CloseCode.NORMAL, "next, please");
            }
            if (i % 3 < 2 && !capabilities().contains(Capability.MESSAGES)) {
                isNoticed(line);
            }
            hangUp(line);
            lines.remove(line);
        }
        BridgeConnection stays = connection(other);
        List<BridgeConnection> all = bridge().connections();
        eventually(
                () -> all.stream().allMatch(c -> c == stays || c.isOver()),
                () -> all.stream().filter(c -> c != stays && !c.isOver()).count() + " sessions of " + all.size()
                        + " are open");
        countsAtMost(1);
        eventually(
                () -> Thread.activeCount() < threadsBefore + MANY / 10,
                () -> Thread.activeCount() - threadsBefore + " more threads than before");
        isServed(other);
    }

    // Helpers of the rules.

    /** Connects a client and waits until the bridge has accepted it. */
    private TestConnection open() throws Exception {
        TestConnection line = dial();
        eventually(() -> line.newest() != null && connection(line).isIdle(), line::toString);
        return line;
    }

    /** Connects a client that the bridge need not accept. */
    private TestConnection dial() throws Exception {
        Transport transport = transportInUse();
        TestConnection line = new TestConnection();
        lines.add(line);
        int known = bridge().connections().size();
        bridge().expect(line);
        tryTo(() -> line.connected(connect(transport)));
        eventually(
                () -> !line.hasPeer()
                        || line.peer().end() != null
                        || bridge().connections().size() > known,
                line::toString);
        return line;
    }

    private Transport transportInUse() throws Exception {
        Transport open = started;
        if (open == null) {
            open = transport();
            started = open;
            open.start(bridge());
        }
        return open;
    }

    private void closeTransport() throws Exception {
        Transport transport = transportInUse();
        stopped = true;
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        AtomicInteger over = new AtomicInteger();
        inBackground(() -> {
            try {
                transport.close();
            } catch (RuntimeException e) {
                failure.set(e);
            }
            over.incrementAndGet();
        });
        eventually(() -> over.get() > 0, () -> "the transport is still closing");
        Exception thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
    }

    /** Returns the newest connection of a client, which may have ended. */
    private static BridgeConnection connection(TestConnection line) {
        BridgeConnection newest = line.newest();
        if (newest == null) {
            throw new AssertionError("The bridge has not seen this client: " + line);
        }
        return newest;
    }

    /** Creates events that follow those already given to the client. */
    private static List<byte[]> events(TestConnection line, int count, Function<Integer, byte[]> event) {
        int from = (int) line.last() + 1;
        return IntStream.range(from, from + count).mapToObj(event::apply).toList();
    }

    private void arrives(TestConnection line) {
        eventually(() -> line.received().size() >= line.last() || line.peer().end() != null, line::toString);
        String difference = line.difference();
        check(difference == null, () -> difference + "; " + line);
    }

    private void isServed(TestConnection line) {
        line.add(events(line, 3, i -> Messages.event(i, 100)));
        arrives(line);
    }

    /**
     * Sends to a client that does not read until the transport accepts no more. {@return how many bytes it was given}
     */
    private long fill(TestConnection line) {
        line.peer().stopReading();
        int count = (int) Math.max(1, maxBuffered() / BULK_BYTES / BULK_SENDS);
        line.batches(1, count);
        long given = 0;
        boolean taken = true;
        while (taken && given <= maxBuffered()) {
            line.add(events(line, count, i -> Messages.bulk(i, BULK_BYTES)));
            given += (long) count * BULK_BYTES;
            taken = isTaken(line);
        }
        return given;
    }

    /** Whether everything given to a client is sent soon. */
    private boolean isTaken(TestConnection line) {
        bridge().await(
                        () -> connection(line).isIdle()
                                || connection(line).isGiven()
                                || connection(line).isOver()
                                || isHoldingUpASend(),
                        patience());
        return bridge().await(() -> connection(line).isIdle(), calm());
    }

    private void isDoneOnce(BridgeConnection at) {
        Sending last = at.sendings().get(at.sendings().size() - 1);
        eventually(() -> last.outcomes() > 0, () -> last + "; " + at);
        check(
                at.sendings().stream().allMatch(sending -> sending.outcomes() == 1),
                () -> at.sendings().toString());
    }

    private void isNoticed(TestConnection line) {
        BridgeConnection at = connection(line);
        boolean byItself = capabilities().contains(Capability.MESSAGES);
        eventually(() -> at.isClosed() || (!byItself && nudged(line, at)), () -> "closed() was not called; " + line);
    }

    /** Sends something to a client that may have gone. {@return false} */
    private static boolean nudged(TestConnection line, BridgeConnection at) {
        if (!at.isOver() && at.isIdle()) {
            line.add(events(line, 1, i -> Messages.event(i, 10)));
        }
        return at.isClosed();
    }

    private void isEnded(TestConnection line) {
        eventually(() -> !line.hasPeer() || line.peer().end() != null, () -> "the client has not seen an end; " + line);
    }

    private void endsWithout(TestConnection line, TestConnection other) throws Exception {
        isEnded(line);
        bridge().onReceive(connection -> {});
        bridge().onConnect(connection -> {});
        isServed(other);
        isServed(open());
        List<BridgeConnection> all = bridge().connections();
        check(
                all.stream().allMatch(connection -> connection.late() == 0),
                () -> "after the end messages were handed in: " + all);
    }

    private void notTaken(TestConnection line, BridgeConnection at) {
        eventually(() -> !at.rejected().isEmpty() || at.isClosed(), at::toString);
        tryTo(() -> line.peer().send(List.of("{}")));
        eventually(() -> at.isClosed() || at.taken() > 0, at::toString);
        check(at.received().stream().allMatch("{}"::equals) && at.taken() <= 1, () -> at + " took " + at.received());
    }

    private void countsAtMost(int open) throws Exception {
        Transport transport = transportInUse();
        eventually(
                () -> connections(transport).orElse(open) <= open,
                () -> "the transport counts " + connections(transport) + " connections, " + open + " can be open");
    }

    private List<String> newThreads() {
        return begun.left().stream()
                .filter(thread -> !isForeign(thread))
                .map(Thread::getName)
                .toList();
    }

    private static ByteBuffer copy(ByteBuffer buffer) {
        return ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
    }

    private static ByteBuffer direct(ByteBuffer buffer) {
        ByteBuffer direct = ByteBuffer.allocateDirect(buffer.capacity());
        direct.put(buffer.duplicate().clear());
        return direct.position(buffer.position()).limit(buffer.limit());
    }

    /** Copies bytes into a larger buffer. */
    private static ByteBuffer inside(ByteBuffer buffer, int before, int after) {
        ByteBuffer larger = ByteBuffer.allocate(before + buffer.remaining() + after);
        larger.put(before, buffer, buffer.position(), buffer.remaining());
        return larger.position(before).limit(before + buffer.remaining());
    }

    private RecordingBridge bridge() {
        RecordingBridge bridge = recording;
        if (bridge == null) {
            throw new IllegalStateException("The rule has not begun");
        }
        return bridge;
    }

    /** Has no stack trace, so that it does not look like a fault in a log. */
    private static final class MeantFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MeantFailure() {
            super("a rule of the contract fails here on purpose", null, false, false);
        }
    }

    private interface Attempt {
        void run() throws Exception;
    }

    /** Runs an action whose failure shows only in its consequences. */
    private static void tryTo(Attempt attempt) {
        try {
            attempt.run();
        } catch (Exception e) {
            // An exception may report that a client is refused or gone.
        }
    }

    private void inBackground(Attempt attempt) {
        Thread thread = new Thread(() -> tryTo(attempt), "contract-background");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void eventually(BooleanSupplier condition, Supplier<String> seen) {
        if (!bridge().await(condition, patience())) {
            fail("within " + patience() + ": " + seen.get());
        }
    }

    /** Waits for so many messages as long as more keep coming: how fast the machine is does not matter. */
    private void awaitWhileMessagesCome(BridgeConnection at, int messages) {
        int before = -1;
        while (at.taken() > before) {
            before = at.taken();
            if (bridge().await(() -> at.taken() >= messages || at.isOver(), patience())) {
                return;
            }
        }
        fail("none of the " + messages + " messages within " + patience() + " after the last one: " + at);
    }

    private void check(boolean right, Supplier<String> seen) {
        if (!right) {
            fail(seen.get());
        }
    }

    private void fail(String seen) {
        throw new AssertionError(rule + "\nSeen: " + seen);
    }
}
