package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.loop.Deadline;

/** How long is waited for whom. One deadline that is looked at when the earliest of them may be over. */
final class Patience {
    private static final long NEVER = Long.MAX_VALUE;

    private final Exchange exchange;
    private final Delivery delivery;
    private final Waits waits;
    private final long client;
    private final Deadline deadline;
    private long tryBegan;
    private long lastRead;
    private long lastSent;
    private long blockedSince;
    private long clientBlockedSince;
    private boolean gathering;
    private boolean requestDone;
    private boolean answering;
    private boolean tunnel;
    private boolean requestOver;

    Patience(Exchange exchange, Delivery delivery) {
        this.exchange = exchange;
        this.delivery = delivery;
        this.waits = exchange.rule().waits();
        this.client = exchange.engine().settings().body().toNanos();
        this.deadline = exchange.loop().deadlines().deadline(this::look);
    }

    void connecting() {
        tryBegan = 0;
        blockedSince = 0;
        requestDone = false;
        if (waits.request() > 0) {
            deadline.setAt(exchange.began() + waits.request());
        }
    }

    /** Waits for the client to send all of the body. */
    void gathering() {
        gathering = true;
        lastSent = System.nanoTime();
        arm(lastSent);
    }

    void sending(boolean complete) {
        gathering = false;
        tryBegan = System.nanoTime();
        lastRead = tryBegan;
        lastSent = tryBegan;
        requestDone = complete;
        arm(tryBegan);
    }

    void sent() {
        lastSent = System.nanoTime();
        lastRead = lastSent;
    }

    void requestDone() {
        requestDone = true;
        lastRead = System.nanoTime();
        arm(lastRead);
    }

    void received() {
        answering = true;
        lastRead = System.nanoTime();
    }

    void blocked() {
        if (blockedSince == 0) {
            blockedSince = System.nanoTime();
            arm(blockedSince);
        }
    }

    void unblocked() {
        blockedSince = 0;
        lastSent = System.nanoTime();
    }

    void clientBlocked() {
        if (clientBlockedSince == 0) {
            clientBlockedSince = System.nanoTime();
            arm(clientBlockedSince);
        }
    }

    void clientUnblocked() {
        clientBlockedSince = 0;
        lastRead = System.nanoTime();
    }

    void tunnel() {
        tunnel = true;
    }

    /** Whether there is time left for another try. */
    boolean mayTryAgain() {
        return !requestOver;
    }

    void stop() {
        deadline.clear();
    }

    private void arm(long now) {
        long due = due();
        if (due != NEVER) {
            deadline.setAt(Math.max(due, now));
        }
    }

    private long due() {
        long due = NEVER;
        if (!tunnel) {
            due = earlier(due, exchange.began(), waits.request());
            due = tryBegan == 0 ? due : earlier(due, tryBegan, waits.backend());
        }
        if (clientBlockedSince != 0) {
            return earlier(due, clientBlockedSince, client);
        }
        if (blockedSince != 0) {
            due = earlier(due, blockedSince, waits.send());
        } else if (gathering || (!requestDone && !tunnel && tryBegan != 0)) {
            due = earlier(due, lastSent, client);
        }
        if (tryBegan != 0 && (requestDone || answering)) {
            due = earlier(due, lastRead, waits.read());
        }
        return due;
    }

    private static long earlier(long due, long since, long wait) {
        return wait <= 0 ? due : Math.min(due, since + wait);
    }

    private void look() {
        if (exchange.isDone()) {
            return;
        }
        long now = System.nanoTime();
        if (!tunnel && isOver(exchange.began(), waits.request(), now)) {
            requestOver = true;
            delivery.late(504, "request timed out");
        } else if (!tunnel && tryBegan != 0 && isOver(tryBegan, waits.backend(), now)) {
            delivery.late(504, "backend timed out");
        } else if (clientBlockedSince != 0) {
            if (isOver(clientBlockedSince, client, now)) {
                delivery.late(408, "client does not read the answer");
            }
        } else if (blockedSince != 0 && isOver(blockedSince, waits.send(), now)) {
            delivery.late(504, "backend does not read the request");
        } else if ((gathering || (!requestDone && !tunnel && tryBegan != 0))
                && blockedSince == 0
                && isOver(lastSent, client, now)) {
            delivery.late(408, "client does not send the request");
        } else if (tryBegan != 0 && (requestDone || answering) && isOver(lastRead, waits.read(), now)) {
            delivery.late(504, "backend does not answer");
        }
        if (!exchange.isDone()) {
            arm(now);
        }
    }

    private static boolean isOver(long since, long wait, long now) {
        return wait > 0 && now - since >= wait;
    }
}
