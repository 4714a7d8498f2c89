package io.flowscript.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.client.ConnectionChange.State;
import io.flowscript.client.FakeNetwork.FakeSocket;
import io.flowscript.core.log.Position;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.testsupport.Thrown;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a connection is opened, tried again, given up and changed to another transport: with a manual clock and no network. */
class ConnectionTest {

    private static final String EVENT =
            "{'type':'workflow_event','timestamp':1,'seq':%d,'data':{'executionId':'run','event':'test:text','payload':%d}}";

    private final ManualClock clock = new ManualClock();
    private final FakeNetwork network = new FakeNetwork();
    private final List<ConnectionChange> changes = new ArrayList<>();
    private final List<ClientEvent> events = new ArrayList<>();
    private final List<Boolean> refusals = new ArrayList<>();
    private double random = 0.5;
    private Supplier<String> span = () -> null;
    private ClientSettings settings = ClientSettings.defaults();
    private Executor callbacks = Runnable::run;

    private ClientCore core(Credentials.Source credentials) {
        Loop loop = new Loop(Runnable::run, clock);
        return new ClientCore(new ClientContext(
                URI.create("http://server"),
                settings,
                loop,
                network,
                callbacks,
                new Keyring(credentials, callbacks, loop),
                () -> random,
                new ClientContext.Counters(),
                changes::add,
                () -> span.get()));
    }

    private EventSubscription follow(ClientCore core) {
        return new RemoteExecution(core, "run").events().forEach(events::add);
    }

    private ConnectionChange last() {
        return changes.get(changes.size() - 1);
    }

    private Duration untilNext() {
        return Duration.between(clock.instant(), clock.next());
    }

    /** The server has the subscription, and goes on after a number. */
    private static FakeSocket subscribed(FakeSocket socket, String epoch, long after) {
        return socket.say("{'type':'subscribed','replyTo':'" + socket.id("subscribe")
                + "','data':{'executionId':'run','epoch':'" + epoch + "','after':" + after
                + ",'latest':9,'status':'running'}}");
    }

    private static String event(int seq) {
        return EVENT.formatted(seq, seq);
    }

    private List<Long> numbers() {
        return events.stream().map(event -> event.position().seq()).toList();
    }

    @Test
    @DisplayName(
            "The wait before the n-th try is drawn between 0 and the base times 2 to the power of n, up to the bound")
    void backoffIsFullJitter() {
        settings = settings.fallbackAfter(1_000);
        follow(core(null));
        for (long most : List.of(500L, 1_000L, 2_000L, 4_000L)) {
            network.last().end(1006);
            assertThat(last().state()).isEqualTo(State.WAITING);
            assertThat(untilNext()).isEqualTo(Duration.ofMillis(most / 2));
            clock.advance(untilNext());
            assertThat(last().state()).isEqualTo(State.CONNECTING);
        }
    }

    @Test
    void backoffHasABoundAndCanBeNothing() {
        settings = settings.fallbackAfter(1_000).maxBackoff(Duration.ofSeconds(3));
        follow(core(null));
        for (int i = 0; i < 20; i++) {
            network.last().end(1006);
            clock.advance(untilNext());
        }
        network.last().end(1006);
        assertThat(untilNext()).isEqualTo(Duration.ofMillis(1_500));
        random = 0;
        clock.advance(untilNext());
        network.last().end(1006);
        assertThat(untilNext()).isZero();
    }

    @Test
    void backoffBeginsAnewWhenSomethingWasDelivered() {
        follow(core(null));
        network.last().end(1006);
        clock.advance(untilNext());
        network.last().end(1006);
        clock.advance(untilNext());
        FakeSocket socket = network.last().connect();
        subscribed(socket, "e", 0).say(event(1));
        socket.end(1006);
        assertThat(untilNext()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void theServersWishToWaitCountsWhereItIsLonger() {
        follow(core(null));
        network.last().refuse("unreachable", Duration.ofSeconds(7));
        assertThat(untilNext()).isEqualTo(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1007, 1008, 1009})
    void afterTheseCloseCodesItDoesNotComeBack(int code) {
        EventSubscription subscription = follow(core(null));
        network.last().connect().end(code);
        assertThat(last().state()).isEqualTo(State.CLOSED);
        assertThat(clock.pending()).isZero();
        assertThat(subscription.ended()).isCompletedExceptionally();
        assertThat(last().error().closeCode()).hasValue(code);
    }

    @ParameterizedTest
    @ValueSource(ints = {1001, 1006, 1013, 4408, 4409})
    void afterTheseCloseCodesItComesBack(int code) {
        EventSubscription subscription = follow(core(null));
        network.last().connect().end(code);
        assertThat(last().state()).isEqualTo(State.WAITING);
        clock.advance(untilNext());
        network.last().connect();
        assertThat(last().state()).isEqualTo(State.ONLINE);
        assertThat(subscription.ended()).isNotDone();
    }

    @Test
    void aClosedConnectionIsOpenedByTheNextThatIsAsked() {
        ClientCore core = core(null);
        follow(core);
        network.last().connect().end(1008);
        follow(core);
        assertThat(last().state()).isEqualTo(State.CONNECTING);
    }

    @Test
    void credentialsAreAskedForOnceMoreWhenTheyAreRefused() {
        EventSubscription subscription = follow(core(refused -> {
            refusals.add(refused);
            return Credentials.bearer("token " + refusals.size());
        }));
        assertThat(network.last().headers).containsEntry("Authorization", "Bearer token 1");
        network.last().refuse("unauthorized", Duration.ZERO);
        assertThat(network.last().headers).containsEntry("Authorization", "Bearer token 2");
        network.last().refuse("unauthorized", Duration.ZERO);
        assertThat(refusals).containsExactly(false, true);
        assertThat(last().state()).isEqualTo(State.CLOSED);
        assertThat(last().error().code()).isEqualTo("unauthorized");
        assertThat(subscription.ended()).isCompletedExceptionally();
    }

    @Test
    @DisplayName("A login that has expired is renewed by fresh credentials, at once; a session that was ended stays so")
    void expiredLogins() {
        EventSubscription subscription = follow(core(refused -> {
            refusals.add(refused);
            return Credentials.bearer("token " + refusals.size());
        }));
        network.last().connect().end(4401);
        assertThat(network.last().headers).containsEntry("Authorization", "Bearer token 2");
        assertThat(refusals).containsExactly(false, true);
        network.last().connect().end(4403);
        assertThat(last().state()).isEqualTo(State.CLOSED);
        assertThat(refusals).hasSize(2);
        assertThat(subscription.ended()).isCompletedExceptionally();
    }

    /** A source whose tokens are numbered. */
    private Credentials numbered(boolean refused) {
        refusals.add(refused);
        return Credentials.bearer("token " + refusals.size());
    }

    private static List<String> tokens(FakeSocket socket) {
        return socket.sent.stream()
                .filter(message -> message.is("authenticate"))
                .map(message -> message.text("token"))
                .toList();
    }

    @Test
    @DisplayName(
            "I2: a login is renewed over its WebSocket before it expires, by the server's clock, and the connection goes on")
    void loginsAreRenewedInPlace() {
        follow(core(this::numbered));
        FakeSocket socket = network.last().connectFor(300);
        subscribed(socket, "e", 0).say(event(1));
        clock.advance(Duration.ofMillis(209_999)); // a minute before, and half a minute by chance
        assertThat(tokens(socket)).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(tokens(socket)).containsExactly("token 2");
        assertThat(refusals).containsExactly(false, true);
        socket.say(event(2)).renewFor(600).say(event(3));
        clock.advance(Duration.ofMillis(509_999));
        assertThat(tokens(socket)).hasSize(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(tokens(socket)).containsExactly("token 2", "token 3");
        socket.say("{'type':'authenticated','timestamp':9000,'replyTo':'" + socket.id("authenticate") + "','data':{}}");
        clock.advance(Duration.ofHours(20));
        assertThat(tokens(socket)).as("this login does not expire").hasSize(2);
        assertThat(network.sockets).hasSize(1);
        assertThat(numbers()).containsExactly(1L, 2L, 3L);
    }

    @Test
    @DisplayName(
            "When a login is renewed is drawn between the margin and twice the margin before its end, and the margin is at most a quarter")
    void renewalsHaveJitter() {
        settings = settings.renewBefore(Duration.ofSeconds(10));
        for (double drawn : List.of(0.0, 0.999)) {
            random = drawn;
            follow(core(this::numbered));
            FakeSocket socket = network.last().connectFor(100);
            clock.advance(Duration.ofMillis(drawn == 0 ? 89_999 : 80_009));
            assertThat(tokens(socket)).isEmpty();
            clock.advance(Duration.ofMillis(1));
            assertThat(tokens(socket)).hasSize(1);
            socket.renewFor(20);
            clock.advance(Duration.ofMillis(drawn == 0 ? 14_999 : 10_004));
            assertThat(tokens(socket)).hasSize(1);
            clock.advance(Duration.ofMillis(1));
            assertThat(tokens(socket)).hasSize(2);
        }
    }

    @Test
    @DisplayName(
            "A renewal that is refused is tried again in the time that is left, a few times; then the client comes back with a new login")
    void refusedRenewals() {
        follow(core(this::numbered));
        FakeSocket socket = network.last().connectFor(300);
        subscribed(socket, "e", 0).say(event(1));
        clock.advance(Duration.ofSeconds(210));
        for (int i = 1; i < 8; i++) {
            assertThat(tokens(socket)).hasSize(i);
            socket.say("{'type':'error','replyTo':'" + socket.id("authenticate")
                    + "','data':{'code':'unauthorized','message':'no'}}");
            assertThat(last().state()).isEqualTo(State.ONLINE);
            clock.advance(untilNext());
        }
        clock.advance(Duration.ofSeconds(100));
        assertThat(tokens(socket)).as("it gives up").hasSize(8);
        socket.end(4401);
        assertThat(network.sockets).hasSize(2);
        assertThat(network.last().headers).containsEntry("Authorization", "Bearer token 10");
        network.last().connect();
        subscribed(network.last(), "e", 1).say(event(2));
        assertThat(numbers()).containsExactly(1L, 2L);
    }

    @Test
    void credentialsThatCannotBeHadForARenewalEndNothing() {
        List<Boolean> asked = new ArrayList<>();
        follow(core(refused -> {
            asked.add(refused);
            if (asked.size() == 2) {
                throw new IllegalStateException("no token");
            }
            return Credentials.bearer("token " + asked.size());
        }));
        FakeSocket socket = network.last().connectFor(300);
        clock.advance(Duration.ofSeconds(210));
        assertThat(asked).hasSize(2);
        assertThat(tokens(socket)).isEmpty();
        assertThat(last().state()).isEqualTo(State.ONLINE);
        clock.advance(untilNext());
        assertThat(tokens(socket)).containsExactly("token 3");
    }

    @Test
    @DisplayName("A renewal that waits for its credentials is not begun again, and is forgotten with its connection")
    void aSlowSourceIsAskedOnce() {
        ManualExecutor threads = new ManualExecutor();
        callbacks = threads;
        EventSubscription subscription = follow(core(this::numbered));
        threads.runAll();
        FakeSocket socket = network.last().connectFor(300);
        clock.advance(Duration.ofSeconds(299));
        socket.end(1006);
        threads.runAll();
        assertThat(refusals).containsExactly(false, true);
        assertThat(tokens(socket)).isEmpty();
        subscription.close();
        assertThat(last().state()).isEqualTo(State.WAITING);
    }

    @Test
    @DisplayName("Each connection renews its login, and one call of the source serves all that have the same")
    void oneCallRenewsSeveralConnections() {
        ClientCore core = core(refused -> {
            refusals.add(refused);
            return Credentials.bearer(refused ? "fresh " + refusals.size() : "old");
        });
        follow(core);
        new EventStream(core, null, null).forEach(events::add);
        FakeSocket one = network.sockets.get(0).connectFor(300);
        FakeSocket other = network.sockets.get(1).connectFor(310);
        clock.advance(Duration.ofSeconds(210));
        one.renewFor(300);
        clock.advance(Duration.ofSeconds(10));
        assertThat(tokens(one)).containsExactly("fresh 3");
        assertThat(tokens(other)).containsExactly("fresh 3");
        assertThat(refusals).containsExactly(false, false, true);
        other.renewFor(290);
        clock.advance(Duration.ofSeconds(200));
        assertThat(tokens(one)).as("the next call").containsExactly("fresh 3", "fresh 4");
    }

    @Test
    @DisplayName(
            "Without a bearer token there is nothing to renew with; a timer for a renewal ends with its connection")
    void renewalsThatAreNotPlanned() {
        follow(core(refused -> TestServer.user("ann")));
        network.last().connectFor(300);
        int without = clock.pending();
        follow(core(this::numbered));
        FakeSocket socket = network.last().connectFor(300);
        assertThat(clock.pending()).isEqualTo(2 * without + 1);
        socket.end(1008);
        assertThat(clock.pending()).isEqualTo(without);
    }

    @Test
    @DisplayName("Over HTTP, the next request has the new token, and goes on from its position")
    void pollsGoOnWithANewToken() {
        settings = settings.transports(ClientTransport.POLL);
        follow(core(this::numbered));
        healthy();
        network.lastRequest().reply(200, "{\"events\":[],\"next\":\"e:7\",\"terminal\":false}");
        for (int i = 1; i <= 3; i++) {
            clock.advance(Duration.ofSeconds(11)); // the login has lasted a while
            assertThat(network.lastRequest().request().headers()).containsEntry("Authorization", "Bearer token " + i);
            network.lastRequest().reply(401, "{\"code\":\"unauthorized\"}");
            healthy();
            assertThat(network.lastRequest().request().address().getQuery()).contains("after=e:7");
        }
        assertThat(last().state()).isEqualTo(State.ONLINE);
    }

    @Test
    void credentialsThatCannotBeHadEndTheConnection() {
        EventSubscription subscription = follow(core(refused -> {
            throw new IllegalStateException("no token");
        }));
        assertThat(last().error().code()).isEqualTo("unauthorized");
        assertThat(subscription.ended()).isCompletedExceptionally();
    }

    @Test
    @DisplayName(
            "A network that fell silent is noticed: after a heartbeat without a word it asks, and without an answer it comes back")
    void aHalfOpenConnectionIsNoticed() {
        follow(core(null));
        FakeSocket socket = network.last().connect();
        clock.advance(Duration.ofSeconds(29));
        subscribed(socket, "e", 0);
        clock.advance(Duration.ofSeconds(29));
        assertThat(socket.types()).doesNotContain("ping");
        clock.advance(Duration.ofSeconds(1));
        assertThat(socket.types()).contains("ping");
        socket.say("{'type':'pong','replyTo':'" + socket.id("ping") + "','data':{}}");
        clock.advance(Duration.ofSeconds(30));
        assertThat(socket.types().stream().filter("ping"::equals)).hasSize(2);
        clock.advance(Duration.ofSeconds(10));
        assertThat(socket.isClosed).isTrue();
        assertThat(last().error().code()).isEqualTo("heartbeat_missed");
        assertThat(last().state()).isEqualTo(State.WAITING);
    }

    @Test
    void aServerThatDoesNotAnswerIsGivenUp() {
        follow(core(null));
        clock.advance(Duration.ofSeconds(10));
        assertThat(network.last().isClosed).isTrue();
        assertThat(last().error().code()).isEqualTo("timeout");
    }

    @Test
    @DisplayName(
            "After three failures the next transport is tried, and from there the WebSocket again while it goes on")
    void transportsFallBackAndUpAgain() {
        settings = settings.stable(Duration.ofDays(1));
        follow(core(null));
        for (int i = 0; i < 3; i++) {
            network.last().end(1006);
            clock.advance(untilNext());
        }
        assertThat(network.sockets).hasSize(3);
        assertThat(network.lastRequest().request().address().getPath()).isEqualTo("/health");
        network.lastRequest().reply(200, "{\"status\":\"ok\",\"timestamp\":\"2026-01-01T00:00:00.000Z\"}");
        assertThat(last()).isEqualTo(new ConnectionChange(0, State.ONLINE, ClientTransport.SSE, null));
        assertThat(network.lastRequest().request().headers()).containsEntry("Accept", "text/event-stream");
        // 30 s, less a quarter: half of it at least, and half of the other half is drawn.
        clock.advance(Duration.ofMillis(9_999));
        assertThat(network.sockets).hasSize(3);
    }

    @Test
    void aProbeThatConnectsTakesOverAndOneThatFailsDoesNot() {
        settings = settings.transports(ClientTransport.WEBSOCKET, ClientTransport.POLL)
                .fallbackAfter(1)
                .stable(Duration.ofDays(1))
                .requestTimeout(Duration.ofDays(1))
                .pollInterval(Duration.ofDays(1));
        follow(core(null));
        network.last().end(1006);
        clock.advance(untilNext());
        network.lastRequest().reply(200, "{\"timestamp\":\"2026-01-01T00:00:00.000Z\"}");
        assertThat(last().transport()).isEqualTo(ClientTransport.POLL);
        clock.advance(Duration.ofMillis(22_500));
        assertThat(network.sockets).as("the WebSocket is tried").hasSize(2);
        assertThat(last().state()).as("while polling goes on").isEqualTo(State.ONLINE);
        network.last().end(1006);
        assertThat(last().transport()).isEqualTo(ClientTransport.POLL);
        clock.advance(Duration.ofSeconds(45));
        assertThat(network.sockets).as("after twice the time").hasSize(3);
        network.last().connect();
        assertThat(last().transport()).isEqualTo(ClientTransport.WEBSOCKET);
        assertThat(network.last().types()).contains("subscribe");
    }

    @Test
    void withoutWorkItDisconnectsAfterAWhile() {
        ClientCore core = core(null);
        EventSubscription subscription = follow(core);
        FakeSocket socket = network.last().connect();
        subscription.close();
        clock.advance(Duration.ofMillis(4_999));
        assertThat(last().state()).isEqualTo(State.ONLINE);
        clock.advance(Duration.ofMillis(1));
        assertThat(last().state()).isEqualTo(State.IDLE);
        assertThat(socket.isClosed).isTrue();
        assertThat(clock.pending()).isZero();
    }

    @Test
    @DisplayName("I2: it goes on after the last event that came, and drops what comes again")
    void itGoesOnWhereItWas() {
        follow(core(null));
        FakeSocket socket = network.last().connect();
        subscribed(socket, "e", 0).say(event(1), event(2), event(3));
        socket.end(1006);
        clock.advance(untilNext());
        socket = network.last().connect();
        assertThat(socket.message("subscribe").data()).containsEntry("after", 3).containsEntry("epoch", "e");
        subscribed(socket, "e", 3).say(event(3), event(4));
        assertThat(numbers()).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void eventsOfALinkThatHasEndedAreNotTaken() {
        follow(core(null));
        FakeSocket old = network.last().connect();
        subscribed(old, "e", 0).say(event(1));
        old.end(1006);
        clock.advance(untilNext());
        old.say(event(2));
        assertThat(numbers()).containsExactly(1L);
    }

    @Test
    void whatIsMissedAndSkippedComesInItsPlace() {
        new RemoteExecution(core(null), "run")
                .events()
                .from(Position.after("old", 7))
                .forEach(events::add);
        FakeSocket socket = network.last().connect();
        socket.say(
                "{'type':'subscribed','replyTo':'" + socket.id("subscribe")
                        + "','data':{'executionId':'run','epoch':'new','oldest':1,'latest':2,'status':'running'}}",
                "{'type':'events_missed','data':{'executionId':'run','epoch':'old','from':8}}",
                event(1),
                "{'type':'events_skipped','data':{'executionId':'run','from':2,'to':4}}",
                event(5),
                "{'type':'events_missed','data':{'executionId':'run','epoch':'new','from':6,'to':8}}",
                event(9));
        assertThat(events.get(0)).isInstanceOfSatisfying(ClientEvent.Missed.class, missed -> {
            assertThat(missed.epoch()).isEqualTo("old");
            assertThat(missed.from()).isEqualTo(8);
            assertThat(missed.to()).isEmpty();
            assertThat(missed.position()).isEqualTo(Position.after("new", 0));
        });
        assertThat(events.get(2)).isEqualTo(new ClientEvent.Skipped("run", Position.after("new", 4), 2, 4));
        assertThat(events.get(4)).isInstanceOf(ClientEvent.Missed.class);
        assertThat(numbers()).containsExactly(0L, 1L, 4L, 5L, 8L, 9L);
    }

    private static CompletableFuture<Message> cancel(ClientCore core, String id) {
        Map<String, Object> data = new LinkedHashMap<>(Map.of("executionId", "run"));
        return core.command("cancel", id, data, reply -> reply);
    }

    @Test
    @DisplayName("A command without a reply is sent again under its id, and its reply counts once")
    void commandsAreSentAgainUnderTheirId() {
        ClientCore core = core(null);
        CompletableFuture<Message> reply = cancel(core, "one");
        network.last().connect().end(1006);
        clock.advance(untilNext());
        FakeSocket socket = network.last().connect();
        assertThat(socket.id("cancel")).isEqualTo("one");
        assertThat(reply).isNotDone();
        socket.say("{'type':'execution_status','replyTo':'one','data':{'executionId':'run','status':'cancelled'}}");
        assertThat(reply.join().text("status")).isEqualTo("cancelled");
        socket.end(1006);
        assertThat(clock.pending()).as("nothing is left to do").isZero();
    }

    @Test
    @DisplayName(
            "A command says which span its sender had, over every transport and each time, but not what has no such form")
    void commandsSayWhichSpanTheirSenderHas() {
        String one = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        settings = settings.transports(ClientTransport.WEBSOCKET, ClientTransport.POLL)
                .fallbackAfter(1);
        ClientCore core = core(null);
        span = () -> one;
        CompletableFuture<Message> first = cancel(core, "one");
        span = () -> one.toUpperCase(Locale.ROOT);
        CompletableFuture<Message> second = cancel(core, "two");
        span = () -> {
            throw new IllegalStateException("no tracer");
        };
        CompletableFuture<Message> third = cancel(core, "three");
        CompletableFuture<InboxPage> list = core.list(Map.of());
        FakeSocket socket = network.last().connect();
        assertThat(socket.traces).containsExactly(one, null, null, null);
        socket.end(1006);
        clock.advance(untilNext());
        network.last().end(1006);
        clock.advance(untilNext());
        healthy();
        assertThat(network.lastRequest().request().headers())
                .containsEntry("Idempotency-Key", "one")
                .containsEntry("traceparent", one);
        network.lastRequest().reply(200, "{\"executionId\":\"run\",\"status\":\"cancelled\"}");
        assertThat(network.lastRequest().request().headers())
                .containsEntry("Idempotency-Key", "two")
                .doesNotContainKey("traceparent");
        assertThat(first).isCompleted();
        assertThat(List.of(second, third, list)).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void commandsWaitInABoundedQueue() {
        settings = settings.queue(2);
        ClientCore core = core(null);
        CompletableFuture<Message> first = cancel(core, "1");
        CompletableFuture<Message> second = cancel(core, "2");
        CompletableFuture<Message> third = cancel(core, "3");
        assertThat(third).isCompletedExceptionally();
        assertThat(third)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .satisfies(e -> assertThat(((ClientException) e).code()).isEqualTo("queue_full"));
        first.cancel(false);
        assertThat(second).isNotDone();
        assertThat(cancel(core, "4")).as("one was given up, so there is room").isNotDone();
    }

    @Test
    void whatCanSucceedLaterIsTriedAgainABoundedNumberOfTimes() {
        ClientCore core = core(null);
        CompletableFuture<Message> reply = cancel(core, "one");
        FakeSocket socket = network.last().connect();
        for (int i = 1; i <= 6; i++) {
            assertThat(socket.types().stream().filter("cancel"::equals)).hasSize(i);
            socket.say("{'type':'error','replyTo':'one','data':{'code':'store_unavailable','message':'later'}}");
            clock.advance(Duration.ofSeconds(16));
            if (last().state() != State.ONLINE) {
                break;
            }
        }
        assertThat(reply.join().text("code")).isEqualTo("store_unavailable");
    }

    @Test
    void aCommandThatIsTooLargeIsRefusedHere() {
        ClientCore core = core(null);
        Map<String, Object> data = new LinkedHashMap<>(Map.of("executionId", "run", "reason", "x".repeat(2_000)));
        CompletableFuture<Message> reply = core.command("cancel", "one", data, got -> got);
        network.last().connect();
        assertThat(reply.join().text("code")).isEqualTo("message_too_large");
    }

    @Test
    @DisplayName(
            "A subscriber that does not ask holds back only itself: the server is told to stop, and later to go on after its place")
    void aSlowSubscriberHoldsBackOnlyItself() {
        ClientCore core = core(null);
        SlowSubscriber slow = new SlowSubscriber();
        new RemoteExecution(core, "run").events().buffer(4).subscribe(slow);
        FakeSocket socket = network.last().connect();
        subscribed(socket, "e", 0).say(event(1), event(2), event(3), event(4), event(5), event(6));
        assertThat(socket.types()).contains("unsubscribe");
        assertThat(socket.asked).as("the connection is read on").isEqualTo(3);
        follow(core);
        subscribed(socket, "e", 0).say(event(1), event(2), event(3), event(4), event(5), event(6));
        assertThat(numbers()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        slow.subscription.request(2);
        assertThat(slow.numbers).containsExactly(1L, 2L);
        assertThat(socket.message("subscribe").data()).containsEntry("after", 4);
        subscribed(socket, "e", 4).say(event(5), event(6), event(7));
        slow.subscription.request(10);
        assertThat(socket.message("subscribe").data()).containsEntry("after", 6);
        subscribed(socket, "e", 6).say(event(7));
        assertThat(slow.numbers).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(numbers()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }

    @Test
    @DisplayName(
            "What depends on the end of an inbox runs on the callbacks' threads: it may wait, and close the client")
    void theEndOfAnInboxIsToldByTheCallbacksThreads() {
        ManualExecutor threads = new ManualExecutor();
        callbacks = threads;
        ClientCore core = core(null);
        InboxWatch watch = new InboxWatch(core, InboxFilter.ALL, page -> {});
        core.watch(watch);
        network.last().refuse("forbidden", Duration.ZERO);
        assertThat(watch.ended()).isNotDone();
        threads.runAll();
        assertThat(watch.ended()).isCompletedExceptionally();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNPRINTABLE") // no copy of a future takes that
    void aHandlerThatThrowsEndsItsSubscription(Thrown thrown) {
        ClientCore core = core(null);
        EventSubscription subscription =
                new RemoteExecution(core, "run").events().forEach(event -> thrown.fling());
        subscribed(network.last().connect(), "e", 0).say(event(1));
        assertThat(subscription.ended()).isCompletedExceptionally();
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatThrowsEndsItsInbox(Thrown thrown) {
        ClientCore core = core(null);
        InboxWatch watch = new InboxWatch(core, InboxFilter.ALL, page -> thrown.fling());
        core.watch(watch);
        FakeSocket socket = network.last().connect();
        int list = socket.ids.size() - 1;
        while (socket.sent.get(list).data().containsKey("live")) {
            list--;
        }
        socket.say("{'type':'interactions','replyTo':'" + socket.ids.get(list) + "','data':{'interactions':[]}}");
        assertThat(watch.ended()).isCompletedExceptionally();
    }

    @Test
    @DisplayName(
            "Over HTTP, one acknowledgement is on its way, and of those that wait the newest of each execution is kept")
    void acknowledgementsDoNotPileUp() {
        settings = settings.transports(ClientTransport.POLL);
        ClientCore core = core(null);
        core.ack("other", Position.after("e", 1));
        network.lastRequest().reply(200, "");
        for (int i = 1; i <= 1_000; i++) {
            core.ack("run", Position.after("e", i));
        }
        CompletableFuture<Message> command = cancel(core, "one");
        assertThat(network.lastRequest().request().address()).hasPath("/executions/other/ack");
        network.lastRequest().reply(204, "");
        assertThat(network.lastRequest().request().address())
                .as("commands go first")
                .hasPath("/executions/run/cancel");
        network.lastRequest().reply(200, "{\"executionId\":\"run\",\"status\":\"cancelled\"}");
        assertThat(command).isCompleted();
        assertThat(network.lastRequest().request().body()).contains("e:1000");
        int sent = network.requests.size();
        network.lastRequest().reply(204, "");
        assertThat(network.requests).hasSize(sent);
    }

    @Test
    @DisplayName("Over HTTP, commands that were given up before they were sent are not kept and not sent")
    void commandsThatWereGivenUpDoNotPileUp() {
        settings = settings.transports(ClientTransport.POLL);
        ClientCore core = core(null);
        CompletableFuture<Message> first = cancel(core, "first");
        network.lastRequest().reply(200, "");
        for (int i = 0; i < 1_000; i++) {
            cancel(core, "given up " + i).cancel(false);
        }
        CompletableFuture<Message> last = cancel(core, "last");
        network.lastRequest().reply(200, "{\"executionId\":\"run\",\"status\":\"cancelled\"}");
        assertThat(first).isCompleted();
        assertThat(last).isNotDone();
        assertThat(network.lastRequest().request().headers()).containsEntry("Idempotency-Key", "last");
        assertThat(network.requests).hasSize(3);
    }

    /** What something else than FlowScript answers while a server or a proxy restarts. */
    static Stream<Arguments> foreign() {
        return Stream.of(302, 400, 403, 404, 429, 500, 502, 503, 504)
                .flatMap(status -> Stream.of("", "<html>Not here</html>", "{\"status\":404,\"code\":404}")
                        .map(body -> Arguments.of(status, body)));
    }

    /** Connects over HTTP. */
    private void healthy() {
        assertThat(network.lastRequest().request().address()).hasPath("/health");
        network.lastRequest().reply(200, "{\"status\":\"ok\",\"timestamp\":\"2026-01-01T00:00:00.000Z\"}");
    }

    private void comesBack() {
        assertThat(last().state()).isEqualTo(State.WAITING);
        assertThat(last().error().code()).isEqualTo("http_error");
        clock.advance(untilNext());
        healthy();
    }

    @ParameterizedTest
    @MethodSource("foreign")
    @DisplayName("A refusal that FlowScript has not written is a lost connection: a poll comes back from its position")
    void pollsComeBackAfterAForeignRefusal(int status, String body) {
        settings = settings.transports(ClientTransport.POLL);
        EventSubscription subscription = follow(core(null));
        healthy();
        network.lastRequest().reply(200, "{\"events\":[],\"next\":\"e:7\",\"terminal\":false}");
        network.lastRequest().reply(status, body);
        comesBack();
        assertThat(network.lastRequest().request().address().getQuery()).contains("after=e:7");
        assertThat(subscription.ended()).isNotDone();
    }

    @ParameterizedTest
    @MethodSource("foreign")
    @DisplayName("A refusal that FlowScript has not written is a lost connection: a command is sent again under its id")
    void commandsComeBackAfterAForeignRefusal(int status, String body) {
        settings = settings.transports(ClientTransport.POLL);
        CompletableFuture<Message> reply = cancel(core(null), "one");
        healthy();
        for (int i = 0; i < 9; i++) {
            network.lastRequest().reply(status, body);
            comesBack();
            assertThat(network.lastRequest().request().headers()).containsEntry("Idempotency-Key", "one");
        }
        network.lastRequest().reply(200, "{\"executionId\":\"run\",\"status\":\"cancelled\"}");
        assertThat(reply.join().text("status")).isEqualTo("cancelled");
    }

    @ParameterizedTest
    @MethodSource("foreign")
    @DisplayName(
            "A refusal that FlowScript has not written is a lost connection: before anything was streamed it polls, and comes back")
    void streamsComeBackAfterAForeignRefusal(int status, String body) {
        settings = settings.transports(ClientTransport.SSE);
        EventSubscription subscription = follow(core(null));
        healthy();
        assertThat(network.lastRequest().request().headers()).containsEntry("Accept", "text/event-stream");
        network.lastRequest().reply(status, body);
        assertThat(network.lastRequest().request().address().getQuery()).contains("wait=");
        network.lastRequest().reply(status, body);
        comesBack();
        assertThat(network.lastRequest().request().headers()).containsEntry("Accept", "text/event-stream");
        assertThat(subscription.ended()).isNotDone();
    }

    @Test
    void acknowledgementsComeBackAfterAForeignRefusal() {
        settings = settings.transports(ClientTransport.POLL).requestTimeout(Duration.ofDays(1));
        ClientCore core = core(null);
        follow(core);
        healthy();
        core.ack("run", Position.after("e", 1));
        network.lastRequest().reply(502, "");
        comesBack();
        assertThat(network.requests.stream()
                        .filter(sent -> sent.request().address().getPath().endsWith("/ack")))
                .hasSize(2);
    }

    @Test
    @DisplayName("A success that is no JSON, as of a page to log in, does not count as the reply to a command")
    void aForeignSuccessIsNoReply() {
        settings = settings.transports(ClientTransport.POLL);
        CompletableFuture<Message> reply = cancel(core(null), "one");
        healthy();
        network.lastRequest().reply(200, "<html>Who are you?</html>");
        assertThat(last().state()).isEqualTo(State.WAITING);
        assertThat(reply).isNotDone();
    }

    @Test
    @DisplayName("What FlowScript refuses is refused, and what is too large is so by whomever")
    void aRefusalWithACodeIsOne() {
        settings = settings.transports(ClientTransport.POLL);
        ClientCore core = core(null);
        CompletableFuture<Message> ended = cancel(core, "one");
        CompletableFuture<Message> large = cancel(core, "two");
        healthy();
        network.lastRequest().reply(409, "{\"code\":\"execution_finished\",\"detail\":\"It has ended\"}");
        network.lastRequest().reply(413, "<html>Too large</html>");
        assertThat(ended.join().text("code")).isEqualTo("execution_finished");
        assertThat(large.join().text("code")).isEqualTo("message_too_large");
        assertThat(last().state()).isEqualTo(State.ONLINE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Who are you?</html>", "{\"code\":\"unauthorized\"}"})
    void a401LeadsToNewCredentialsWhoeverHasWrittenIt(String body) {
        settings = settings.transports(ClientTransport.POLL);
        CompletableFuture<Message> reply = cancel(
                core(refused -> {
                    refusals.add(refused);
                    return Credentials.bearer("token");
                }),
                "one");
        healthy();
        network.lastRequest().reply(401, body);
        assertThat(refusals).containsExactly(false, true);
        assertThat(last().state()).isEqualTo(State.CONNECTING);
        assertThat(reply).isNotDone();
    }

    private static String refusal(FakeSocket socket, String code, String executionId) {
        return "{'type':'error','replyTo':'" + socket.id("subscribe") + "','data':{'code':'" + code
                + "','message':'no','details':{'executionId':'" + executionId + "'}}}";
    }

    private EventSubscription followAll(ClientCore core, Map<String, Position> last) {
        return new EventStream(core, null, null).from(last).forEach(events::add);
    }

    /** A subscription to many gets an execution. */
    private static FakeSocket announced(FakeSocket socket, String id, String epoch, long after) {
        return socket.say(
                "{'type':'subscribed','data':{'executionId':'" + id + "','epoch':'" + epoch + "','after':" + after
                        + ",'latest':9,'status':'running'}}",
                "{'type':'execution_status','data':{'executionId':'" + id + "','epoch':'" + epoch
                        + "','workflowId':'w','latest':9,'status':'running','startTime':0}}");
    }

    private static String eventOf(String id, int seq) {
        return event(seq).replace("'run'", "'" + id + "'");
    }

    @Test
    @DisplayName(
            "The refusal of one execution tells a subscription to many what it loses, and does not end it; one to that execution ends")
    void oneRefusalDoesNotEndManyExecutions() {
        ClientCore core = core(null);
        EventSubscription single = follow(core);
        EventSubscription all = followAll(core, Map.of("run", Position.after("e", 7)));
        FakeSocket first = network.sockets.get(0).connect();
        first.say(refusal(first, "execution_not_found", "run"));
        FakeSocket second = network.last().connect();
        String ofSingle = second.ids.get(0);
        second.say("{'type':'error','replyTo':'" + ofSingle
                + "','data':{'code':'execution_not_found','message':'no','details':{'executionId':'run'}}}");
        assertThat(single.ended()).isCompletedExceptionally();
        assertThat(all.ended()).isNotDone();
        assertThat(events)
                .containsExactly(new ClientEvent.Missed("run", Position.after("e", 7), "e", 8, OptionalLong.empty()));
        announced(second, "next", "f", 2).say(eventOf("next", 3));
        assertThat(numbers()).as("it goes on with others").containsExactly(7L, 3L);
    }

    @Test
    @DisplayName("An execution that a subscription to many has seen nothing of is refused without a word")
    void nothingIsLostOfWhatWasNotSeen() {
        EventSubscription all = followAll(core(null), Map.of("run", Position.after(0)));
        FakeSocket socket = network.last().connect();
        socket.say("{'type':'error','replyTo':'" + socket.ids.get(0)
                + "','data':{'code':'too_many_subscriptions','message':'no','details':{'executionId':'run'}}}");
        assertThat(all.ended()).isNotDone();
        assertThat(events).isEmpty();
    }

    @Test
    @DisplayName("A refusal of a whole subscribe is about each execution that it names")
    void aRefusalIsAboutAllThatWasAsked() {
        EventSubscription all =
                followAll(core(null), Map.of("one", Position.after("e", 1), "two", Position.after("e", 2)));
        FakeSocket socket = network.last().connect();
        socket.say("{'type':'error','replyTo':'" + socket.ids.get(0)
                + "','data':{'code':'invalid_message','message':'no'}}");
        assertThat(all.ended()).isNotDone();
        assertThat(events).hasSize(2).hasOnlyElementsOfType(ClientEvent.Missed.class);
        assertThat(numbers()).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    @DisplayName("A subscription to many that has no room is told what it loses when it has")
    void whatIsLostIsToldWhenThereIsRoom() {
        SlowSubscriber slow = new SlowSubscriber();
        new EventStream(core(null), null, null)
                .from(Map.of("one", Position.after("e", 1), "two", Position.after("e", 2)))
                .buffer(1)
                .subscribe(slow);
        FakeSocket socket = network.last().connect();
        for (String id : List.of("one", "two")) {
            socket.say("{'type':'error','replyTo':'" + socket.ids.get(0)
                    + "','data':{'code':'execution_not_found','message':'no','details':{'executionId':'" + id + "'}}}");
        }
        slow.subscription.request(1);
        assertThat(slow.numbers).containsExactly(1L);
        socket.say(refusal(socket, "execution_not_found", "two"));
        slow.subscription.request(1);
        assertThat(slow.numbers).containsExactly(1L, 2L);
    }

    @Test
    @DisplayName("Over HTTP, the refusal of one execution does not end a subscription to many either")
    void oneRefusalOverHttpDoesNotEndManyExecutions() {
        settings = settings.transports(ClientTransport.POLL);
        EventSubscription all = followAll(core(null), Map.of("run", Position.after("e", 7)));
        healthy();
        network.lastRequest().reply(200, "{\"events\":[],\"next\":\"e:8\",\"terminal\":false}");
        network.lastRequest().reply(404, "{\"code\":\"execution_not_found\"}");
        assertThat(all.ended()).isNotDone();
        assertThat(events)
                .containsExactly(new ClientEvent.Missed("run", Position.after("e", 8), "e", 9, OptionalLong.empty()));
        int sent = network.requests.size();
        clock.advance(Duration.ofMinutes(1));
        assertThat(network.requests).as("it is asked for no more").hasSize(sent);
    }

    private static long count(FakeSocket socket, String type) {
        return socket.types().stream().filter(type::equals).count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rate_limited", "memory_limit", "store_unavailable", "server_closing"})
    @DisplayName(
            "A refusal of a subscribe that passes ends nothing: it is asked for again, after a wait that grows until it is granted")
    void aRefusalThatPassesEndsNothing(String code) {
        ClientCore core = core(null);
        EventSubscription subscription = follow(core);
        FakeSocket socket = network.last().connect();
        for (int i = 1; i <= 3; i++) {
            socket.say("{'type':'subscribed','replyTo':'" + socket.id("subscribe") + "','data':{'executionId':'run'}}");
            socket.say(refusal(socket, code, "run"));
            EventSubscription other = follow(core);
            Duration wait = Duration.ofMillis(250L << i);
            clock.advance(wait.minusMillis(1));
            assertThat(count(socket, "subscribe")).as("it waits").isEqualTo(i);
            clock.advance(Duration.ofMillis(1));
            assertThat(count(socket, "subscribe")).isEqualTo(i + 1);
            other.close();
        }
        subscribed(socket, "e", 0).say(event(1), refusal(socket, code, "run").replaceFirst("'replyTo':'[^']*',", ""));
        socket.say(event(2));
        clock.advance(Duration.ofMillis(500));
        assertThat(count(socket, "subscribe")).as("the waits begin anew").isEqualTo(5);
        assertThat(socket.message("subscribe").data()).containsEntry("after", 1).containsEntry("epoch", "e");
        subscribed(socket, "e", 1).say(event(2));
        assertThat(numbers()).containsExactly(1L, 2L);
        assertThat(subscription.ended()).isNotDone();
    }

    @Test
    @DisplayName("A wait after a refusal that passes ends with the link, and with the subscription")
    void theWaitAfterARefusalEndsWithItsLink() {
        EventSubscription subscription = follow(core(null));
        FakeSocket old = network.last().connect();
        old.say(refusal(old, "store_unavailable", "run")).end(1006);
        clock.advance(untilNext());
        FakeSocket socket = network.last().connect();
        assertThat(count(socket, "subscribe")).isOne();
        socket.say(refusal(socket, "store_unavailable", "run"));
        subscription.close();
        clock.advance(Duration.ofSeconds(4));
        assertThat(count(socket, "subscribe")).isOne();
        clock.advance(Duration.ofSeconds(1));
        assertThat(clock.pending()).isZero();
    }

    @Test
    @DisplayName(
            "While the subscription to many is refused for now, those to single executions stay, so that nothing is lost meanwhile")
    void aWideSubscribeIsAskedForAgain() {
        EventSubscription all = followAll(core(null), Map.of("run", Position.after("e", 3)));
        FakeSocket socket = network.last().connect();
        String single = socket.ids.get(0);
        String wide = socket.ids.get(1);
        socket.say("{'type':'subscribed','replyTo':'" + single
                + "','data':{'executionId':'run','epoch':'e','after':3,'latest':9,'status':'running'}}");
        for (int i = 1; i <= 2; i++) {
            socket.say("{'type':'error','replyTo':'" + wide
                    + "','data':{'code':'store_unavailable','message':'no','details':{'all':true}}}");
            clock.advance(Duration.ofMillis((250L << i) - 1));
            assertThat(count(socket, "subscribe")).isEqualTo(i + 1);
            clock.advance(Duration.ofMillis(1));
            assertThat(count(socket, "subscribe")).isEqualTo(i + 2);
            wide = socket.id("subscribe");
            assertThat(socket.message("subscribe").data()).containsEntry("all", true);
        }
        socket.say(event(4));
        assertThat(socket.types()).doesNotContain("unsubscribe");
        socket.say("{'type':'subscribed','timestamp':1,'replyTo':'" + wide + "','data':{'all':true}}");
        assertThat(socket.message("unsubscribe").data()).containsEntry("executionId", "run");
        socket.say(event(5));
        assertThat(numbers()).containsExactly(4L, 5L);
        assertThat(all.ended()).isNotDone();
    }

    @Test
    @DisplayName("Over SSE, a subscription from the newest event of an execution that has ended ends")
    void nothingFollowsTheNewestEventOfAnExecutionThatHasEnded() {
        settings = settings.transports(ClientTransport.SSE);
        ClientCore core = core(null);
        List<ClientEvent> whole = new ArrayList<>();
        EventSubscription latest =
                new RemoteExecution(core, "run").events().fromLatest().forEach(events::add);
        EventSubscription first = new RemoteExecution(core, "run").events().forEach(whole::add);
        healthy();
        assertThat(network.lastRequest().request().address().getQuery()).contains("after=latest");
        network.lastRequest().reply(204, "");
        assertThat(latest.ended()).isCompleted();
        assertThat(events).isEmpty();
        assertThat(first.ended()).as("another goes on").isNotDone();
        assertThat(network.lastRequest().request().address().getPath()).isEqualTo("/executions/run/events");
        assertThat(network.lastRequest().request().address().getQuery()).isNullOrEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue_full", "rate_limited", "memory_limit", "store_unavailable", "server_closing"})
    @DisplayName("An inbox whose list is refused for now lists again after its interval; another refusal ends it")
    void anInboxOutlivesRefusalsThatPass(String code) {
        settings = settings.queue(1).inboxInterval(Duration.ofSeconds(50));
        ClientCore core = core(null);
        List<InboxPage> pages = new ArrayList<>();
        InboxWatch watch = new InboxWatch(core, InboxFilter.ALL, pages::add);
        boolean isFull = code.equals("queue_full");
        CompletableFuture<Message> before = isFull ? cancel(core, "one") : null;
        core.watch(watch);
        FakeSocket socket = network.last().connect();
        if (isFull) {
            before.cancel(false);
        }
        for (int i = 0; i < 6 && !isFull; i++) {
            socket.say("{'type':'error','replyTo':'" + lastList(socket) + "','data':{'code':'" + code
                    + "','message':'no'}}");
            clock.advance(Duration.ofSeconds(8 + i)); // the command is sent again a few times
            socket.say("{'type':'pong','data':{}}");
        }
        assertThat(watch.ended()).isNotDone();
        int lists = lists(socket).size();
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofSeconds(10));
            socket.say("{'type':'pong','data':{}}");
        }
        assertThat(lists(socket)).hasSize(lists + 1);
        socket.say("{'type':'interactions','replyTo':'" + lastList(socket) + "','data':{'interactions':[]}}");
        assertThat(pages).hasSize(1);
        socket.say("{'type':'interaction_changed','data':{}}");
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofSeconds(10));
            socket.say("{'type':'pong','data':{}}");
        }
        socket.say(
                "{'type':'error','replyTo':'" + lastList(socket) + "','data':{'code':'unauthorized','message':'no'}}");
        assertThat(watch.ended()).isCompletedExceptionally();
    }

    /** The ids of the lists that are not live. */
    private static List<String> lists(FakeSocket socket) {
        return IntStream.range(0, socket.ids.size())
                .filter(i -> socket.sent.get(i).is("interactions")
                        && !socket.sent.get(i).data().containsKey("live"))
                .mapToObj(socket.ids::get)
                .toList();
    }

    private static String lastList(FakeSocket socket) {
        List<String> all = lists(socket);
        return all.get(all.size() - 1);
    }

    @Test
    @DisplayName(
            "An acknowledgement and the end of the last inbox let a connection rest: it closes after the idle time")
    void whatIsDoneWithLetsTheConnectionRest() {
        ClientCore core = core(null);
        core.ack("run", Position.after("e", 1));
        FakeSocket first = network.last().connect();
        clock.advance(Duration.ofSeconds(3));
        core.ack("run", Position.after("e", 2));
        clock.advance(Duration.ofMillis(4_999));
        assertThat(last().state()).isEqualTo(State.ONLINE);
        clock.advance(Duration.ofMillis(1));
        assertThat(last().state()).isEqualTo(State.IDLE);
        assertThat(first.isClosed).isTrue();
        InboxWatch watch = new InboxWatch(core, InboxFilter.ALL, page -> {});
        core.watch(watch);
        FakeSocket second = network.last().connect();
        for (int i = 0; i < 2; i++) { // it lists again, since it was added and the connection came
            second.say("{'type':'interactions','replyTo':'" + lastList(second) + "','data':{'interactions':[]}}");
            clock.advance(Duration.ofSeconds(5));
        }
        watch.finish(null);
        clock.advance(Duration.ofSeconds(5));
        assertThat(last().state()).isEqualTo(State.IDLE);
        assertThat(clock.pending()).isZero();
    }

    private static List<String> acks(FakeSocket socket) {
        return socket.sent.stream()
                .filter(message -> message.is("ack"))
                .map(message -> message.text("executionId") + ":" + message.number("seq", 0))
                .toList();
    }

    @Test
    @DisplayName(
            "Over a WebSocket, an execution is acknowledged at once and then at most every 250 ms, by the newest position")
    void acknowledgementsOverASocketDoNotPileUp() {
        ClientCore core = core(null);
        follow(core);
        FakeSocket socket = network.last().connect();
        for (int i = 1; i <= 5_000; i++) {
            core.ack("run", Position.after("e", i));
        }
        clock.advance(Duration.ofMillis(100));
        core.ack("other", Position.after("e", 1));
        core.ack("other", Position.after("e", 2));
        CompletableFuture<Message> command = cancel(core, "one");
        assertThat(command).isNotDone();
        assertThat(socket.types()).endsWith("cancel");
        assertThat(acks(socket)).containsExactly("run:1", "other:1");
        clock.advance(Duration.ofMillis(149));
        assertThat(acks(socket)).hasSize(2);
        clock.advance(Duration.ofMillis(1));
        assertThat(acks(socket)).containsExactly("run:1", "other:1", "run:5000");
        core.ack("run", Position.after("e", 5_001));
        clock.advance(Duration.ofMillis(100));
        assertThat(acks(socket)).containsExactly("run:1", "other:1", "run:5000", "other:2");
        clock.advance(Duration.ofMillis(150));
        assertThat(acks(socket)).endsWith("run:5001");
        clock.advance(Duration.ofMillis(250));
        core.ack("run", Position.after("e", 5_002));
        assertThat(acks(socket)).hasSize(6).endsWith("run:5002");
    }

    @Test
    @DisplayName(
            "Acknowledgements that wait when a WebSocket is lost go over the next, and before its end when it is closed")
    void acknowledgementsThatWaitAreNotLost() {
        ClientCore core = core(null);
        follow(core);
        FakeSocket socket = network.last().connect();
        for (int i = 1; i <= 3; i++) {
            core.ack("run", Position.after("e", i));
        }
        socket.end(1006);
        clock.advance(untilNext());
        FakeSocket next = network.last().connect();
        assertThat(acks(next)).containsExactly("run:3");
        core.ack("run", Position.after("e", 4));
        assertThat(core.close()).isCompleted();
        assertThat(acks(next)).containsExactly("run:3", "run:4");
        assertThat(clock.pending()).isZero();
    }

    /** The executions that a subscribe names. */
    private static List<String> named(Message subscribe) {
        List<String> ids = new ArrayList<>();
        if (subscribe.data().get("executions") instanceof List<?> many) {
            many.forEach(each -> ids.add(String.valueOf(((Map<?, ?>) each).get("executionId"))));
        } else if (subscribe.optionalText("executionId") != null) {
            ids.add(subscribe.text("executionId"));
        }
        return ids;
    }

    @Test
    @DisplayName(
            "A subscription to many asks for its executions alone by windows, and for the next when it has taken over those before")
    void aSubscriptionToManyAsksByWindows() {
        Map<String, Position> last = new LinkedHashMap<>();
        for (int i = 0; i < 450; i++) {
            last.put("run-" + i, Position.after("e", 3));
        }
        EventSubscription all = followAll(core(null), last);
        FakeSocket socket = network.last().say("{'type':'connected','data':{'heartbeatMillis':30000}}");
        Set<String> open = new LinkedHashSet<>();
        Set<String> asked = new LinkedHashSet<>();
        for (int i = 0; i < socket.sent.size(); i++) { // it grows meanwhile
            Message message = socket.sent.get(i);
            if (message.is("unsubscribe")) {
                open.remove(message.text("executionId"));
            } else if (message.data().containsKey("all")) {
                socket.say("{'type':'subscribed','timestamp':1,'replyTo':'" + socket.ids.get(i)
                        + "','data':{'all':true}}");
            } else {
                List<String> ids = named(message);
                open.addAll(ids);
                assertThat(open).hasSizeLessThanOrEqualTo(200);
                for (String id : ids) {
                    assertThat(asked.add(id)).isTrue();
                    socket.say("{'type':'subscribed','replyTo':'" + socket.ids.get(i) + "','data':{'executionId':'" + id
                            + "','epoch':'e','after':3,'latest':4,'status':'running'}}");
                }
            }
        }
        assertThat(asked).containsExactlyInAnyOrderElementsOf(last.keySet());
        assertThat(open).isEmpty();
        asked.forEach(id -> socket.say(eventOf(id, 4)));
        assertThat(events).hasSize(450);
        assertThat(all.ended()).isNotDone();
    }

    @Test
    @DisplayName("Executions that are refused, for good or for now, make room for the next window")
    void refusalsMakeRoom() {
        Map<String, Position> last = new LinkedHashMap<>();
        for (int i = 0; i < 300; i++) {
            last.put("run-" + i, Position.after("e", 3));
        }
        followAll(core(null), last);
        FakeSocket socket = network.last().say("{'type':'connected','data':{'heartbeatMillis':30000}}");
        String id = socket.ids.get(0);
        List<String> first = named(socket.sent.get(0));
        assertThat(first).hasSize(200);
        for (int i = 0; i < 100; i++) {
            String code = i % 2 == 0 ? "store_unavailable" : "execution_not_found";
            socket.say("{'type':'error','replyTo':'" + id + "','data':{'code':'" + code
                    + "','message':'no','details':{'executionId':'" + first.get(i) + "'}}}");
        }
        assertThat(named(socket.message("subscribe"))).hasSize(100).doesNotContainAnyElementsOf(first);
    }
}
