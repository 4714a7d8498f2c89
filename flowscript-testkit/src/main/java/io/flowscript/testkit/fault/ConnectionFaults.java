package io.flowscript.testkit.fault;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The faults of one connection. All are drawn when the connection begins, so that later events do not influence them.
 * Immutable.
 */
final class ConnectionFaults {

    private static final int ALL = 100;
    private static final int DELAY_SHARE = 20;

    private final Map<Fault, Strike> strikes = new EnumMap<>(Fault.class);

    /**
     * One fault.
     *
     * @param afterBytes bytes from the server after which it strikes
     * @param time how long it lasts, if it lasts
     * @param fromServer whether it affects what the server sends
     * @param fromClient whether it affects what the client sends; at least one of the two is true
     */
    record Strike(long afterBytes, Duration time, boolean fromServer, boolean fromClient) {}

    private ConnectionFaults() {}

    static ConnectionFaults of(FaultPlan plan, Random random) {
        ConnectionFaults fate = new ConnectionFaults();
        for (Fault fault : Fault.values()) {
            boolean struck = random.nextInt(ALL) < plan.percent().getOrDefault(fault, 0);
            long after = random.nextLong(plan.fewestBytes(), plan.mostBytes() + 1L);
            long longest = plan.longest().toNanos() / (fault == Fault.DELAY ? DELAY_SHARE : 1);
            long drawn = 1 + (long) (random.nextDouble() * longest);
            Duration time = Duration.ofNanos(fault == Fault.IDLE ? longest : drawn);
            int side = random.nextInt(3);
            if (struck) {
                fate.strikes.put(fault, new Strike(after, time, side != 0, side != 1));
            }
        }
        return fate;
    }

    /** Returns the random source for the n-th connection of a seed. */
    static Random random(long seed, long connection) {
        // Neighbouring seeds of Random start with similar values; mixing them, as SplittableRandom does, avoids that.
        long mixed = (seed * 31 + connection + 1) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return new Random(mixed ^ (mixed >>> 31));
    }

    @Nullable
    Strike get(Fault fault) {
        return strikes.get(fault);
    }

    /** Whether a fault has struck, given the bytes received from the server. */
    boolean hasStruck(Fault fault, long bytes) {
        Strike strike = strikes.get(fault);
        return strike != null && bytes >= strike.afterBytes();
    }

    @Override
    public String toString() {
        return strikes.toString();
    }
}
