package io.flowscript.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of a subscription in the caller's thread, which waits for them. For one thread; only {@link #close} is safe for
 * use by any thread.
 *
 * <p>Waiting longer than the timeout is a {@link ClientException} with code {@code timeout}, after which the reader can be asked
 * again. A subscription that has failed throws its {@link ClientException}. A thread that is interrupted gets one with code
 * {@code interrupted} and keeps its mark.
 *
 * @since 0.1.0
 */
public final class EventReader implements Iterable<ClientEvent>, AutoCloseable {

    /** How many events are on the way from the subscription to the thread that reads. */
    private static final int AHEAD = 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<ClientEvent> events = new ArrayDeque<>();
    private final Duration timeout;
    private Flow.@Nullable Subscription subscription;
    private boolean isOver;
    private @Nullable Throwable error;

    EventReader(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * Waits for the next event.
     *
     * @return whether there is one; false after the last
     */
    public boolean hasNext() {
        return hasNext(timeout);
    }

    boolean hasNext(Duration longest) {
        lock.lock();
        try {
            long left = TimeUnit.NANOSECONDS.convert(longest);
            while (events.isEmpty() && !isOver) {
                if (left <= 0) {
                    throw new ClientException("timeout", "No event has come in time");
                }
                left = changed.awaitNanos(left);
            }
            if (events.isEmpty() && error != null) {
                throw error instanceof ClientException known
                        ? known.again()
                        : new ClientException("internal", String.valueOf(error.getMessage()), error);
            }
            return !events.isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientException("interrupted", "The thread was interrupted while it waited for an event", e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next event and returns it.
     *
     * @return the event
     * @throws NoSuchElementException after the last event
     */
    public ClientEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("There are no more events");
        }
        ClientEvent event;
        Flow.Subscription its;
        lock.lock();
        try {
            event = events.remove();
            its = subscription;
        } finally {
            lock.unlock();
        }
        if (its != null) {
            its.request(1);
        }
        return event;
    }

    /** {@return an iterator over the events that were not read yet; it waits as {@link #hasNext} does} */
    @Override
    public Iterator<ClientEvent> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return EventReader.this.hasNext();
            }

            @Override
            public ClientEvent next() {
                return EventReader.this.next();
            }
        };
    }

    /** {@return the events that were not read yet, as a sequential stream; closing it closes this reader} */
    public Stream<ClientEvent> stream() {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED | Spliterator.NONNULL),
                        false)
                .onClose(this::close);
    }

    /** Ends the subscription; there are no more events then. Closing twice has no effect. */
    @Override
    public void close() {
        Flow.Subscription its;
        lock.lock();
        try {
            events.clear();
            error = null;
            isOver = true;
            its = subscription;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (its != null) {
            its.cancel();
        }
    }

    Flow.Subscriber<ClientEvent> subscriber() {
        return new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription its) {
                lock.lock();
                try {
                    subscription = its;
                } finally {
                    lock.unlock();
                }
                its.request(AHEAD);
            }

            @Override
            public void onNext(ClientEvent event) {
                lock.lock();
                try {
                    if (!isOver) {
                        events.add(event);
                        changed.signalAll();
                    }
                } finally {
                    lock.unlock();
                }
            }

            @Override
            public void onError(Throwable failure) {
                over(failure);
            }

            @Override
            public void onComplete() {
                over(null);
            }
        };
    }

    private void over(@Nullable Throwable failure) {
        lock.lock();
        try {
            error = isOver ? error : failure;
            isOver = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
