package io.flowscript.benchmarks.load;

import java.lang.management.ManagementFactory;

/** What the machine says of this process. */
final class Machine {

    private Machine() {}

    /** {@return nanoseconds of CPU that this process has taken; 0 where that is not known} */
    static long cpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }
}
