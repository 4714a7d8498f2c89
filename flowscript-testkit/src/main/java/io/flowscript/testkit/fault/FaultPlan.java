package io.flowscript.testkit.fault;

import io.flowscript.core.FlowScriptException;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What is to befall connections, and how often. What befalls the n-th connection depends on the plan, the seed and n alone. Immutable; its
 * text says all of it.
 *
 * @param percent how many connections of a hundred suffer a fault, each fault by itself, so that one may suffer several; 0 to 100
 * @param fewestBytes the least number of bytes from the server after which a fault strikes, 0 or more
 * @param mostBytes the greatest, at least {@code fewestBytes}
 * @param longest how long a stall lasts at the most, and silence before an {@link Fault#IDLE} cut; a delay lasts a twentieth of that at the most. More
 *     than zero, at most one hour
 * @since 0.1.0
 */
public record FaultPlan(Map<Fault, Integer> percent, int fewestBytes, int mostBytes, Duration longest) {

    private static final int ALL = 100;
    private static final Duration MAX_LONGEST = Duration.ofHours(1);

    /** Nothing befalls anybody. */
    public static final FaultPlan CALM = new FaultPlan(Map.of(), 0, 0, Duration.ofSeconds(1));

    /**
     * Checks the figures.
     *
     * @param percent 0 to 100 each
     * @param fewestBytes 0 or more
     * @param mostBytes at least {@code fewestBytes}
     * @param longest more than zero, at most one hour
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public FaultPlan {
        Map<Fault, Integer> checked = new EnumMap<>(Fault.class);
        checked.putAll(percent);
        for (Map.Entry<Fault, Integer> odds : checked.entrySet()) {
            check(odds.getValue() >= 0 && odds.getValue() <= ALL, odds.getKey() + " is 0 to 100 percent");
        }
        check(fewestBytes >= 0 && mostBytes >= fewestBytes, "A fault strikes after 0 bytes or more, the most last");
        check(
                longest.compareTo(Duration.ZERO) > 0 && longest.compareTo(MAX_LONGEST) <= 0,
                "The longest time is more than zero and at most an hour");
        percent = Collections.unmodifiableMap(checked);
    }

    /**
     * Every fault with the same odds, after 200 to 20,000 bytes, for a second at the most.
     *
     * @param percent how many connections of a hundred suffer each, 0 to 100
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
     * The same plan with other odds for a fault.
     *
     * @param fault the fault
     * @param times how many connections of a hundred suffer it, 0 to 100
     * @return the plan
     */
    public FaultPlan with(Fault fault, int times) {
        Map<Fault, Integer> changed = new EnumMap<>(Fault.class);
        changed.putAll(percent);
        changed.put(fault, times);
        return new FaultPlan(changed, fewestBytes, mostBytes, longest);
    }

    /**
     * The same plan with faults that strike at other places.
     *
     * @param fewest the least number of bytes from the server, 0 or more
     * @param most the greatest
     * @return the plan
     */
    public FaultPlan after(int fewest, int most) {
        return new FaultPlan(percent, fewest, most, longest);
    }

    /**
     * The same plan with other times.
     *
     * @param time how long a stall lasts at the most, and silence before a cut
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
