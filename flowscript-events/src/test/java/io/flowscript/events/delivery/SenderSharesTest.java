package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.ClientInfo.Renewal;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.concurrent.Shares;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.testsupport.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("A sender has a share of what all may have, so that nobody takes the place of all others")
class SenderSharesTest {

    private final Fixture fixture = Fixture.with()
            .limits(limits -> limits.maxConnections(6)
                    .maxConnectionsPerSender(2)
                    .maxPending(6)
                    .maxPendingPerSender(2))
            .build();

    @AfterEach
    void close() {
        fixture.close();
    }

    private MemoryClient connect(String name, @Nullable String address) {
        Identity who = name.isEmpty() ? Identity.ANONYMOUS : Identity.of(name);
        return fixture.transport.connect(new ClientInfo(Login.of(who), address, Framing.LINES, Renewal.NONE));
    }

    private void refuses(String name, @Nullable String address) {
        assertThatThrownBy(() -> connect(name, address))
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("too_many_connections"));
    }

    @Test
    @DisplayName("an identity has so many connections and no more, from whatever address, until one has ended")
    void connectionsOfAnIdentity() {
        MemoryClient first = connect("ann", "192.0.2.1");
        connect("ann", "192.0.2.2");
        refuses("ann", "192.0.2.3");
        connect("bob", "192.0.2.1");
        first.disconnect();
        fixture.run();
        connect("ann", null);
        refuses("ann", null);
        assertThat(fixture.bridge.stats().connections()).isEqualTo(3);
    }

    @Test
    @DisplayName("anonymous clients share by their address; without one, only the limit for all counts")
    void anonymousClients() {
        connect("", "192.0.2.1");
        connect("", "192.0.2.1");
        refuses("", "192.0.2.1");
        connect("", "192.0.2.2");
        for (int i = 0; i < 3; i++) {
            connect("", null);
        }
        refuses("", null);
    }

    @Test
    @DisplayName("a connection that the limit for all refuses takes no share")
    void refusedByTheLimitForAll() {
        List<MemoryClient> others = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            others.add(connect("", null));
        }
        for (int i = 0; i < 3; i++) {
            refuses("ann", null);
        }
        others.forEach(MemoryClient::disconnect);
        fixture.run();
        connect("ann", null);
        connect("ann", null);
        refuses("ann", null);
    }

    @Test
    @DisplayName("a sender has so many waiting subscriptions over all its connections, and others still have theirs")
    void waitingSubscriptions() {
        MemoryClient one = connect("ann", null);
        MemoryClient two = connect("ann", null);
        MemoryClient other = connect("bob", null);
        one.subscribe("a");
        two.subscribe("b");
        String third = one.subscribe("c");
        other.subscribe("c");
        fixture.run();
        assertThat(code(one, third)).isEqualTo("too_many_subscriptions");
        assertThat(fixture.bridge.pending()).isEqualTo(3);

        fixture.startLive("a");
        fixture.run();
        one.subscribe("d");
        fixture.run();
        assertThat(fixture.bridge.pending()).isEqualTo(3);

        fixture.pass(Duration.ofMinutes(5));
        assertThat(fixture.bridge.pending()).isZero();
        one.subscribe("e");
        two.subscribe("f");
        String more = two.subscribe("g");
        fixture.run();
        assertThat(code(two, more)).isEqualTo("too_many_subscriptions");
    }

    @Test
    @DisplayName("threads that take at once get exactly the share, and what is given back leaves nothing")
    void underARace() throws Exception {
        Shares shares = new Shares(100);
        AtomicInteger granted = new AtomicInteger();
        Race.run(50, () -> shares.take("by ann") ? granted.incrementAndGet() : 0);
        assertThat(granted).hasValue(100);
        for (int i = 0; i < 100; i++) {
            shares.giveBack("by ann");
        }
        assertThat(shares.senders()).isZero();
        assertThat(shares.take("by ann")).isTrue();
    }

    @Test
    @DisplayName("an identity with the name of an address has its own share")
    void namesAndAddresses() {
        assertThat(ConnectedClient.sender(Identity.of("192.0.2.1"), null))
                .isNotEqualTo(ConnectedClient.sender(Identity.ANONYMOUS, "192.0.2.1"));
    }

    @Test
    @DisplayName("a sender stays the same when its groups change, so that what was taken is given back")
    void otherGroups() {
        for (String name : List.of("ann", Identity.ANONYMOUS.name())) {
            assertThat(ConnectedClient.sender(Identity.of(name, "clerks"), "192.0.2.1"))
                    .isEqualTo(ConnectedClient.sender(Identity.of(name), "192.0.2.1"));
        }
    }
}
