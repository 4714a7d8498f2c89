package io.flowscript.benchmarks.load;

import java.lang.management.ManagementFactory;
import java.util.stream.LongStream;

/** Figures of this process. */
public final class Machine {

    private Machine() {}

    /** {@return CPU time of this process in nanoseconds; 0 if it is not known} */
    public static long cpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    /** {@return the bytes that the threads that live now have allocated; 0 if it is not known} */
    public static long allocated() {
        if (!(ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads)) {
            return 0;
        }
        return LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    /** {@return the time of garbage collections in milliseconds} */
    static long collecting() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(collector -> Math.max(0, collector.getCollectionTime()))
                .sum();
    }
}
