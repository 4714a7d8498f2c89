package io.flowscript.testsupport.server;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends what it is told to, right or wrong: HTTP and WebSocket frames on a bare socket. */
public final class RawClient implements AutoCloseable {

    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final byte[] MASK = {1, 2, 3, 4};

    public final Socket socket;
    private final DataInputStream in;
    private int chunkLeft;
    private int bodyRead;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    private RawClient(Socket socket) throws IOException {
        this(socket, new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 64 * 1024)));
        socket.setSoTimeout(20_000);
    }

    /** A client that reads a socket through something else. */
    public RawClient(Socket socket, DataInputStream in) throws IOException {
        this.socket = socket;
        this.in = in;
        socket.setTcpNoDelay(true);
    }

    /** A frame as it came. */
    public static final class Frame {

        private final boolean fin;
        private final boolean rsv1;
        private final int opcode;
        private final byte[] payload;

        public Frame(boolean fin, boolean rsv1, int opcode, byte[] payload) {
            this.fin = fin;
            this.rsv1 = rsv1;
            this.opcode = opcode;
            this.payload = payload;
        }

        public boolean fin() {
            return fin;
        }

        public boolean rsv1() {
            return rsv1;
        }

        public int opcode() {
            return opcode;
        }

        public byte[] payload() {
            return payload;
        }

        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        public int closeCode() {
            return payload.length < 2 ? 1005 : ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
        }

        public String closeReason() {
            return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    /** An answer to an HTTP request. */
    public record Answer(int status, Map<String, String> headers, String body) {
        public String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }

        public int length() {
            return Integer.parseInt(headers.getOrDefault("content-length", "0"));
        }
    }

    public static RawClient to(int port) throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** A client that takes in next to nothing before it reads. */
    public static RawClient withSmallWindow(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 * 1024);
        socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new RawClient(socket);
    }

    public static RawClient open(int port, String... headers) throws IOException {
        return upgraded(to(port), headers);
    }

    public static RawClient upgraded(RawClient client, String... headers) throws IOException {
        Answer answer = client.upgrade(headers);
        if (answer.status() != 101) {
            client.close();
            throw new IOException("not upgraded: " + answer);
        }
        return client;
    }

    /** Asks for a WebSocket; without a Host among the headers, the server's own is sent. */
    public Answer upgrade(String... headers) throws IOException {
        String[] all = Arrays.copyOf(headers, headers.length + 4);
        all[headers.length] = "Upgrade: websocket";
        all[headers.length + 1] = "Connection: Upgrade";
        all[headers.length + 2] = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
        all[headers.length + 3] = "Sec-WebSocket-Version: 13";
        return request("GET", "/ws", null, all);
    }

    public Answer request(String method, String path, String body, String... headers) throws IOException {
        StringBuilder out = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        if (Arrays.stream(headers).noneMatch(h -> h.toLowerCase(Locale.ROOT).startsWith("host:"))) {
            out.append("Host: localhost:").append(socket.getPort()).append("\r\n");
        }
        for (String header : headers) {
            out.append(header).append("\r\n");
        }
        if (body != null) {
            out.append("Content-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
        }
        out.append("\r\n");
        if (body != null) {
            out.append(body);
        }
        send(out.toString().getBytes(StandardCharsets.UTF_8));
        return readAnswer();
    }

    public Answer readAnswer() throws IOException {
        return readBody(readHead());
    }

    /** The answer that has a head, with its body. */
    public Answer readBody(Answer head) throws IOException {
        byte[] body = new byte[head.status() == 101 ? 0 : head.length()];
        in.readFully(body);
        return new Answer(head.status(), head.headers(), new String(body, StandardCharsets.UTF_8));
    }

    /** An answer without its body. */
    public Answer readHead() throws IOException {
        int status = Integer.parseInt(line().split(" ", -1)[1]);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Answer(status, headers, "");
    }

    /** The next line of a body of whatever length; null at its end. */
    public String bodyLine(Answer head) throws IOException {
        if (head.header("Content-Length") != null) {
            return lineOf(head.length());
        }
        boolean chunked = "chunked".equals(head.header("Transfer-Encoding"));
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (chunked && chunkLeft == 0) {
                chunkLeft = Integer.parseInt(line(), 16);
                if (chunkLeft == 0) {
                    line();
                    return null;
                }
            }
            int c = chunked ? in.readUnsignedByte() : in.read();
            if (chunked && --chunkLeft == 0) {
                line();
            }
            if (c < 0 || c == '\n') {
                return c < 0 ? null : line.toString(StandardCharsets.UTF_8);
            }
            line.write(c);
        }
    }

    private String lineOf(int length) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (bodyRead < length) {
            int c = in.readUnsignedByte();
            bodyRead++;
            if (c == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(c);
        }
        return null;
    }

    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    public void text(String text) throws IOException {
        send(frame(true, TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }

    public static byte[] frame(boolean fin, int opcode, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 14);
        out.writeBytes(header(fin, opcode, payload.length));
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ MASK[i % MASK.length]);
        }
        return out.toByteArray();
    }

    /** The header of a frame that a client sends, up to and with its mask. */
    public static byte[] header(boolean fin, int opcode, long length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write((fin ? 0x80 : 0) | opcode);
        if (length < 126) {
            out.write(0x80 | (int) length);
        } else if (length < 65_536) {
            out.write(0x80 | 126);
            out.write((int) (length >> 8));
            out.write((int) length);
        } else {
            out.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) (length >> shift));
            }
        }
        out.writeBytes(MASK);
        return out.toByteArray();
    }

    public Frame read() throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        long length = second & 0x7F;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        byte[] payload = new byte[(int) length];
        in.readFully(payload);
        return new Frame((first & 0x80) != 0, (first & 0x40) != 0, first & 0x0F, payload);
    }

    /** The next message of text, put together of its frames, or the next control frame, which may come between them. */
    public Frame readMessage() throws IOException {
        Frame frame = read();
        while (frame.opcode() < CLOSE) {
            begun.writeBytes(frame.payload());
            if (frame.fin()) {
                Frame whole = new Frame(true, frame.rsv1(), TEXT, begun.toByteArray());
                begun.reset();
                return whole;
            }
            frame = read();
        }
        return frame;
    }

    /** Reads on to a frame of a kind; what comes before it is passed over. */
    public Frame readUntil(int opcode) throws IOException {
        Frame frame = read();
        while (frame.opcode() != opcode) {
            frame = read();
        }
        return frame;
    }

    /** Whether the other side has ended the connection: the stream ends, or is reset. */
    public boolean isEnded() throws IOException {
        try {
            while (true) {
                read();
            }
        } catch (EOFException | java.net.SocketException e) {
            return true;
        }
    }

    /** Gives the connection up without a word. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.readUnsignedByte();
        while (c != '\n') {
            if (c != '\r') {
                line.append((char) c);
            }
            c = in.readUnsignedByte();
        }
        return line.toString();
    }
}
