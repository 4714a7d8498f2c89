package io.flowscript.peers;

import io.flowscript.benchmarks.engine.EngineProcess;
import io.flowscript.benchmarks.load.ServerProcess;

/** A process of the load program that is another library. */
public final class PeersMain {

    private PeersMain() {}

    /**
     * Serves until the input ends.
     *
     * @param arguments the kind
     * @throws Exception if it cannot be run
     */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "session" -> ServerProcess.serve(new JettySessionServer());
            case "cometd" -> ServerProcess.serve(new CometdServer());
            case "netty-socketio" -> ServerProcess.serve(new NettySocketIoServer());
            case "langgraph4j" -> EngineProcess.serve(new LangGraphLoad());
            default -> throw new IllegalArgumentException("There is no " + arguments[0]);
        }
    }
}
