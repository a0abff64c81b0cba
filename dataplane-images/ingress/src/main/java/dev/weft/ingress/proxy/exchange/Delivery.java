package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.http.Backend;
import dev.weft.ingress.proxy.http.Call;
import dev.weft.ingress.proxy.http.CallListener;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.proxy.upstream.Cluster;
import dev.weft.ingress.proxy.upstream.EndpointState;
import dev.weft.ingress.proxy.upstream.Tried;
import dev.weft.ingress.proxy.upstream.Waiter;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Brings a request to an endpoint, to another one if need be, and the answer back. */
final class Delivery implements Waiter, CallListener {
    private final Exchange exchange;
    private final RequestHead request;
    private final boolean page;
    private final @Nullable Sticky sticky;
    private final Sticky.@Nullable Wish wish;
    private final Patience patience;
    private final Tries tries;
    private final Tried tried = new Tried();
    private @Nullable Cluster cluster;
    private @Nullable Template key;
    private @Nullable EndpointState endpoint;
    private @Nullable Call call;
    private boolean engaged;
    private boolean reused;
    private boolean ignored;
    private boolean headSeen;
    private boolean tunnel;
    private String endpointName = "";

    Delivery(Exchange exchange, RequestHead request, @Nullable Sticky sticky, Sticky.@Nullable Wish wish) {
        this.exchange = exchange;
        this.request = request;
        this.page = request != exchange.request();
        this.sticky = sticky;
        this.wish = wish;
        this.patience = new Patience(exchange, this);
        this.tries = new Tries(exchange);
    }

    /** The share that has the endpoint which a cookie asks for. */
    Rule.@Nullable Share wished(Rule.Share[] shares) {
        if (wish != null) {
            for (Rule.Share share : shares) {
                Cluster of = share.cluster();
                if (of != null && of.byAffinity(wish.endpoint()) != null) {
                    return share;
                }
            }
        }
        return null;
    }

    /** The client's body is waited for before anybody is asked. */
    void gathering() {
        patience.gathering();
    }

    void gathered() {
        patience.sent();
    }

    void start(Cluster to, @Nullable Template template) {
        cluster = to;
        key = template;
        attempt();
    }

    private void attempt() {
        Cluster to = cluster;
        if (to == null || exchange.isDone()) {
            return;
        }
        EndpointState chosen = wish == null || tries.count() > 0 ? null : to.byAffinity(wish.endpoint());
        if (chosen == null || chosen.isResting()) {
            chosen = to.pick(exchange.loop(), key == null ? "" : key.of(exchange), tries.count() > 0 ? tried : null);
        }
        if (chosen == null) {
            exchange.nobody("no endpoints");
            return;
        }
        tries.begin();
        endpoint = chosen;
        endpointName = chosen.name();
        chosen.begin();
        engaged = true;
        patience.connecting();
        to.acquire(exchange.loop(), chosen, exchange.rule().waits().connect(), this);
    }

    @Override
    public void ready(Backend connection) {
        if (!engaged || exchange.isDone()) {
            connection.release();
            return;
        }
        reused = connection.isReused();
        ignored = false;
        call = connection.start(request, this);
        patience.sending(exchange.requestBody().isEnded() || !request.hasBody());
        if (request.hasBody()) {
            exchange.requestBody().passTo(this);
        }
    }

    @Override
    public void unreached(Unreached why, String reason) {
        EndpointState of = endpoint;
        if (!engaged || of == null || exchange.isDone()) {
            return;
        }
        disengage();
        of.failed();
        exchange.engine().observer().failed(exchange, reason(why));
        tried.add(of);
        if (tries.afterUnreached(cluster)) {
            again();
        } else {
            exchange.fail(why == Unreached.TIMED_OUT ? 504 : 502, of.name() + ": " + reason);
        }
    }

    private static String reason(Unreached why) {
        return switch (why) {
            case REFUSED -> "connect";
            case TIMED_OUT -> "connect_timeout";
            case TLS -> "tls";
        };
    }

    /** A piece of the request's body; takes over the reference. */
    void send(ByteBuf data) {
        Call to = call;
        if (to == null) {
            data.release();
            return;
        }
        to.body(data);
        patience.sent();
        if (!to.isWritable()) {
            patience.blocked();
            exchange.clientSide().read(false);
        }
    }

    void sendEnd(@Nullable Fields trailers) {
        Call to = call;
        if (to != null) {
            to.end(trailers);
            patience.requestDone();
        }
    }

    @Override
    public void onWritable() {
        patience.unblocked();
        if ((exchange.request().hasBody() && !exchange.requestBody().isEnded()) || tunnel) {
            exchange.clientSide().read(true);
        }
    }

    @Override
    public void onInterim(ResponseHead head) {
        patience.received();
        if (!ignored) {
            head.fields().removeNominated();
            exchange.clientSide().interim(head);
        }
    }

    @Override
    public void onHead(ResponseHead head, boolean end) {
        EndpointState of = endpoint;
        if (of == null) {
            return;
        }
        patience.received();
        of.succeeded();
        if (!page && tries.afterStatus(head.status())) {
            retryAnswered(of, end);
            return;
        }
        if (!page && exchange.hasErrorPage(head.status())) {
            dropAnswer(end);
            exchange.errorPage(head.status());
            return;
        }
        headSeen = true;
        head.fields().removeNominated();
        Sticky cookies = sticky;
        if (cookies != null && (wish == null || !wish.endpoint().equals(of.affinity()))) {
            boolean tls = exchange.scheme().equals("https");
            head.fields().add("Set-Cookie", cookies.cookie(of, System.currentTimeMillis() / 1000, tls));
        }
        tunnel = head.status() == 101;
        exchange.respond(head, end);
        if (end) {
            complete();
        } else if (tunnel) {
            patience.tunnel();
            exchange.requestBody().tunnel(this);
        }
    }

    /** Another try instead of an answer that came. */
    private void retryAnswered(EndpointState of, boolean end) {
        dropAnswer(end);
        tried.add(of);
        again();
    }

    private void dropAnswer(boolean end) {
        Call asked = call;
        disengage();
        ignored = true;
        if (!end && asked != null) {
            asked.cancel();
        }
    }

    @Override
    public void onBody(ByteBuf data) {
        if (ignored) {
            data.release();
            return;
        }
        patience.received();
        exchange.sent(data.readableBytes());
        ClientSide client = exchange.clientSide();
        client.body(data);
        Call from = call;
        if (from != null && !client.isWritable()) {
            from.read(false);
            patience.clientBlocked();
        }
    }

    @Override
    public void onEnd(@Nullable Fields trailers) {
        if (!ignored) {
            exchange.clientSide().end(trailers);
            complete();
        }
    }

    private void complete() {
        disengage();
        exchange.finish();
    }

    @Override
    public void onBroken(Broken why) {
        EndpointState of = endpoint;
        if (!engaged || ignored || of == null) {
            return;
        }
        disengage();
        boolean stale = reused && why == Broken.CLOSED && !headSeen;
        exchange.engine().observer().failed(exchange, why == Broken.MALFORMED ? "malformed" : "broken");
        if (!stale && why != Broken.REFUSED) {
            of.failed();
        }
        if (!headSeen && tries.afterBroken(why, stale)) {
            if (!stale) {
                tried.add(of);
            }
            again();
            return;
        }
        exchange.fail(502, of.name() + (why == Broken.MALFORMED ? ": answer is malformed" : ": connection broke off"));
    }

    /** Something took too long. */
    void late(int status, String why) {
        EndpointState of = endpoint;
        Call asked = call;
        if (status == 504 && engaged && of != null) {
            of.failed();
            exchange.engine().observer().failed(exchange, "timeout");
            disengage();
            ignored = true;
            if (asked != null) {
                asked.cancel();
            }
            if (!headSeen && patience.mayTryAgain() && tries.afterBroken(Broken.CLOSED, false)) {
                tried.add(of);
                again();
                return;
            }
        }
        exchange.fail(status, why);
    }

    private void again() {
        patience.connecting();
        long pause = tries.pauseNanos();
        if (pause == 0) {
            attempt();
        } else {
            exchange.loop().deadlines().deadline(this::attempt).set(pause);
        }
    }

    void onClientWritable() {
        patience.clientUnblocked();
        Call from = call;
        if (from != null) {
            from.read(true);
        }
    }

    /** Ends what is under way. */
    void stop() {
        Call asked = call;
        boolean active = engaged;
        disengage();
        patience.stop();
        if (active && asked != null) {
            ignored = true;
            asked.cancel();
        }
    }

    private void disengage() {
        EndpointState of = endpoint;
        call = null;
        if (engaged && of != null) {
            engaged = false;
            of.end();
        }
    }

    boolean isTunnel() {
        return tunnel;
    }

    String endpointName() {
        return endpointName;
    }
}
