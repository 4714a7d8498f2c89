package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * When each event became durable, by {@link System#nanoTime}: a file in memory that the server process writes and the client process reads. It
 * keeps the newest events of each execution.
 */
final class CommitTimes {

    /** A power of two. */
    private static final int KEPT = 1 << 13;

    private static final VarHandle TIMES = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer times;

    private CommitTimes(ByteBuffer times) {
        this.times = times;
    }

    /**
     * Maps the file, which is created if it is not there.
     *
     * @param executions the number of executions, the same for both processes
     */
    static CommitTimes in(Path file, int executions) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new CommitTimes(
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) executions * KEPT * Long.BYTES));
        }
    }

    void set(int execution, long seq, long nanos) {
        TIMES.setRelease(times, place(execution, seq), nanos);
    }

    long get(int execution, long seq) {
        return (long) TIMES.getAcquire(times, place(execution, seq));
    }

    private static int place(int execution, long seq) {
        return (execution * KEPT + (int) (seq & (KEPT - 1))) * Long.BYTES;
    }
}
