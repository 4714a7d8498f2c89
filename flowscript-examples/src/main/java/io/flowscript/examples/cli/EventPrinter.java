package io.flowscript.examples.cli;

import io.flowscript.core.json.Value;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;

/** Prints messages as readable lines: number, time, and what happened. */
final class EventPrinter {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final int MAX_DATA = 140;

    /** What is shown to a person who wants to see only the questions, what is wrong, and the end. */
    private static final Set<String> ESSENTIAL = Set.of(
            "human_interaction_required",
            "human_interaction_timeout",
            "workflow_completed",
            "workflow_failed",
            "workflow_cancelled",
            "events_missed",
            "resume_error",
            "error");

    private final PrintStream out;
    private final boolean coloured;
    private final boolean quiet;

    EventPrinter(PrintStream out, boolean coloured, boolean quiet) {
        this.out = out;
        this.coloured = coloured;
        this.quiet = quiet;
    }

    void print(Value message) {
        String type = message.get("type").asString();
        if (quiet && !ESSENTIAL.contains(type)) {
            return;
        }
        Value data = message.get("data");
        switch (type) {
            case "connected", "execution_status", "pong", "resume_success" -> {}
            case "subscribed" ->
                line(
                        Colour.GREY,
                        message,
                        "watching " + text(data, "executionId") + ", "
                                + data.get("status").orElse("pending"));
            case "workflow_started" -> line(Colour.BLUE, message, "started " + text(data, "workflowId"));
            case "workflow_completed" -> line(Colour.GREEN, message, "completed " + shortened(data.get("finalState")));
            case "workflow_failed" ->
                line(Colour.RED, message, "failed: " + text(data, "error") + " [" + text(data, "code") + "]");
            case "workflow_cancelled" -> line(Colour.RED, message, "cancelled " + text(data, "reason"));
            case "workflow_paused" -> line(Colour.GREY, message, "  waits " + text(data, "reason"));
            case "workflow_resumed" -> line(Colour.GREY, message, "  resumed");
            case "node_started" -> line(Colour.PLAIN, message, "  " + text(data, "nodeName") + attempt(data));
            case "node_completed" ->
                line(
                        Colour.PLAIN,
                        message,
                        "  " + text(data, "nodeName") + " -> " + text(data, "edge") + " "
                                + shortened(data.get("data")));
            case "node_failed" ->
                line(
                        Colour.RED,
                        message,
                        "  " + text(data, "nodeName") + " failed: " + text(data, "error")
                                + (data.get("willRetry").orElse(false).asBoolean() ? ", will be retried" : ""));
            case "human_interaction_required" ->
                line(
                        Colour.YELLOW,
                        message,
                        "  ? " + text(data, "nodeInfo.name") + " asks " + shortened(data.get("nodeInfo.contextData")));
            case "human_interaction_received" -> line(Colour.YELLOW, message, "  ! answered " + by(data));
            case "human_interaction_timeout" ->
                line(Colour.YELLOW, message, "  ! not answered: " + text(data, "reason"));
            case "state_updated" ->
                line(Colour.GREY, message, "    " + text(data, "path") + " = " + shortened(data.get("newValue")));
            case "workflow_event" ->
                line(Colour.CYAN, message, "  * " + text(data, "event") + " " + shortened(data.get("payload")));
            case "events_missed" ->
                line(Colour.RED, message, "events " + data.get("from") + " to " + data.get("to") + " were dropped");
            case "resume_error", "error" -> line(Colour.RED, message, problem(data));
            default -> line(Colour.GREY, message, type + " " + shortened(data));
        }
    }

    static String problem(Value data) {
        StringBuilder text = new StringBuilder(data.get("error")
                .orElse(data.get("message").orElse("refused").raw())
                .toString());
        if (!data.get("violations").isNull()) {
            data.get("violations")
                    .asList()
                    .forEach(violation -> text.append("\n      ")
                            .append(violation.get("path"))
                            .append(": ")
                            .append(violation.get("message")));
        }
        return printable(text.toString());
    }

    /** Removes control characters, so that text from elsewhere cannot control the terminal. */
    static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n]]", "?");
    }

    private void line(Colour colour, Value message, String text) {
        String number = message.get("seq").isMissing() ? "" : message.get("seq").toString();
        String time = message.get("timestamp").isMissing()
                ? ""
                : TIME.format(
                        Instant.ofEpochMilli(message.get("timestamp").asLong()).atZone(ZoneId.systemDefault()));
        String body = printable(text.stripTrailing());
        out.printf(Locale.ROOT, "%s%5s  %s%n", grey(time), number, coloured ? colour.paint(body) : body);
        out.flush();
    }

    private String grey(String time) {
        return coloured ? Colour.GREY.paint(time) : time;
    }

    private static String text(Value data, String path) {
        Value found = data.get(path);
        return found.isNull() ? "" : found.toString();
    }

    private static String attempt(Value data) {
        long attempt = data.get("attempt").orElse(1).asLong();
        return attempt == 1 ? "" : " (attempt " + attempt + ")";
    }

    private static String by(Value data) {
        return data.get("by").isNull() ? "" : "by " + data.get("by");
    }

    private static String shortened(Value value) {
        if (value.isNull()) {
            return "";
        }
        String json = ServerApi.JSON.writeValueAsString(value.raw());
        return json.length() <= MAX_DATA ? json : json.substring(0, MAX_DATA) + "...";
    }

    /** Terminal colours with their ANSI codes. */
    private enum Colour {
        PLAIN("0"),
        GREY("90"),
        RED("31"),
        GREEN("32"),
        YELLOW("33"),
        BLUE("34"),
        CYAN("36");

        private final String code;

        Colour(String code) {
            this.code = code;
        }

        String paint(String text) {
            return this == PLAIN ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
        }
    }
}
