package io.flowscript.examples.cli;

import io.flowscript.client.ClientEvent;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.Receipt;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints events as readable lines: number, time, and what happened. */
final class EventPrinter {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final int MAX_DATA = 140;

    private final PrintStream out;
    private final boolean coloured;
    private final boolean quiet;

    EventPrinter(PrintStream out, boolean coloured, boolean quiet) {
        this.out = out;
        this.coloured = coloured;
        this.quiet = quiet;
    }

    void watching(String executionId, String status) {
        if (!quiet) {
            line(null, "", new Line(Colour.GREY, "watching " + executionId + ", " + status));
        }
    }

    /** Prints what is wrong. */
    void problem(@Nullable String text) {
        line(null, "", new Line(Colour.RED, String.valueOf(text)));
    }

    void print(ClientEvent item) {
        if (item instanceof ClientEvent.Happened happened) {
            if (!quiet || isEssential(happened.event())) {
                line(happened.time(), String.valueOf(happened.seq()), describe(happened.event()));
            }
        } else if (item instanceof ClientEvent.Missed missed) {
            String last = missed.to().isPresent() ? String.valueOf(missed.to().getAsLong()) : "the last";
            problem("events " + missed.from() + " to " + last + " were dropped");
        }
    }

    /** What is shown to a person who wants to see only the questions, what is wrong, and the end. */
    private static boolean isEssential(Event event) {
        return event.isTerminal()
                || event instanceof HumanEvent.InputRequired
                || event instanceof HumanEvent.InputTimeout;
    }

    private static Line describe(Event event) {
        if (event instanceof WorkflowEvent workflow) {
            return describe(workflow);
        }
        if (event instanceof NodeEvent node) {
            return describe(node);
        }
        if (event instanceof HumanEvent human) {
            return describe(human);
        }
        if (event instanceof StateUpdated state) {
            return new Line(Colour.GREY, "    " + state.path() + " = " + shortened(state.newValue()));
        }
        Object payload = event instanceof CustomEvent custom ? custom.payload() : null;
        return new Line(Colour.CYAN, "  * " + event.type() + " " + shortened(payload));
    }

    private static Line describe(WorkflowEvent event) {
        if (event instanceof WorkflowEvent.Started started) {
            return new Line(Colour.BLUE, "started " + started.workflowId());
        }
        if (event instanceof WorkflowEvent.Completed completed) {
            return new Line(Colour.GREEN, "completed " + shortened(completed.finalState()));
        }
        if (event instanceof WorkflowEvent.Failed failed) {
            return new Line(Colour.RED, "failed: " + failed.error() + " [" + failed.code() + "]");
        }
        if (event instanceof WorkflowEvent.Cancelled cancelled) {
            return new Line(Colour.RED, "cancelled " + orEmpty(cancelled.reason()));
        }
        if (event instanceof WorkflowEvent.Paused paused) {
            return new Line(Colour.GREY, "  waits " + orEmpty(paused.reason()));
        }
        return new Line(Colour.GREY, "  resumed");
    }

    private static Line describe(NodeEvent event) {
        if (event instanceof NodeEvent.Completed completed) {
            return new Line(
                    Colour.PLAIN,
                    "  " + completed.nodeName() + " -> " + completed.edge() + " " + shortened(completed.data()));
        }
        if (event instanceof NodeEvent.Failed failed) {
            return new Line(
                    Colour.RED,
                    "  " + failed.nodeName() + " failed: " + failed.error()
                            + (failed.willRetry() ? ", will be retried" : ""));
        }
        int attempt = event instanceof NodeEvent.Executing executing ? executing.attempt() : 1;
        return new Line(Colour.PLAIN, "  " + event.nodeName() + (attempt == 1 ? "" : " (attempt " + attempt + ")"));
    }

    private static Line describe(HumanEvent event) {
        if (event instanceof HumanEvent.InputRequired asked) {
            return new Line(
                    Colour.YELLOW,
                    "  ? " + asked.nodeName() + " asks "
                            + shortened(asked.info().contextData()));
        }
        if (event instanceof HumanEvent.InputReceived received) {
            return new Line(Colour.YELLOW, "  ! answered " + (received.by() == null ? "" : "by " + received.by()));
        }
        if (event instanceof HumanEvent.InputTimeout timeout) {
            return new Line(Colour.YELLOW, "  ! not answered: " + timeout.reason());
        }
        return new Line(Colour.GREY, event.type().wireName() + " " + event.nodeName());
    }

    /** Says why an answer does not count. */
    static String refusal(Receipt receipt) {
        if (receipt instanceof Receipt.Invalid invalid) {
            StringBuilder text = new StringBuilder("The answer does not fit the form");
            invalid.violations()
                    .forEach(violation -> text.append("\n      ")
                            .append(violation.path())
                            .append(": ")
                            .append(violation.message()));
            return printable(text.toString());
        }
        if (receipt instanceof Receipt.AlreadyResolved late) {
            String by = late.by() == null ? "" : " by " + late.by().name();
            return printable("The interaction was answered before" + by + ", at " + late.at());
        }
        if (receipt instanceof Receipt.Forbidden forbidden) {
            return printable(forbidden.message());
        }
        return "The answer was refused: " + receipt.code();
    }

    /** Removes control characters, so that text from elsewhere cannot control the terminal. */
    static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n]]", "?");
    }

    private void line(@Nullable Instant at, String number, Line line) {
        String time = at == null ? "" : TIME.format(at.atZone(ZoneId.systemDefault()));
        String body = printable(line.text.stripTrailing());
        out.printf(Locale.ROOT, "%s%5s  %s%n", grey(time), number, coloured ? line.colour.paint(body) : body);
        out.flush();
    }

    private String grey(String time) {
        return coloured ? Colour.GREY.paint(time) : time;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String shortened(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        String json = ServerApi.JSON.writeValueAsString(value);
        return json.length() <= MAX_DATA ? json : json.substring(0, MAX_DATA) + "...";
    }

    private record Line(Colour colour, String text) {}

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
