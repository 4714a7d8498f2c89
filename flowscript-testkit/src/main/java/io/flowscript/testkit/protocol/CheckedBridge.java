package io.flowscript.testkit.protocol;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.BridgeStats;
import io.flowscript.events.delivery.DeliveryLag;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.operations.Operations;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;

/**
 * A bridge that holds every message that it sends to a client against the schemas of the protocol. A test closes it in
 * place of the bridge, and {@link #close} fails when a message has broken its schema.
 *
 * <pre>{@code
 * FlowScriptBridge bridge = CheckedBridge.of(FlowScriptBridge.builder(flows).build());
 * }</pre>
 *
 * <p>It compares each message that has another shape than those before: other fields, other types of values, or another
 * type, code or status. Messages of the same shape differ only in values that the schemas leave open, so this is much
 * cheaper. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class CheckedBridge implements FlowScriptBridge {

    private final FlowScriptBridge bridge;
    private final SchemaCheck check = new SchemaCheck();

    private CheckedBridge(FlowScriptBridge bridge) {
        this.bridge = bridge;
    }

    /**
     * Checks what a bridge sends.
     *
     * @param bridge the bridge
     * @return the bridge to use in its place
     */
    public static CheckedBridge of(FlowScriptBridge bridge) {
        return new CheckedBridge(bridge);
    }

    @Override
    public ClientSession connect(ClientChannel channel, ClientInfo client) {
        return bridge.connect(new CheckedChannel(channel), client);
    }

    @Override
    public int disconnect(Predicate<Identity> who) {
        return bridge.disconnect(who);
    }

    @Override
    public int maxMessageBytes() {
        return bridge.maxMessageBytes();
    }

    @Override
    public FlowScript flows() {
        return bridge.flows();
    }

    @Override
    public Operations operations() {
        return bridge.operations();
    }

    @Override
    public BridgeStats stats() {
        return bridge.stats();
    }

    @Override
    public DeliveryLag lag() {
        return bridge.lag();
    }

    /**
     * Closes the bridge.
     *
     * @throws AssertionError when a message that was sent has broken its schema; it shows the message and what is wrong
     */
    @Override
    public void close() {
        bridge.close();
        check.assertNoProblem();
    }

    /** Looks at each frame before it is handed on. */
    private final class CheckedChannel implements ClientChannel {

        private final ClientChannel channel;

        CheckedChannel(ClientChannel channel) {
            this.channel = channel;
        }

        @Override
        public void send(List<ByteBuffer> frames, SendCallback done) {
            frames.forEach(check::sent);
            channel.send(frames, done);
        }

        @Override
        public void close(int code, String reason) {
            channel.close(code, reason);
        }

        @Override
        public boolean ping(Runnable pong) {
            return channel.ping(pong);
        }

        @Override
        public String transport() {
            return channel.transport();
        }
    }
}
