package io.flowscript.testsupport;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.pollinterval.IterativePollInterval;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets tests that wait for a condition look soon, and then less often: after 16, 32 and 64 milliseconds. Awaitility's own
 * interval of 100 milliseconds makes up most of the time of a test that waits a hundred times. Registered for all tests that have this
 * module on their class path.
 */
public final class Awaiting implements LauncherSessionListener {

    private static final Duration FIRST = Duration.ofMillis(16);
    private static final Duration LONGEST = Duration.ofMillis(64);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultPollDelay(FIRST);
        Awaitility.setDefaultPollInterval(IterativePollInterval.iterative(Awaiting::next, FIRST));
    }

    private static Duration next(Duration last) {
        return last.compareTo(LONGEST) < 0 ? last.multipliedBy(2) : last;
    }
}
