package io.flowscript.benchmarks.load;

import java.lang.management.ManagementFactory;

/** Figures of the machine for this process. */
final class Machine {

    private Machine() {}

    /** {@return CPU time of this process in nanoseconds; 0 if it is not known} */
    static long cpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }
}
