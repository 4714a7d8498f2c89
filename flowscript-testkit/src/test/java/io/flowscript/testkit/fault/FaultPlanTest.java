package io.flowscript.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Plans of faults")
class FaultPlanTest {

    @Test
    @DisplayName("a seed draws the same plan again; over many seeds each fault is there and is not there")
    void drawn() {
        List<FaultPlan> plans = LongStream.range(0, 50)
                .mapToObj(seed -> FaultPlan.draw(ConnectionFaults.random(seed, 0)))
                .toList();
        assertThat(FaultPlan.draw(ConnectionFaults.random(7, 0))).isEqualTo(plans.get(7));
        for (Fault fault : Fault.values()) {
            assertThat(plans).extracting(plan -> plan.percent().get(fault)).contains(0, fault == Fault.IDLE ? 50 : 30);
        }
        assertThat(plans).extracting(FaultPlan::mostBytes).contains(4_000, 30_000);
        assertThat(plans).extracting(plan -> plan.longest().toMillis()).contains(100L, 400L);
    }
}
