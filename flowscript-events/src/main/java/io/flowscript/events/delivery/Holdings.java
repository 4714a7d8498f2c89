package io.flowscript.events.delivery;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all clients of a bridge hold together, counted where it changes, so that reading it costs the same for any number of clients. Safe for use
 * by any thread.
 */
final class Holdings {

    private final AtomicInteger subscriptions = new AtomicInteger();
    private final AtomicInteger followed = new AtomicInteger();
    private final AtomicLong outstandingBytes = new AtomicLong();

    /** What one client's share of it is. Used by the client's pump alone. */
    final class Share {

        private int mySubscriptions;
        private int myFollowed;
        private int myOutstandingBytes;

        /** Sets what the client holds now. */
        void set(int subscriptionsNow, int followedNow, int outstandingBytesNow) {
            if (subscriptionsNow != mySubscriptions) {
                subscriptions.addAndGet(subscriptionsNow - mySubscriptions);
                mySubscriptions = subscriptionsNow;
            }
            if (followedNow != myFollowed) {
                followed.addAndGet(followedNow - myFollowed);
                myFollowed = followedNow;
            }
            if (outstandingBytesNow != myOutstandingBytes) {
                outstandingBytes.addAndGet(outstandingBytesNow - myOutstandingBytes);
                myOutstandingBytes = outstandingBytesNow;
            }
        }
    }

    int subscriptions() {
        return subscriptions.get();
    }

    int followed() {
        return followed.get();
    }

    long outstandingBytes() {
        return outstandingBytes.get();
    }
}
