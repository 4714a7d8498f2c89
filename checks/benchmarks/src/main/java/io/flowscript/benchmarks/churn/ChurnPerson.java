package io.flowscript.benchmarks.churn;

import io.flowscript.client.ClientEvent;
import io.flowscript.client.ClientSettings;
import io.flowscript.client.ClientTransport;
import io.flowscript.client.FlowScriptClient;
import io.flowscript.client.RemoteExecution;
import io.flowscript.core.event.HumanEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Connects, starts executions, follows and answers or cancels or leaves them, and goes, again and again. Checks that each event comes once and in order.
 * For one thread.
 */
final class ChurnPerson implements Runnable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MOST_RUNS = 5;

    private final URI server;
    private final HttpClient http;
    private final ClientTransport transport;
    private final Random random;
    private final ChurnFigures figures;

    ChurnPerson(URI server, HttpClient http, ClientTransport transport, long seed, ChurnFigures figures) {
        this.server = server;
        this.http = http;
        this.transport = transport;
        this.random = new Random(seed);
        this.figures = figures;
    }

    @Override
    public void run() {
        while (!figures.isOver()) {
            ClientSettings settings = ClientSettings.defaults()
                    .transports(transport)
                    .backoff(Duration.ofMillis(50))
                    .maxBackoff(Duration.ofSeconds(1));
            try (FlowScriptClient client = FlowScriptClient.builder(server)
                    .httpClient(http)
                    .settings(settings)
                    .build()) {
                figures.connected();
                for (int i = random.nextInt(MOST_RUNS); i >= 0 && !figures.isOver(); i--) {
                    oneRun(client);
                }
            } catch (InterruptedException e) {
                return;
            } catch (Exception | AssertionError e) {
                figures.problem(transport + ": " + e);
            }
        }
    }

    private void oneRun(FlowScriptClient client) throws InterruptedException, ExecutionException, TimeoutException {
        RemoteExecution run =
                client.execute(ChurnServer.WORKFLOW, Map.of()).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        switch (random.nextInt(10)) {
            case 0 -> figures.left();
            case 1 -> {
                run.cancel("enough").get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                figures.cancelled();
            }
            default -> {
                follow(run);
                figures.completed();
            }
        }
    }

    private void follow(RemoteExecution run) throws InterruptedException, ExecutionException, TimeoutException {
        long last = 0;
        for (ClientEvent event : run.events().read(PATIENCE)) {
            long seq = event.position().seq();
            if (!(event instanceof ClientEvent.Happened happened) || seq != last + 1) {
                throw new AssertionError(event + " came after " + last);
            }
            last = seq;
            if (happened.event() instanceof HumanEvent.InputRequired asked) {
                run.answer(asked.tokenId(), 7).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
        figures.received(last);
    }
}
