package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.http.Backend;
import dev.weft.ingress.proxy.http.Call;
import dev.weft.ingress.proxy.http.CallListener;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.proxy.loop.Deadline;
import dev.weft.ingress.proxy.loop.Loop;
import dev.weft.ingress.proxy.upstream.Cluster;
import dev.weft.ingress.proxy.upstream.EndpointState;
import dev.weft.ingress.proxy.upstream.Waiter;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A request that the proxy makes itself beside one of a client's: a copy, or a question. The body of its answer is dropped. */
public final class Subrequest implements Waiter, CallListener, Exchange.BodyTap {
    /** What became of it; once. */
    public interface Outcome {
        /** @param head valid during the call only */
        void answered(ResponseHead head);

        void failed(String why);
    }

    private static final long CONNECT = TimeUnit.SECONDS.toNanos(5);
    private static final long ANSWER = TimeUnit.SECONDS.toNanos(60);

    /** What waits for a connection; a copy that cannot keep up is given up, it holds up nobody. */
    private static final int MAX_WAITING = 256 * 1024;

    private final Loop loop;
    private final RequestHead head;
    private final Outcome outcome;
    private final Deadline deadline;
    private final List<ByteBuf> waiting = new ArrayList<>(0);
    private int waitingBytes;
    private @Nullable EndpointState endpoint;
    private @Nullable Call call;
    private boolean bodyEnded;
    private boolean told;
    private boolean over;

    public Subrequest(Loop loop, RequestHead head, Outcome outcome) {
        this.loop = loop;
        this.head = head;
        this.outcome = outcome;
        this.deadline = loop.deadlines().deadline(() -> stop("timed out"));
        this.bodyEnded = !head.hasBody();
    }

    /** @param cluster null if there is no such upstream */
    public void start(@Nullable Cluster cluster) {
        EndpointState chosen = cluster == null ? null : cluster.pick(loop, "", null);
        if (cluster == null || chosen == null) {
            stop("no endpoints");
            return;
        }
        endpoint = chosen;
        chosen.begin();
        deadline.set(ANSWER);
        cluster.acquire(loop, chosen, CONNECT, this);
    }

    @Override
    public void ready(Backend connection) {
        if (over) {
            connection.release();
            return;
        }
        Call started = connection.start(head, this);
        call = started;
        for (ByteBuf piece : waiting) {
            started.body(piece);
        }
        waiting.clear();
        if (bodyEnded && head.hasBody()) {
            started.end(null);
        }
    }

    @Override
    public void unreached(Unreached why, String reason) {
        stop(reason);
    }

    @Override
    public void body(ByteBuf data) {
        Call to = call;
        waitingBytes += data.readableBytes();
        if (over || (to == null && waitingBytes > MAX_WAITING) || (to != null && !to.isWritable())) {
            data.release();
            stop("cannot keep up");
        } else if (to == null) {
            waiting.add(data);
        } else {
            to.body(data);
        }
    }

    @Override
    public void end() {
        bodyEnded = true;
        Call to = call;
        if (to != null) {
            to.end(null);
        }
    }

    @Override
    public void onInterim(ResponseHead interim) {}

    @Override
    public void onHead(ResponseHead answer, boolean end) {
        if (!told) {
            told = true;
            outcome.answered(answer);
        }
        if (end) {
            over();
        }
    }

    @Override
    public void onBody(ByteBuf data) {
        data.release();
    }

    @Override
    public void onEnd(@Nullable Fields trailers) {
        over();
    }

    @Override
    public void onBroken(Broken why) {
        call = null;
        stop("connection broke off");
    }

    @Override
    public void onWritable() {}

    /** Gives it up. */
    public void stop(String why) {
        if (over) {
            return;
        }
        Call active = call;
        over();
        if (active != null) {
            active.cancel();
        }
        if (!told) {
            told = true;
            outcome.failed(why);
        }
    }

    private void over() {
        if (over) {
            return;
        }
        over = true;
        call = null;
        deadline.clear();
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        EndpointState of = endpoint;
        if (of != null) {
            of.end();
        }
    }
}
