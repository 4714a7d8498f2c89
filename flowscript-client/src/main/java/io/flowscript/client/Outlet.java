package io.flowscript.client;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.SerialTask;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Hands the events of one subscription to its subscriber, as fast as that asks for them, and keeps a bounded number that it has not
 * asked for. The loop offers events; a thread of the callbacks hands them over, one at a time. The lock guards the fields and
 * is never held around the subscriber's code.
 */
final class Outlet implements Flow.Subscription {

    private static final Logger LOGGER = System.getLogger(Outlet.class.getName());

    /** How many events one turn hands over, so that subscribers take turns. */
    private static final int TURN = 256;

    private final Object lock = new Object();
    private final ArrayDeque<ClientEvent> items = new ArrayDeque<>();
    private final Flow.Subscriber<? super ClientEvent> subscriber;
    private final int limit;
    private final SerialTask task;
    private final Runnable drained;
    private final Runnable cancelled;
    private long demand;
    private boolean isBehind;
    private boolean isFinished;
    private boolean isOver;
    private @Nullable Throwable error;

    /**
     * Creates an empty outlet.
     *
     * @param limit how many events it keeps
     * @param drained is called when it has refused events and has room again
     * @param cancelled is called when the subscriber wants no more
     */
    Outlet(
            Flow.Subscriber<? super ClientEvent> subscriber,
            int limit,
            Executor executor,
            Runnable drained,
            Runnable cancelled) {
        this.subscriber = subscriber;
        this.limit = limit;
        this.drained = drained;
        this.cancelled = cancelled;
        task = new SerialTask(executor, this::handOver);
    }

    /** Takes an event. {@return false when there is no room; {@code drained} is called later} */
    boolean offer(ClientEvent item) {
        synchronized (lock) {
            if (isOver || isFinished) {
                return true;
            }
            if (items.size() >= limit) {
                isBehind = true;
                return false;
            }
            items.add(item);
        }
        task.signal();
        return true;
    }

    /** Ends the subscription after what was taken. */
    void finish(@Nullable Throwable failure) {
        synchronized (lock) {
            if (isFinished) {
                return;
            }
            isFinished = true;
            error = failure;
        }
        task.signal();
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            refuse(new IllegalArgumentException("A subscriber asks for at least 1 event, not " + n));
            return;
        }
        synchronized (lock) {
            demand = demand > Long.MAX_VALUE - n ? Long.MAX_VALUE : demand + n;
        }
        task.signal();
    }

    /** Ends the subscription in place of what was taken, which nobody asks for any more. */
    private void refuse(IllegalArgumentException failure) {
        synchronized (lock) {
            items.clear();
            isFinished = true;
            error = failure;
        }
        task.signal();
        cancelled.run();
    }

    @Override
    public void cancel() {
        synchronized (lock) {
            if (isOver) {
                return;
            }
            isOver = true;
            items.clear();
        }
        cancelled.run();
    }

    private void handOver() {
        for (int i = 0; i < TURN; i++) {
            if (!handOverOne()) {
                return;
            }
        }
        task.signal();
    }

    private boolean handOverOne() {
        ClientEvent item;
        boolean hasRoom = false;
        synchronized (lock) {
            if (isOver || (items.isEmpty() && !isFinished) || (!items.isEmpty() && demand == 0)) {
                return false;
            }
            item = items.poll();
            if (item == null) {
                isOver = true;
            } else {
                demand -= demand == Long.MAX_VALUE ? 0 : 1;
                hasRoom = isBehind && items.size() <= limit / 2;
                isBehind &= !hasRoom;
            }
        }
        if (hasRoom) {
            drained.run();
        }
        Guard.run(() -> call(item), e -> {
            cancel();
            LOGGER.log(Level.ERROR, "A subscriber failed; its subscription has ended", e);
        });
        return item != null;
    }

    private void call(@Nullable ClientEvent item) {
        if (item != null) {
            subscriber.onNext(item);
        } else if (error != null) {
            subscriber.onError(error);
        } else {
            subscriber.onComplete();
        }
    }
}
