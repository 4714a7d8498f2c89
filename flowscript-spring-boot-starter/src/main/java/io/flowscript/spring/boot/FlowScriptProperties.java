package io.flowscript.spring.boot;

import io.flowscript.core.store.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The properties that begin with {@code flowscript}. What has no value here is left as the engine, the bridge and the servlet have it. Immutable.
 *
 * @param enabled whether there is an engine
 * @param path where the servlet is, below the context path of the application; it begins with a slash and does not end with one
 * @param workflows where workflows are: patterns of Spring's resources
 * @param store where executions are kept; by default in the data source, when there is one and flowscript-store-jdbc, and in memory otherwise
 * @param storeFile the file of the store, when flowscript.store is file
 * @param storeLease how long this process keeps its executions when it does not say that it is alive. With a value, several processes share the data source.
 * @param durability how safe a step must be before an execution goes on
 * @param console whether the console is served below the path, for which flowscript-console is needed
 * @param stats whether the figures are served below the path; the console switches them on
 * @param adaptSecurity whether the filter chains of Spring Security leave forgery to FlowScript below the path, and answer 401 there to requests of programs
 * @param retention what is kept of executions
 * @param limits the limits of the engine
 * @param transports the limits and rules of clients
 * @since 0.1.0
 */
@ConfigurationProperties("flowscript")
public record FlowScriptProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("/flow") String path,
        @DefaultValue("classpath*:workflows/*.json") List<String> workflows,
        @Nullable Store store,
        @DefaultValue("data/flowscript.db") Path storeFile,
        @Nullable Duration storeLease,
        @DefaultValue("sync") Durability durability,
        @DefaultValue("false") boolean console,
        @DefaultValue("false") boolean stats,
        @DefaultValue("true") boolean adaptSecurity,
        @DefaultValue Retention retention,
        @DefaultValue Limits limits,
        @DefaultValue Transports transports) {

    /** Where executions are kept. */
    public enum Store {
        /** In memory. They are lost when the process ends. */
        MEMORY,
        /** In the data source of the application, which is PostgreSQL. */
        DATASOURCE,
        /** In a file of SQLite. */
        FILE
    }

    /**
     * What is kept of executions.
     *
     * @param maxEvents how many events of an execution are kept in memory
     * @param maxSize how many bytes of events of an execution are kept in memory
     * @param afterEnd how long an execution is kept in memory after its end
     * @param stored what a store keeps of executions that have ended
     */
    public record Retention(
            @Nullable Integer maxEvents,
            @Nullable DataSize maxSize,
            @Nullable Duration afterEnd,
            @DefaultValue Stored stored) {}

    /**
     * What a store keeps of executions that have ended.
     *
     * @param maxAge how long
     * @param maxExecutions how many
     * @param maxSize how many bytes
     */
    public record Stored(
            @Nullable Duration maxAge,
            @Nullable Long maxExecutions,
            @Nullable DataSize maxSize) {}

    /**
     * The limits of the engine, each named as in {@link io.flowscript.engine.EngineLimits}.
     *
     * @param maxSteps steps of an execution
     * @param executionTimeout how long all nodes of an execution may work
     * @param nodeTimeout how long an attempt of a node may work
     * @param maxExecutions executions in memory
     * @param maxFinished finished executions in memory
     * @param maxWaiting waiting executions in memory that are in the store
     * @param passivateAfter when a waiting execution leaves memory
     * @param maxWorkflows workflows
     * @param maxStateBytes the state of an execution
     * @param maxEventBytes an event
     * @param maxNodeThreads threads of nodes
     * @param maxOpenInteractions open questions of an execution
     * @param rememberedInteractions closed questions that an execution remembers
     * @param rememberedCommands commands that an execution remembers
     * @param maxSeenBy people that are remembered to have seen a question
     * @param maxStoreStall how long a store may take before commands are refused
     * @param maxNodeStall how long nodes may wait without one getting a thread before the health warns
     * @param stateBytes the states of all executions
     * @param logBytes the events of all executions in memory
     */
    public record Limits(
            @Nullable Long maxSteps,
            @Nullable Duration executionTimeout,
            @Nullable Duration nodeTimeout,
            @Nullable Integer maxExecutions,
            @Nullable Integer maxFinished,
            @Nullable Integer maxWaiting,
            @Nullable Duration passivateAfter,
            @Nullable Integer maxWorkflows,
            @Nullable DataSize maxStateBytes,
            @Nullable DataSize maxEventBytes,
            @Nullable Integer maxNodeThreads,
            @Nullable Integer maxOpenInteractions,
            @Nullable Integer rememberedInteractions,
            @Nullable Integer rememberedCommands,
            @Nullable Integer maxSeenBy,
            @Nullable Duration maxStoreStall,
            @Nullable Duration maxNodeStall,
            @Nullable DataSize stateBytes,
            @Nullable DataSize logBytes) {}

    /**
     * The limits and rules of clients.
     *
     * @param allowedOrigins further origins whose web pages may use the server, such as https://app.example.com
     * @param allowedHosts the names that requests may use in the Host field
     * @param maxBody the body of a request
     * @param requestsPerSecond REST requests of one address
     * @param handshakesPerSecond WebSockets that one address may open
     * @param maxEventRequests open streams and polls
     * @param maxEventRequestsPerClient open streams and polls of one person
     * @param maxSessionAge how long a WebSocket or a stream may stay open on one login
     * @param closingTime how long clients may take to leave when the application ends, at most 9 seconds
     * @param heartbeat the interval of pings; less than the container's timeout for idle connections
     * @param stallTimeout how long a client may take nothing of what is sent to it
     * @param compress whether WebSocket messages may be compressed
     * @param maxWaitingThreads how many of the container's threads may be held by WebSocket clients that send too fast
     */
    public record Transports(
            @DefaultValue List<String> allowedOrigins,
            @DefaultValue List<String> allowedHosts,
            @Nullable DataSize maxBody,
            @Nullable Integer requestsPerSecond,
            @Nullable Integer handshakesPerSecond,
            @Nullable Integer maxEventRequests,
            @Nullable Integer maxEventRequestsPerClient,
            @Nullable Duration maxSessionAge,
            @DefaultValue("1s") Duration closingTime,
            @DefaultValue("20s") Duration heartbeat,
            @Nullable Duration stallTimeout,
            @DefaultValue("false") boolean compress,
            @Nullable Integer maxWaitingThreads) {}
}
