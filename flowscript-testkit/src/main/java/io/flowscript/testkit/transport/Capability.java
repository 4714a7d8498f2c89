package io.flowscript.testkit.transport;

/**
 * An optional ability of a transport. A rule that needs an ability is skipped for transports without it.
 *
 * @since 0.1.0
 */
public enum Capability {
    /** Clients send messages of their own, and the transport notices by itself when a client leaves. */
    MESSAGES("clients send messages"),

    /**
     * The transport itself detects input that cannot be a message, such as a binary frame. Without this, any bytes
     * may be a message and the bridge's parser decides.
     */
    GARBAGE("the transport tells what is no message"),

    /** Clients receive the code and the reason when a connection ends. */
    CLOSE_CODES("clients are told close codes"),

    /** Clients can be pinged. */
    PINGS("clients can be pinged"),

    /**
     * The transport subscribes each connection to one execution at once, on the client's behalf, as server-sent
     * events and long polls do. All connections of one client, of which there may be many in sequence, share that
     * execution; no two clients do.
     */
    SUBSCRIBES("the transport subscribes on behalf of its clients");

    private final String sentence;

    Capability(String sentence) {
        this.sentence = sentence;
    }

    /** {@return the name and the meaning, for people} */
    @Override
    public String toString() {
        return name() + " (" + sentence + ")";
    }
}
