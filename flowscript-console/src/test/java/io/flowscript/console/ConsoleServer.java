package io.flowscript.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.http.WebAssets;
import io.flowscript.json.Workflows;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A server of the console, with workflows that ask people, that work until they are told to go on, and that fail. It can be stopped and
 * started again at the same port, with the executions that it had.
 */
final class ConsoleServer implements AutoCloseable {

    private static final Path WORKFLOWS = Path.of("src", "test", "workflows");
    private static final Path SCRIPTS = Path.of("src", "test", "js");
    private static final List<String> IDS = List.of("purchase", "journey", "import", "ticking");

    private MemoryStore store;
    private final CountDownLatch working = new CountDownLatch(1);
    private final Semaphore ticks = new Semaphore(0);
    private volatile boolean isTickingOver;
    private FlowScript flows;
    private FlowScriptBridge bridge;
    private FlowScriptWebSocketServer server;

    ConsoleServer(int port) throws IOException {
        store = new MemoryStore();
        start(port);
    }

    private void start(int port) throws IOException {
        FlowScriptBuilder builder = FlowScript.builder()
                .store(store)
                .node("work", context -> {
                    working.await();
                    return Edge.of("success");
                })
                .node("tick", context -> {
                    ticks.acquire();
                    context.state().set("isOver", isTickingOver);
                    return Edge.of("success");
                })
                .node("break", context -> {
                    throw new IllegalStateException("The file of the import has no columns");
                });
        for (String id : IDS) {
            try (InputStream json = Files.newInputStream(WORKFLOWS.resolve(id + ".json"))) {
                builder.workflow(Workflows.read(json, id + ".json"));
            }
        }
        flows = builder.build();
        bridge = FlowScriptBridge.builder(flows).build();
        server = FlowScriptWebSocketServer.builder(bridge)
                .port(port)
                .authenticator(Authenticator.development())
                .console()
                .assets(earlierPage())
                .start();
    }

    /** A page that knows the first version of the protocol only. */
    private static WebAssets earlierPage() throws IOException {
        return WebAssets.of(
                "earlier",
                Map.of(
                        "index.html", Files.readAllBytes(SCRIPTS.resolve("earlier.html")),
                        "earlier.js", Files.readAllBytes(SCRIPTS.resolve("earlier.js"))));
    }

    /** The engine, which changes with each restart. */
    FlowScript flows() {
        return flows;
    }

    /** The address of the server, with a slash at its end. */
    String uri() {
        return server.uri() + "/";
    }

    /** Ends the server and all connections; its executions are kept. */
    void stop() {
        server.close();
        bridge.close();
        flows.close();
    }

    /** Starts the server at the port that it had. */
    void startAgain() throws IOException {
        store = store.reopen();
        start(server.port());
    }

    /** Starts the server at the port that it had, with another version of the console. */
    void update() throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(new NextConsole(before));
        try {
            startAgain();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** The class path, but for one file of the console: so the console has another version. */
    private static final class NextConsole extends ClassLoader {

        NextConsole(ClassLoader parent) {
            super(parent);
        }

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            return name.endsWith("/console/icon.svg")
                    ? new ByteArrayInputStream("<svg xmlns=\"http://www.w3.org/2000/svg\"/>".getBytes(UTF_8))
                    : super.getResourceAsStream(name);
        }
    }

    /** Lets all executions that work go on. */
    void finishWork() {
        working.countDown();
    }

    /** Lets an execution that ticks go on for some rounds. */
    void tick(int rounds) {
        ticks.release(rounds);
    }

    /** Lets an execution that ticks end. */
    void finishTicking() {
        isTickingOver = true;
        ticks.release();
    }

    @Override
    public void close() {
        finishWork();
        finishTicking();
        stop();
    }
}
