package io.flowscript.examples.transport;

import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channel;
import java.nio.channels.CompletionHandler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client. Frames are sent unchanged, since each already ends with a newline. A line is passed to the session only
 * when the session requested it.
 */
final class LineConnection implements ClientChannel {

    private static final System.Logger LOG = System.getLogger(LineConnection.class.getName());
    private static final int FIRST_CAPACITY = 4_096;
    private static final int CLOSING_SECONDS = 2;
    private static final byte NEWLINE = '\n';

    private final AsynchronousSocketChannel socket;
    private final int maxLine;
    private final Consumer<LineConnection> gone;

    /** Number of reasons to keep the socket open: 1 until it is closed, plus 1 for each write under way. */
    private final AtomicInteger needed = new AtomicInteger(1);

    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicInteger wanted = new AtomicInteger();
    private volatile @Nullable ClientSession session;
    private ByteBuffer inbound = ByteBuffer.allocate(FIRST_CAPACITY);

    LineConnection(AsynchronousSocketChannel socket, int maxLine, Consumer<LineConnection> gone) {
        this.socket = socket;
        this.maxLine = maxLine;
        this.gone = gone;
    }

    void begin(ClientSession begun) {
        session = begun;
        if (socket.isOpen()) {
            next(begun);
        } else {
            begun.closed();
        }
    }

    @Override
    public void send(List<ByteBuffer> frames, SendCallback done) {
        needed.incrementAndGet();
        // The frames may be shared with other clients, so they are read through duplicates.
        write(frames.stream().map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new), 0, done);
    }

    /** A write under way is completed if the client reads soon enough. */
    @Override
    public void close(int code, String reason) {
        if (closing.compareAndSet(false, true)) {
            CompletableFuture.delayedExecutor(CLOSING_SECONDS, TimeUnit.SECONDS).execute(this::cut);
            release();
        }
    }

    /** Ends the connection at once and notifies the session. */
    void end() {
        cut();
        ClientSession over = session;
        if (over != null) {
            over.closed();
        }
    }

    private void cut() {
        closing.set(true);
        closeQuietly(socket);
        gone.accept(this);
    }

    private void release() {
        if (needed.decrementAndGet() == 0) {
            cut();
        }
    }

    private void write(ByteBuffer[] frames, int first, SendCallback done) {
        int next = first;
        while (next < frames.length && !frames[next].hasRemaining()) {
            next++;
        }
        if (next == frames.length) {
            release();
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
                release();
                done.failed(cause);
            }
        });
    }

    /** Reads the next line. Loops instead of recursing if the session requests the next line at once. */
    private void next(ClientSession to) {
        if (wanted.getAndIncrement() > 0) {
            return;
        }
        try {
            do {
                takeLine(to);
            } while (wanted.decrementAndGet() > 0);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "The session failed on a line; its client is disconnected", e);
            end();
        }
    }

    private void takeLine(ClientSession to) {
        if (closing.get()) {
            return;
        }
        for (int i = 0; i < inbound.position(); i++) {
            if (inbound.get(i) == NEWLINE) {
                ByteBuffer line = ByteBuffer.allocate(i)
                        .put(inbound.duplicate().position(0).limit(i))
                        .flip();
                inbound.flip().position(i + 1);
                inbound.compact();
                to.receive(line, () -> next(to));
                return;
            }
        }
        if (inbound.hasRemaining()) {
            read(to);
        } else if (inbound.capacity() <= maxLine) {
            inbound = ByteBuffer.allocate(Math.min(inbound.capacity() * 2, maxLine + 1))
                    .put(inbound.flip());
            read(to);
        } else {
            ByteBuffer beginning = inbound.duplicate().flip();
            to.reject("message_too_large", "A line may have at most " + maxLine + " bytes", beginning, this::end);
        }
    }

    private void read(ClientSession to) {
        socket.read(inbound, null, new CompletionHandler<Integer, @Nullable Void>() {
            @Override
            public void completed(Integer count, @Nullable Void nothing) {
                if (count < 0) {
                    end();
                } else {
                    next(to);
                }
            }

            @Override
            public void failed(Throwable cause, @Nullable Void nothing) {
                end();
            }
        });
    }

    static void closeQuietly(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The connection is gone in either case.
        }
    }
}
