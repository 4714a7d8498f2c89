package io.flowscript.events.delivery;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The totals of what all clients of a bridge hold. They are updated with each change, so the cost of reading them does
 * not grow with the number of clients. Safe for use by any thread.
 */
final class Holdings {

    private final AtomicInteger subscriptions = new AtomicInteger();
    private final AtomicInteger followed = new AtomicInteger();
    private final AtomicLong outstandingBytes = new AtomicLong();

    /** The share of one client. Used only by the client's pump. */
    final class Share {

        private int mySubscriptions;
        private int myFollowed;
        private int myOutstandingBytes;

        /** Sets the current amounts of the client. */
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
