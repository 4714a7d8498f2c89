package io.flowscript.benchmarks.peers;

import io.flowscript.benchmarks.BenchmarksMain;
import io.flowscript.benchmarks.load.LoadProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is measured: a library as a process of the load program.
 *
 * @param name its name in tables
 * @param runtime where it comes from
 * @param kind what that process is told to be
 * @param client the kind of client that it understands; empty for an engine
 */
record Contestant(String name, Runtime runtime, String kind, String client) {

    /** The heap of a Java process. */
    private static final String HEAP = "1g";

    private static final String JAR = "checks/peers/target/flowscript-peers.jar";
    private static final String NODE = "checks/peers/node";

    static final List<Contestant> SERVERS = List.of(
            new Contestant("FlowScript v2", Runtime.HERE, "server flowscript kept=60000", "v2"),
            new Contestant("FlowScript v1", Runtime.HERE, "server flowscript kept=60000", "v1"),
            new Contestant("Jetty core, batches", Runtime.HERE, "server raw", "v1"),
            new Contestant("Jetty core", Runtime.HERE, "server unbatched", "v1"),
            new Contestant("Jetty Session", Runtime.PEERS, "session", "v1"),
            new Contestant("CometD", Runtime.PEERS, "cometd", "bayeux"),
            new Contestant("netty-socketio", Runtime.PEERS, "netty-socketio", "socketio"),
            new Contestant("ws", Runtime.NODE, "ws", "v1"),
            new Contestant("Socket.IO", Runtime.NODE, "socket.io", "socketio"));

    static final List<Contestant> ENGINES = List.of(
            new Contestant("FlowScript", Runtime.HERE, "engine flowscript", ""),
            new Contestant("CompletableFuture", Runtime.HERE, "engine futures", ""),
            new Contestant("langgraph4j", Runtime.PEERS, "langgraph4j", ""));

    /** Where a library comes from. */
    enum Runtime {
        /** This program. */
        HERE,
        /** The jar of {@code checks/peers}. */
        PEERS,
        /** Node.js, with the packages of {@code checks/peers/node}. */
        NODE
    }

    /** {@return why it cannot be measured; empty if it can} */
    String missing(Path root) {
        return switch (runtime) {
            case HERE -> "";
            case PEERS -> Files.exists(root.resolve(JAR)) ? "" : JAR + " is not built";
            case NODE ->
                !LoadProcess.isOnPath("node")
                        ? "Node.js is not installed"
                        : Files.exists(root.resolve(NODE).resolve("node_modules"))
                                ? ""
                                : "its packages are not installed (npm ci in " + NODE + ")";
        };
    }

    /**
     * Starts it.
     *
     * @param root the folder of the project
     * @param isTouched whether all pages of a Java heap are in memory from the start, so that only what is outside the heap makes the process
     *     larger
     */
    LoadProcess start(Path root, boolean isTouched) throws IOException {
        String[] arguments = kind.split(" ");
        List<String> command = switch (runtime) {
            case HERE ->
                LoadProcess.javaCommand(
                        HEAP, System.getProperty("java.class.path"), BenchmarksMain.class.getName(), arguments);
            case PEERS ->
                LoadProcess.javaCommand(HEAP, root.resolve(JAR).toString(), "io.flowscript.peers.PeersMain", arguments);
            case NODE ->
                List.of("node", "--expose-gc", root.resolve(NODE + "/server.js").toString(), kind);
        };
        if (isTouched && isJava()) {
            command = new ArrayList<>(command);
            command.add(1, "-XX:+AlwaysPreTouch");
        }
        return new LoadProcess(0, command);
    }

    boolean isJava() {
        return runtime != Runtime.NODE;
    }
}
