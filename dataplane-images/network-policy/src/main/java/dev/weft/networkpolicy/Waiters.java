package dev.weft.networkpolicy;

import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Pods whose start waits until their policies are in force. Any thread. */
final class Waiters {
    private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();

    /** One start. The uid is empty if the runtime did not tell. */
    static final class Waiter {
        final ObjectKey pod;
        final String uid;
        final List<Ip> ips;
        private final CountDownLatch done = new CountDownLatch(1);

        private Waiter(ObjectKey pod, String uid, List<Ip> ips) {
            this.pod = pod;
            this.uid = uid;
            this.ips = List.copyOf(ips);
        }
    }

    Waiter add(ObjectKey pod, String uid, List<Ip> ips) {
        Waiter waiter = new Waiter(pod, uid, ips);
        waiting.add(waiter);
        return waiter;
    }

    /** Whether its policies were in force within the time; waits no longer either way. */
    boolean await(Waiter waiter, Duration bound) throws InterruptedException {
        try {
            return waiter.done.await(bound.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            waiting.remove(waiter);
        }
    }

    /** Lets those go of which it is true. */
    void settle(Predicate<Waiter> inForce) {
        for (Waiter waiter : waiting) {
            if (inForce.test(waiter)) {
                waiter.done.countDown();
            }
        }
    }

    int size() {
        return waiting.size();
    }
}
