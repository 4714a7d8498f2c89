package io.flowscript.testkit.fault;

import io.flowscript.core.FlowScriptException;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/**
 * Which faults connections suffer, and how often. The faults of the n-th connection depend only on the plan, the seed
 * and n. Immutable; its text contains all values.
 *
 * @param percent how many of a hundred connections suffer each fault, independently of the others; 0 to 100
 * @param fewestBytes minimum number of bytes from the server before a fault strikes, from 0
 * @param mostBytes maximum number of bytes, at least {@code fewestBytes}
 * @param longest maximum duration of a stall, and the silence before an {@link Fault#IDLE} cut; a delay lasts at most
 *     a twentieth of it. More than zero, at most one hour
 * @since 0.1.0
 */
public record FaultPlan(Map<Fault, Integer> percent, int fewestBytes, int mostBytes, Duration longest) {

    private static final int ALL = 100;
    private static final Duration MAX_LONGEST = Duration.ofHours(1);

    /** No faults. */
    public static final FaultPlan CALM = new FaultPlan(Map.of(), 0, 0, Duration.ofSeconds(1));

    /**
     * Checks the values.
     *
     * @param percent 0 to 100 each
     * @param fewestBytes from 0
     * @param mostBytes at least {@code fewestBytes}
     * @param longest more than zero, at most one hour
     * @throws FlowScriptException with code {@code invalid_setting} if a value is out of range
     */
    public FaultPlan {
        Map<Fault, Integer> checked = new EnumMap<>(Fault.class);
        checked.putAll(percent);
        for (Map.Entry<Fault, Integer> odds : checked.entrySet()) {
            check(odds.getValue() >= 0 && odds.getValue() <= ALL, odds.getKey() + " must be 0 to 100 percent");
        }
        check(
                fewestBytes >= 0 && mostBytes >= fewestBytes,
                "fewestBytes must be at least 0, and mostBytes at least fewestBytes");
        check(
                longest.compareTo(Duration.ZERO) > 0 && longest.compareTo(MAX_LONGEST) <= 0,
                "longest must be more than zero and at most one hour");
        percent = Collections.unmodifiableMap(checked);
    }

    /**
     * Returns a plan in which every fault has the same probability, strikes after 200 to 20,000 bytes, and lasts at
     * most one second.
     *
     * @param percent how many of a hundred connections suffer each fault, 0 to 100
     * @return the plan
     */
    public static FaultPlan of(int percent) {
        FaultPlan plan = new FaultPlan(Map.of(), 200, 20_000, Duration.ofSeconds(1));
        for (Fault fault : Fault.values()) {
            plan = plan.with(fault, percent);
        }
        return plan;
    }

    /**
     * Draws a plan for a schedule of some seconds: about half of the faults, each for 30 of 100 connections, {@link Fault#IDLE} for 50, after
     * 200 bytes to 4 or 30 KB, for at most 0.1 or 0.4 seconds.
     *
     * @param random what it is drawn from; the same draws give the same plan
     * @return the plan
     */
    public static FaultPlan draw(Random random) {
        FaultPlan plan = new FaultPlan(
                Map.of(),
                200,
                random.nextBoolean() ? 4_000 : 30_000,
                Duration.ofMillis(random.nextBoolean() ? 100 : 400));
        for (Fault fault : Fault.values()) {
            int percent = fault == Fault.IDLE ? 50 : 30; // a connection is rarely idle for long
            plan = plan.with(fault, random.nextBoolean() ? percent : 0);
        }
        return plan;
    }

    /**
     * Returns a copy with another probability for one fault.
     *
     * @param fault the fault
     * @param times how many of a hundred connections suffer it, 0 to 100
     * @return the plan
     */
    public FaultPlan with(Fault fault, int times) {
        Map<Fault, Integer> changed = new EnumMap<>(Fault.class);
        changed.putAll(percent);
        changed.put(fault, times);
        return new FaultPlan(changed, fewestBytes, mostBytes, longest);
    }

    /**
     * Returns a copy whose faults strike after other numbers of bytes.
     *
     * @param fewest minimum number of bytes from the server, from 0
     * @param most maximum number of bytes
     * @return the plan
     */
    public FaultPlan after(int fewest, int most) {
        return new FaultPlan(percent, fewest, most, longest);
    }

    /**
     * Returns a copy with another duration.
     *
     * @param time maximum duration of a stall, and the silence before a cut
     * @return the plan
     */
    public FaultPlan lasting(Duration time) {
        return new FaultPlan(percent, fewestBytes, mostBytes, time);
    }

    private static void check(boolean right, String message) {
        if (!right) {
            throw new FlowScriptException("invalid_setting", message);
        }
    }
}
