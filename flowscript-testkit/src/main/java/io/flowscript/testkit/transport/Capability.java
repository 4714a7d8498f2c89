package io.flowscript.testkit.transport;

/**
 * What a transport can do that not every transport can. A rule that needs one is not asked of a transport without it; the rules that need none are asked of all.
 *
 * @since 0.1.0
 */
public enum Capability {
    /** Clients send messages of their own, and the transport sees by itself when one goes. */
    MESSAGES("clients send messages"),

    /** It tells by itself what cannot be a message, such as a binary frame. Where any bytes may be one, the bridge's parser tells. */
    GARBAGE("the transport tells what is no message"),

    /** Clients are told the code and the reason of an end. */
    CLOSE_CODES("clients are told close codes"),

    /** Clients can be asked for a sign of life. */
    PINGS("clients can be pinged"),

    /**
     * It subscribes each connection to one execution, on the client's behalf, at once; the connections of one client, of which there may be many one after the other, have
     * that execution in common and no two clients have. So are server-sent events and long polls.
     */
    SUBSCRIBES("the transport subscribes on behalf of its clients");

    private final String sentence;

    Capability(String sentence) {
        this.sentence = sentence;
    }

    /** {@return what it means, for people} */
    @Override
    public String toString() {
        return name() + " (" + sentence + ")";
    }
}
