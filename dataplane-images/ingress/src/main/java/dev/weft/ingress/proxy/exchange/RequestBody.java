package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.http.Fields;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a request between client and backend: counted, held against its limit, gathered if that is wanted. */
final class RequestBody {
    /** More than that is not kept in memory for one request; what is longer is passed on as it comes. */
    private static final int MAX_GATHERED = 1 << 20;

    private final Exchange exchange;
    private final List<ByteBuf> gathered = new ArrayList<>(0);
    private int gatheredBytes;
    private @Nullable Runnable whenGathered;
    private @Nullable Delivery to;
    private @Nullable Delivery gathering;
    private @Nullable Fields trailers;
    private boolean ended;
    private boolean begun;
    private boolean discarding;
    private boolean tunnel;
    private long received;

    RequestBody(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Waits for all of it. */
    void gather(Delivery delivery, Runnable then) {
        if (ended) {
            then.run();
            return;
        }
        whenGathered = then;
        gathering = delivery;
        exchange.clientSide().read(true);
    }

    /** Passes on what came and what comes. */
    void passTo(Delivery delivery) {
        to = delivery;
        for (ByteBuf piece : gathered) {
            delivery.send(piece.retainedDuplicate());
        }
        if (ended) {
            delivery.sendEnd(trailers);
        } else {
            exchange.clientSide().read(true);
        }
    }

    /** From now on it has no end but that of the connection. */
    void tunnel(Delivery delivery) {
        tunnel = true;
        ended = false;
        to = delivery;
        exchange.clientSide().read(true);
    }

    /** Whether it can be sent once more from its beginning. */
    boolean isReplayable() {
        return !begun;
    }

    boolean isEnded() {
        return ended;
    }

    long received() {
        return received;
    }

    void onData(ByteBuf data) {
        int n = data.readableBytes();
        received += n;
        if (discarding || exchange.isDone()) {
            data.release();
            return;
        }
        long most = exchange.rule().source().body().request();
        if (most > 0 && received > most && !tunnel) {
            data.release();
            exchange.fail(413, "body is longer than " + most + " bytes");
            return;
        }
        tap(data);
        Runnable then = whenGathered;
        Delivery target = to;
        if (then != null) {
            gathered.add(data);
            if (gathering != null) {
                gathering.gathered();
            }
            gatheredBytes += n;
            if (gatheredBytes >= MAX_GATHERED) {
                whenGathered = null;
                exchange.clientSide().read(false);
                then.run();
            }
        } else if (target != null) {
            begun = true;
            target.send(data);
        } else {
            data.release();
        }
    }

    private void tap(ByteBuf data) {
        List<Exchange.BodyTap> taps = exchange.taps();
        if (taps != null) {
            for (Exchange.BodyTap tap : taps) {
                tap.body(data.retainedDuplicate());
            }
        }
    }

    void onEnd(@Nullable Fields last) {
        ended = true;
        trailers = last;
        List<Exchange.BodyTap> taps = exchange.taps();
        if (taps != null) {
            taps.forEach(Exchange.BodyTap::end);
        }
        if (exchange.isDone()) {
            return;
        }
        Runnable then = whenGathered;
        Delivery target = to;
        if (then != null) {
            whenGathered = null;
            then.run();
        } else if (target != null) {
            target.sendEnd(last);
        }
    }

    /** Whatever comes is not wanted any more. */
    void discard() {
        discarding = true;
        to = null;
        whenGathered = null;
        gathered.forEach(ByteBuf::release);
        gathered.clear();
    }
}
