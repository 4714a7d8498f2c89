package io.flowscript.testkit.threads;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The platform threads that have begun since a moment. It asks for no stacks: those stop all threads of the JVM, for
 * longer the more there are.
 *
 * <p>May be used by several threads at a time.
 */
public final class NewThreads {
    private final Set<Thread> before = new HashSet<>(alive());

    private NewThreads() {}

    /** {@return the threads that begin from now on} */
    public static NewThreads fromNow() {
        return new NewThreads();
    }

    /** {@return those that have begun and are alive, in no order} */
    public List<Thread> left() {
        return alive().stream()
                .filter(thread -> thread.isAlive() && !before.contains(thread))
                .toList();
    }

    private static List<Thread> alive() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        // More may begin while they are listed, and an array that is full may have missed some.
        Thread[] found = new Thread[all.activeCount() + 16];
        int count = all.enumerate(found);
        while (count == found.length) {
            found = new Thread[2 * found.length];
            count = all.enumerate(found);
        }
        return Arrays.asList(found).subList(0, count);
    }
}
