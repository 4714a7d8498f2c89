package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import javax.management.JMException;
import javax.management.ObjectName;

/** Figures of this process. */
public final class Machine {

    private static final Pattern HISTOGRAM_ROW = Pattern.compile("(?m)^ *\\d+: +(\\d+) +(\\d+) +(\\S+)");

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

    /** {@return the bytes of the heap in use at the end of a garbage collection; what threads have taken to allocate from since does not count} */
    public static long heap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
    }

    /**
     * {@return the bytes of this process that are in memory; 0 if they are not known}
     *
     * @throws IOException if the system cannot be asked
     */
    public static long resident() throws IOException {
        String line = status("VmRSS");
        return line.isEmpty() ? 0 : Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }

    /** Returns a line of what Linux says of this process; nothing on other systems. */
    static String status(String name) throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith(name))
                        .findFirst()
                        .orElse("")
                : "";
    }

    /** {@return the time of garbage collections in milliseconds} */
    static long collecting() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(collector -> Math.max(0, collector.getCollectionTime()))
                .sum();
    }

    /** {@return the live objects of each class, after a garbage collection: {@code name=instances=bytes}, with spaces between} */
    static String classes() throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        return HISTOGRAM_ROW
                .matcher(histogram)
                .results()
                .map(row -> row.group(3) + "=" + row.group(1) + "=" + row.group(2))
                .collect(Collectors.joining(" "));
    }
}
