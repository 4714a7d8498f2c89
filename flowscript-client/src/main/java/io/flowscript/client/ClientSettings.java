package io.flowscript.client;

import io.flowscript.core.settings.Range;
import io.flowscript.core.settings.SettingValues;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The settings of a client. Immutable: each method that sets a value returns a copy. Safe for use by any thread. Durations are more
 * than zero.
 *
 * @since 0.1.0
 */
public final class ClientSettings {

    private static final ClientSettings DEFAULTS = new ClientSettings(new Values());

    private static final class Values extends SettingValues<Values> {
        int connections = 4;
        int queue = 100;
        Duration backoff = Duration.ofMillis(500);
        Duration maxBackoff = Duration.ofSeconds(30);
        Duration connectTimeout = Duration.ofSeconds(10);
        Duration requestTimeout = Duration.ofSeconds(30);
        Duration pongTimeout = Duration.ofSeconds(10);
        Duration silence = Duration.ofSeconds(75);
        Duration stable = Duration.ofSeconds(10);
        Duration renewBefore = Duration.ofMinutes(1);
        int fallbackAfter = 3;
        Duration upgrade = Duration.ofSeconds(30);
        Duration maxUpgrade = Duration.ofMinutes(5);
        Duration pollInterval = Duration.ofSeconds(2);
        Duration pollWait = Duration.ofSeconds(20);
        Duration inboxInterval = Duration.ofMillis(500);
        Duration inboxPoll = Duration.ofSeconds(5);
        Duration idle = Duration.ofSeconds(5);
        List<ClientTransport> transports = List.of(ClientTransport.values());
    }

    private final Values values;

    private ClientSettings(Values values) {
        this.values = values;
    }

    /** {@return the default settings} */
    public static ClientSettings defaults() {
        return DEFAULTS;
    }

    /**
     * Sets how many connections the subscriptions to single executions share. A further one is opened when each has 64
     * executions. The default is 4.
     *
     * @param value the number, from 1
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings connections(int value) {
        return new ClientSettings(values.with(changed -> changed.connections = Range.atLeast(1, value, "connections")));
    }

    int connections() {
        return values.connections;
    }

    /**
     * Sets how many commands can wait for their replies. A further one fails with {@code queue_full}. The default is 100.
     *
     * @param value the number, from 1
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings queue(int value) {
        return new ClientSettings(values.with(changed -> changed.queue = Range.atLeast(1, value, "queue")));
    }

    int queue() {
        return values.queue;
    }

    /**
     * Sets the base of the backoff: the wait before the n-th try is drawn between zero and the base times 2 to the power of
     * n. The default is 500 milliseconds.
     *
     * @param value the base
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings backoff(Duration value) {
        return new ClientSettings(values.with(changed -> changed.backoff = positive(value, "backoff")));
    }

    Duration backoff() {
        return values.backoff;
    }

    /**
     * Sets the longest wait before a try. The default is 30 seconds.
     *
     * @param value the duration
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings maxBackoff(Duration value) {
        return new ClientSettings(values.with(changed -> changed.maxBackoff = positive(value, "maxBackoff")));
    }

    Duration maxBackoff() {
        return values.maxBackoff;
    }

    /**
     * Sets how long opening a connection may take. The default is 10 seconds.
     *
     * @param value the duration
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings connectTimeout(Duration value) {
        return new ClientSettings(values.with(changed -> changed.connectTimeout = positive(value, "connectTimeout")));
    }

    Duration connectTimeout() {
        return values.connectTimeout;
    }

    /**
     * Sets how long a request over HTTP may take. The default is 30 seconds.
     *
     * @param value the duration
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings requestTimeout(Duration value) {
        return new ClientSettings(values.with(changed -> changed.requestTimeout = positive(value, "requestTimeout")));
    }

    Duration requestTimeout() {
        return values.requestTimeout;
    }

    /**
     * Sets how long the server may take for a sign of life. The default is 10 seconds.
     *
     * @param value the duration
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings pongTimeout(Duration value) {
        return new ClientSettings(values.with(changed -> changed.pongTimeout = positive(value, "pongTimeout")));
    }

    Duration pongTimeout() {
        return values.pongTimeout;
    }

    /**
     * Sets how long a stream of server-sent events may be silent. The default is 75 seconds.
     *
     * @param value the duration, longer than the server's heartbeat
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings silence(Duration value) {
        return new ClientSettings(values.with(changed -> changed.silence = positive(value, "silence")));
    }

    Duration silence() {
        return values.silence;
    }

    /**
     * Sets after how long a connection counts as good, so that the backoff begins anew. It does also when the connection has
     * delivered something. The default is 10 seconds.
     *
     * @param value the duration
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings stable(Duration value) {
        return new ClientSettings(values.with(changed -> changed.stable = positive(value, "stable")));
    }

    Duration stable() {
        return values.stable;
    }

    /**
     * Sets how long before its end a login is renewed, over the WebSocket that it is for. It is renewed between this time and twice
     * this time before its end, drawn at random, but not before the last half of its time. The default is one minute.
     *
     * @param value the duration
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings renewBefore(Duration value) {
        return new ClientSettings(values.with(changed -> changed.renewBefore = positive(value, "renewBefore")));
    }

    Duration renewBefore() {
        return values.renewBefore;
    }

    /**
     * Sets after how many failures in a row the next transport is tried. The default is 3.
     *
     * @param value the number, from 1
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings fallbackAfter(int value) {
        return new ClientSettings(
                values.with(changed -> changed.fallbackAfter = Range.atLeast(1, value, "fallbackAfter")));
    }

    int fallbackAfter() {
        return values.fallbackAfter;
    }

    /**
     * Sets after how long the first transport is tried again while another one is used. The time doubles up to {@link
     * #maxUpgrade(Duration)}, less up to a half of it, at random. The default is 30 seconds.
     *
     * @param value the duration
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings upgrade(Duration value) {
        return new ClientSettings(values.with(changed -> changed.upgrade = positive(value, "upgrade")));
    }

    Duration upgrade() {
        return values.upgrade;
    }

    /**
     * Sets the longest time until the first transport is tried again. The default is 5 minutes.
     *
     * @param value the duration
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings maxUpgrade(Duration value) {
        return new ClientSettings(values.with(changed -> changed.maxUpgrade = positive(value, "maxUpgrade")));
    }

    Duration maxUpgrade() {
        return values.maxUpgrade;
    }

    /**
     * Sets how often several executions are polled when nothing happens. The default is 2 seconds.
     *
     * @param value the duration
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings pollInterval(Duration value) {
        return new ClientSettings(values.with(changed -> changed.pollInterval = positive(value, "pollInterval")));
    }

    Duration pollInterval() {
        return values.pollInterval;
    }

    /**
     * Sets how long a poll for one execution waits, in whole seconds. The default is 20 seconds.
     *
     * @param value the duration, at most 30 seconds count
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings pollWait(Duration value) {
        return new ClientSettings(values.with(changed -> changed.pollWait = positive(value, "pollWait")));
    }

    Duration pollWait() {
        return values.pollWait;
    }

    /**
     * Sets how often a live inbox is listed at most. The default is 500 milliseconds.
     *
     * @param value the duration
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings inboxInterval(Duration value) {
        return new ClientSettings(values.with(changed -> changed.inboxInterval = positive(value, "inboxInterval")));
    }

    Duration inboxInterval() {
        return values.inboxInterval;
    }

    /**
     * Sets how often a live inbox is listed over HTTP. The default is 5 seconds.
     *
     * @param value the duration
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings inboxPoll(Duration value) {
        return new ClientSettings(values.with(changed -> changed.inboxPoll = positive(value, "inboxPoll")));
    }

    Duration inboxPoll() {
        return values.inboxPoll;
    }

    /**
     * Sets after how long without subscriptions and commands a connection is closed. The default is 5 seconds.
     *
     * @param value the duration
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when the value is out of range
     */
    public ClientSettings idle(Duration value) {
        return new ClientSettings(values.with(changed -> changed.idle = positive(value, "idle")));
    }

    Duration idle() {
        return values.idle;
    }

    /**
     * Sets the transports to use, the best first. The default is all of them, in their order.
     *
     * @param value the transports, at least one
     * @return a copy with this value
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when there is none
     */
    public ClientSettings transports(ClientTransport... value) {
        Range.atLeast(1, value.length, "transports");
        return new ClientSettings(values.with(changed -> changed.transports = List.of(value)));
    }

    List<ClientTransport> transports() {
        return values.transports;
    }

    private static Duration positive(Duration value, String name) {
        Range.positive(Objects.requireNonNull(value, name), name);
        return value;
    }
}
