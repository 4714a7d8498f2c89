package io.flowscript.examples.transport;

import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channel;
import java.nio.channels.CompletionHandler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One client: frames out as they are (each ends with a newline already), lines in, the next only when the last was taken. */
final class LineConnection implements ClientChannel {

    private static final int FIRST_CAPACITY = 4_096;
    private static final byte NEWLINE = '\n';

    private final AsynchronousSocketChannel socket;
    private final int maxLine;
    private final AtomicInteger wanted = new AtomicInteger();
    private ByteBuffer inbound = ByteBuffer.allocate(FIRST_CAPACITY);

    LineConnection(AsynchronousSocketChannel socket, int maxLine) {
        this.socket = socket;
        this.maxLine = maxLine;
    }

    void begin(ClientSession session) {
        next(session);
    }

    @Override
    public void send(List<ByteBuffer> frames, SendCallback done) {
        // The frames may be shared with other clients: they are read through views of one's own.
        write(frames.stream().map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new), 0, done);
    }

    @Override
    public void close(int code, String reason) {
        closeQuietly(socket);
    }

    private void write(ByteBuffer[] frames, int first, SendCallback done) {
        int next = first;
        while (next < frames.length && !frames[next].hasRemaining()) {
            next++;
        }
        if (next == frames.length) {
            done.sent();
            return;
        }
        int from = next;
        socket.write(frames, from, frames.length - from, 0, TimeUnit.SECONDS, frames, new CompletionHandler<>() {
            @Override
            public void completed(Long written, ByteBuffer[] all) {
                write(all, from, done);
            }

            @Override
            public void failed(Throwable cause, ByteBuffer[] all) {
                done.failed(cause);
            }
        });
    }

    /** Goes on to the next line; in a loop, not deeper, when the session wants it at once. */
    private void next(ClientSession session) {
        if (wanted.getAndIncrement() == 0) {
            do {
                takeLine(session);
            } while (wanted.decrementAndGet() > 0);
        }
    }

    private void takeLine(ClientSession session) {
        for (int i = 0; i < inbound.position(); i++) {
            if (inbound.get(i) == NEWLINE) {
                ByteBuffer line = ByteBuffer.allocate(i)
                        .put(inbound.duplicate().position(0).limit(i))
                        .flip();
                inbound.flip().position(i + 1);
                inbound.compact();
                session.receive(line, () -> next(session));
                return;
            }
        }
        if (inbound.hasRemaining()) {
            read(session);
        } else if (inbound.capacity() <= maxLine) {
            inbound = ByteBuffer.allocate(Math.min(inbound.capacity() * 2, maxLine + 1))
                    .put(inbound.flip());
            read(session);
        } else {
            session.reject("message_too_large", "A line may have at most " + maxLine + " bytes", () -> end(session));
        }
    }

    private void read(ClientSession session) {
        socket.read(inbound, null, new CompletionHandler<Integer, @Nullable Void>() {
            @Override
            public void completed(Integer count, @Nullable Void nothing) {
                if (count < 0) {
                    end(session);
                } else {
                    next(session);
                }
            }

            @Override
            public void failed(Throwable cause, @Nullable Void nothing) {
                end(session);
            }
        });
    }

    private void end(ClientSession session) {
        closeQuietly(socket);
        session.closed();
    }

    static void closeQuietly(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
