package io.flowscript.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.codec.MalformedJsonException;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.WireSettings;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A list of events as bytes, as {@link EventCodec} describes them. Reads one list, from its beginning to its end. For one thread. */
final class StoredList {

    /** A message with all values: no bridge sends more. */
    private static final EventEncoder ENCODER = new EventEncoder(new WireSettings(Integer.MAX_VALUE, true));

    private static final JsonReader READER = new JsonReader(1);
    private static final String FORMAT = "{\"format\":";
    private static final String BEGIN = FORMAT + EventCodec.FORMAT + "} ";

    /** The list begins with its format and its checksum; from here on it is what the checksum is of. */
    private static final int CHECKED_FROM = BEGIN.length() + 8;

    private static final byte REST = '+';

    private static final String TYPE = "{\"type\":\"";
    private static final String TIMESTAMP = "\",\"timestamp\":";
    private static final String SEQ = ",\"seq\":";
    private static final String EXECUTION = ",\"data\":{\"executionId\":";

    private static final int USUAL_BYTES = 8 << 10;

    /** A buffer that no thread uses now, and how large it may be. */
    private static final AtomicReference<@Nullable ByteArrayOutputStream> SPARE = new AtomicReference<>();

    private static final int MAX_SPARE = 256 << 10;

    private final String executionId;
    private final String workflowId;
    private final byte[] bytes;
    private int at = CHECKED_FROM;

    StoredList(String executionId, String workflowId, byte[] bytes) {
        this.executionId = executionId;
        this.workflowId = workflowId;
        this.bytes = bytes;
    }

    /** Writes events that follow one another. The messages of those that had no bytes share an array. */
    static byte[] write(List<RecordedEvent> events) {
        ByteArrayOutputStream spare = SPARE.getAndSet(null);
        ByteArrayOutputStream out = spare == null ? new ByteArrayOutputStream(USUAL_BYTES) : spare;
        encode(events, out);
        byte[] bytes = write(events, out);
        if (out.size() <= MAX_SPARE) {
            SPARE.set(out);
        }
        return bytes;
    }

    private static byte[] write(List<RecordedEvent> events, ByteArrayOutputStream out) {
        out.reset();
        RecordedEvent first = events.get(0);
        long firstTime = first.time().toEpochMilli();
        int idLength = JsonWriter.quoted(first.executionId()).length;
        out.writeBytes(
                (BEGIN + "00000000 " + first.seq() + ' ' + events.size() + ' ' + firstTime + ' ').getBytes(UTF_8));
        out.writeBytes(
                JsonWriter.isWellFormed(first.epoch())
                        ? JsonWriter.quoted(first.epoch())
                        : JsonWriter.writeExact(first.epoch()));
        out.write('\n');
        for (RecordedEvent event : events) {
            String type = event.type().wireName();
            long time = event.time().toEpochMilli();
            out.writeBytes((type + ' ' + (time - firstTime) + ' ').getBytes(UTF_8));
            MessageForm form = (MessageForm) Objects.requireNonNull(event.encoded(), "the bytes of the event");
            form.writeFrom(headLength(type, time, event.seq(), idLength), out);
            out.write('\n');
            byte[] rest = form.restBytes();
            if (rest != null) {
                out.write(REST);
                out.writeBytes(rest);
                out.write('\n');
            }
        }
        byte[] bytes = out.toByteArray();
        System.arraycopy(checksum(bytes).getBytes(UTF_8), 0, bytes, BEGIN.length(), CHECKED_FROM - BEGIN.length());
        return bytes;
    }

    /** Encodes the events that have no bytes. */
    private static void encode(List<RecordedEvent> events, ByteArrayOutputStream messages) {
        messages.reset();
        List<RecordedEvent> encoded = new ArrayList<>(events.size());
        int[] ends = new int[events.size()];
        for (RecordedEvent event : events) {
            if (event.encoded() == null) {
                ENCODER.encode(event, messages);
                ends[encoded.size()] = messages.size();
                encoded.add(event);
            }
        }
        byte[] bytes = messages.toByteArray();
        for (int i = 0; i < encoded.size(); i++) {
            EventCodec.keep(encoded.get(i), bytes, i == 0 ? 0 : ends[i - 1], ends[i]);
        }
    }

    /** How a message begins, up to the id of the execution. All of it is known without it. */
    private static String head(String type, long time, long seq) {
        return TYPE + type + TIMESTAMP + time + SEQ + seq + EXECUTION;
    }

    private static int headLength(String type, long time, long seq, int idLength) {
        return TYPE.length()
                + type.length()
                + TIMESTAMP.length()
                + Long.toString(time).length()
                + SEQ.length()
                + Long.toString(seq).length()
                + EXECUTION.length()
                + idLength;
    }

    /** {@return the checksum of a list, whose own place does not count} */
    static String checksum(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, CHECKED_FROM, bytes.length - CHECKED_FROM);
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }

    /** See {@link EventCodec#read}. */
    List<RecordedEvent> read() {
        checkBytes();
        expect(" ");
        long first = number();
        expect(" ");
        long count = number();
        expect(" ");
        long firstTime = number();
        expect(" ");
        RecordedEvent.Origin origin = new RecordedEvent.Origin(executionId, workflowId, epoch());
        if (first < 1 || count < 1 || count > bytes.length) {
            throw invalid(count + " events from number " + first);
        }
        byte[] id = JsonWriter.quoted(executionId);
        ByteArrayOutputStream messages = new ByteArrayOutputStream(2 * bytes.length);
        List<Line> lines = new ArrayList<>((int) count);
        for (long seq = first; lines.size() < count; seq++) {
            lines.add(line(firstTime, seq, id, messages));
        }
        if (at != bytes.length) {
            throw invalid("Something follows the last event");
        }
        byte[] all = messages.toByteArray();
        List<RecordedEvent> events = new ArrayList<>(lines.size());
        for (Line line : lines) {
            events.add(new RecordedEvent(
                    origin,
                    first + events.size(),
                    Instant.ofEpochMilli(line.time()),
                    new MessageForm(all, line.from(), line.to(), line.rest(), null)));
        }
        return List.copyOf(events);
    }

    /** An event that was read: its time, the place of its message among all, and what the message does not say. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Line(long time, int from, int to, byte @Nullable [] rest) {}

    private void checkBytes() {
        String begin = new String(bytes, 0, Math.min(bytes.length, CHECKED_FROM), UTF_8);
        if (begin.startsWith(FORMAT) && !begin.startsWith(BEGIN)) {
            String format = begin.substring(FORMAT.length()).split("[^0-9]", 2)[0];
            if (!format.isEmpty() && !format.equals(String.valueOf(EventCodec.FORMAT))) {
                throw otherFormat(format);
            }
        }
        if (!begin.startsWith(BEGIN) || bytes.length <= CHECKED_FROM) {
            throw invalid("It does not begin like one");
        }
        String found = checksum(bytes);
        if (!begin.endsWith(found)) {
            throw invalid("It has been cut or changed since it was written: its checksum is " + found + ", not "
                    + begin.substring(BEGIN.length()));
        }
    }

    private Line line(long firstTime, long seq, byte[] id, ByteArrayOutputStream messages) {
        int space = indexOf(' ');
        String type = new String(bytes, at, space - at, UTF_8);
        at = space + 1;
        long time = firstTime + number();
        expect(" ");
        int end = indexOf('\n');
        int from = messages.size();
        messages.writeBytes(head(type, time, seq).getBytes(UTF_8));
        messages.writeBytes(id);
        messages.write(bytes, at, end - at);
        at = end + 1;
        byte[] rest = null;
        if (at < bytes.length && bytes[at] == REST) {
            end = indexOf('\n');
            rest = Arrays.copyOfRange(bytes, at + 1, end);
            at = end + 1;
        }
        return new Line(time, from, messages.size(), rest);
    }

    private String epoch() {
        int from = at;
        int end = indexOf('\n');
        at = end + 1;
        try {
            if (READER.read(new String(bytes, from, end - from, UTF_8)) instanceof String epoch) {
                return epoch;
            }
        } catch (MalformedJsonException e) {
            // It is told below.
        }
        at = from;
        throw invalid("The epoch is missing");
    }

    private void expect(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (at >= bytes.length || bytes[at] != text.charAt(i)) {
                throw invalid(text.strip() + " is missing");
            }
            at++;
        }
    }

    private long number() {
        int from = at;
        while (at < bytes.length && (bytes[at] == '-' || (bytes[at] >= '0' && bytes[at] <= '9'))) {
            at++;
        }
        try {
            return Long.parseLong(new String(bytes, from, at - from, UTF_8));
        } catch (NumberFormatException e) {
            at = from;
            throw invalid("A number is missing");
        }
    }

    private int indexOf(char wanted) {
        for (int i = at; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        throw invalid("A line has no end");
    }

    private FlowScriptException invalid(String why) {
        return new FlowScriptException(
                "invalid_events",
                "The list of events of execution " + executionId + " cannot be read. " + why + ", at byte "
                        + Math.min(at, bytes.length));
    }

    private FlowScriptException otherFormat(String format) {
        return new FlowScriptException(
                "unknown_events_format",
                "The list of events of execution " + executionId + " has format " + format
                        + "; this version reads format " + EventCodec.FORMAT);
    }
}
