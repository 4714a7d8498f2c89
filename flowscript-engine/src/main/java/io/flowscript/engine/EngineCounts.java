package io.flowscript.engine;

/**
 * What has happened in an engine, and in the bridges on it, since it was built. The numbers only grow. Each is read at some moment during the
 * call, so they may differ by what happens meanwhile.
 *
 * @param started executions that were started or restored
 * @param ended executions that have ended
 * @param steps steps of executions
 * @param appended events that were appended to logs
 * @param asked interactions that were opened
 * @param answered answers, whether they count or not
 * @param connected connections of clients that began
 * @param delivered events that were handed to transports, once for each client
 * @param deliveredBytes the bytes of these events' messages, with replies
 * @param refused requests and connections that were refused
 * @since 0.1.0
 */
public record EngineCounts(
        long started,
        long ended,
        long steps,
        long appended,
        long asked,
        long answered,
        long connected,
        long delivered,
        long deliveredBytes,
        long refused) {}
