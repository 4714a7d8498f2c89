package io.flowscript.benchmarks.load;

import java.util.List;

/** How a client of one server subscribes: what it says, and when its subscription is in force. One for each connection, for one thread. */
interface Greeting {

    /** {@return the path and the query of the WebSocket} */
    default String path() {
        return "/ws";
    }

    /** {@return the subprotocol to offer; empty for none} */
    default String subprotocol() {
        return "";
    }

    /** {@return what to say when the WebSocket is open} */
    List<String> opened();

    /**
     * Hears a short message without an event, where the connection's {@link Inbound} hands it out.
     *
     * @return what to say then
     */
    default List<String> heard(String message) {
        return List.of();
    }

    /**
     * {@return whether the subscription is in force}
     *
     * @param messages how many messages were counted so far
     */
    boolean isDone(long messages);

    /** Returns the greeting of a kind of server whose messages are heard. */
    static Greeting of(String kind) {
        return switch (kind) {
            case "socketio" -> new SocketIo();
            case "bayeux" -> new Bayeux();
            case "v1" -> new Told("");
            case "v2" -> new Told("flowscript.v2");
            default -> throw new IllegalArgumentException("There is no kind of client " + kind);
        };
    }

    /** Subscribes and counts the messages that answer, without reading them. */
    record Counted(String subscribe, boolean lines, int messages) implements Greeting {

        @Override
        public String subprotocol() {
            return lines ? "flowscript.v2" : "";
        }

        @Override
        public List<String> opened() {
            return List.of(subscribe);
        }

        @Override
        public boolean isDone(long counted) {
            return counted >= messages;
        }
    }

    /** FlowScript's subscription, which servers without a protocol of their own answer too. */
    final class Told implements Greeting {

        private final String subprotocol;
        private boolean done;

        Told(String subprotocol) {
            this.subprotocol = subprotocol;
        }

        @Override
        public String subprotocol() {
            return subprotocol;
        }

        @Override
        public List<String> opened() {
            return List.of(ClientProcess.subscribe(ClientProcess.LATEST));
        }

        @Override
        public List<String> heard(String message) {
            done |= message.contains("\"execution_status\"");
            return List.of();
        }

        @Override
        public boolean isDone(long messages) {
            return done;
        }
    }

    /** Socket.IO 5 on Engine.IO 4, over WebSocket alone: opens, enters the namespace, and asks to join a room. */
    final class SocketIo implements Greeting {

        private boolean done;

        @Override
        public String path() {
            return "/socket.io/?EIO=4&transport=websocket";
        }

        @Override
        public List<String> opened() {
            return List.of();
        }

        @Override
        public List<String> heard(String message) {
            if (message.equals("2")) {
                return List.of("3"); // a ping
            } else if (message.startsWith("0")) {
                return List.of("40");
            } else if (message.startsWith("40")) {
                return List.of("42[\"subscribe\",\"" + Events.EXECUTION + "\"]");
            }
            done |= message.contains("\"subscribed\"");
            return List.of();
        }

        @Override
        public boolean isDone(long messages) {
            return done;
        }
    }

    /** CometD's protocol: handshakes, subscribes, and leaves a connect request with the server. */
    final class Bayeux implements Greeting {

        private static final String CHANNEL = "\"channel\":\"/meta/";

        private boolean done;

        @Override
        public List<String> opened() {
            return List.of("[{" + CHANNEL + "handshake\",\"id\":\"1\",\"version\":\"1.0\","
                    + "\"supportedConnectionTypes\":[\"websocket\"]}]");
        }

        @Override
        public List<String> heard(String message) {
            String name = "\"clientId\":\"";
            int at = message.indexOf(name);
            if (message.contains("/meta/handshake") && at >= 0) {
                String id = message.substring(at, message.indexOf('"', at + name.length()) + 1);
                String connect = CHANNEL + "connect\",\"connectionType\":\"websocket\"," + id;
                return List.of(
                        "[{" + CHANNEL + "subscribe\",\"id\":\"2\",\"subscription\":\"/" + Events.EXECUTION + "\"," + id
                                + "}]",
                        "[{" + connect + ",\"id\":\"3\",\"advice\":{\"timeout\":0}}]",
                        "[{" + connect + ",\"id\":\"4\"}]");
            }
            done |= message.contains("/meta/subscribe") && message.contains("\"successful\":true");
            return List.of();
        }

        @Override
        public boolean isDone(long messages) {
            return done;
        }
    }
}
