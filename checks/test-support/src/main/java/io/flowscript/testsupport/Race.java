package io.flowscript.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that do the same at the same time. */
public final class Race {

    private static final int THREADS = 8;

    private Race() {}

    /**
     * Does something many times in each of eight threads, which begin together. It returns when all are done.
     *
     * @param times how often each thread does it
     * @param what what is done; the result does not count
     * @throws java.util.concurrent.ExecutionException when it has thrown something
     */
    public static void run(int times, Callable<?> what) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        CountDownLatch begin = new CountDownLatch(1);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                ends.add(threads.submit(() -> {
                    begin.await();
                    for (int j = 0; j < times; j++) {
                        what.call();
                    }
                    return null;
                }));
            }
            begin.countDown();
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
