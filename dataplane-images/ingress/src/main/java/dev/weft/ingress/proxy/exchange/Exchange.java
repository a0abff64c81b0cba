package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.exchange.Step.Outcome;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.proxy.http.Statuses;
import dev.weft.ingress.proxy.loop.Loop;
import dev.weft.ingress.proxy.upstream.Cluster;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HttpRule;
import dev.weft.net.Ip;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way: finds its rule, applies the filters, hands it to a {@link Delivery} and what that brings back to the
 * client. Of one event loop.
 */
public final class Exchange {
    private final Engine engine;
    private final Loop loop;
    private final Peer peer;
    private final RequestHead request;
    private final ClientSide client;
    private final Plan plan;
    private final long began = System.nanoTime();
    private final RequestBody body;
    private String target = "";
    private String listenerName = "";
    private boolean asNginx;
    private Rule rule;
    private @Nullable Ip clientIp;
    private @Nullable String scheme;
    private String requestId = "";
    private @Nullable Delivery delivery;
    private @Nullable List<ResponseEdit> edits;
    private @Nullable List<Runnable> endings;
    private @Nullable List<BodyTap> taps;
    private @Nullable ErrorPage pages;
    private boolean quiet;
    private int step;
    private boolean atShare;
    private Rule.@Nullable Share share;
    private boolean responded;
    private boolean done;
    private int status;
    private long sent;
    private String failure = "";

    /** Copies of the pieces of a request's body go here as well. Takes over the references. */
    public interface BodyTap {
        void body(ByteBuf data);

        void end();
    }

    public Exchange(Engine engine, Loop loop, Peer peer, RequestHead request, ClientSide client) {
        this.engine = engine;
        this.loop = loop;
        this.peer = peer;
        this.request = request;
        this.client = client;
        this.plan = engine.plan();
        this.rule = plan.rule(loop.index(), HttpRule.NOT_FOUND);
        this.body = new RequestBody(this);
    }

    /** The head is there. */
    public void begin() {
        target = request.target();
        Plan.Web web = plan.web(peer.port());
        Entrance entrance = web == null ? Entrance.NONE : Entrance.of(web, peer, request.host());
        if (entrance.refusal() != 0) {
            fail(entrance.refusal(), entrance.reason());
            return;
        }
        listenerName = entrance.listener();
        asNginx = entrance.asNginx();
        if (asNginx && request.fields().hasOdd()) {
            request.fields().dropOdd();
        }
        rule = plan.rule(loop.index(), entrance.router().route(request));
        long most = rule.source().body().request();
        if (most > 0 && request.length() > most) {
            fail(413, "body is longer than " + most + " bytes");
            return;
        }
        next();
    }

    /** Goes on after a filter that took its time. */
    public void resume() {
        if (!done && !responded) {
            step++;
            next();
        }
    }

    private void next() {
        Step[] steps = rule.steps();
        while (!atShare && step < steps.length) {
            if (!apply(steps[step])) {
                return;
            }
            step++;
        }
        if (!atShare && !choose()) {
            return;
        }
        Rule.Share chosen = share;
        if (chosen == null) {
            return;
        }
        while (step < chosen.steps().size()) {
            if (!apply(chosen.steps().get(step))) {
                return;
            }
            step++;
        }
        deliver(chosen);
    }

    private boolean apply(Step filter) {
        Outcome outcome = filter.apply(this);
        return outcome == Outcome.PASS && !done && !responded;
    }

    private boolean choose() {
        atShare = true;
        step = 0;
        Sticky sticky = rule.sticky();
        Sticky.Wish wish = sticky == null ? null : sticky.wish(request.fields(), System.currentTimeMillis() / 1000);
        Delivery way = new Delivery(this, request, sticky, wish);
        delivery = way;
        share = way.wished(rule.shares());
        if (share == null) {
            share = rule.draw(loop.random());
        }
        if (share == null) {
            fail(500, "all backends have weight 0");
            return false;
        }
        return true;
    }

    private void deliver(Rule.Share chosen) {
        Delivery way = delivery;
        if (way == null) {
            return;
        }
        Cluster cluster = chosen.cluster();
        if (cluster == null) {
            if (chosen.upstream() == null) {
                fail(chosen.status(), "");
            } else {
                nobody("no upstream " + chosen.upstream());
            }
            return;
        }
        requestId = Forwarding.requestId(request, loop.random());
        Forwarding.apply(request, peer, client(), asNginx);
        request.fields().removeNominated();
        if (request.authority().isEmpty() && !request.fields().has(FieldName.HOST)) {
            request.fields().add(FieldName.HOST, cluster.source().id().service());
        }
        if (rule.source().body().bufferRequest() && request.hasBody()) {
            way.gathering();
            body.gather(way, () -> way.start(cluster, chosen.key()));
        } else {
            way.start(cluster, chosen.key());
        }
    }

    /** A piece of the request's body came; takes over the reference. */
    public void onRequestBody(ByteBuf data) {
        body.onData(data);
    }

    public void onRequestEnd(@Nullable Fields trailers) {
        body.onEnd(trailers);
    }

    /** The client takes more of the answer again. */
    public void onClientWritable() {
        Delivery way = delivery;
        if (way != null && !done) {
            way.onClientWritable();
        }
    }

    /** The client is gone, or does not want the answer any more. */
    public void onClientGone() {
        if (!done) {
            failure = "client is gone";
            status = responded ? status : 499;
            finish();
        }
    }

    /** Answers with a status and a few words, or breaks off an answer that has begun. */
    public void fail(int code, String why) {
        if (done) {
            return;
        }
        failure = why;
        if (responded) {
            client.abort();
            finish();
            return;
        }
        if (hasErrorPage(code)) {
            errorPage(code);
            return;
        }
        ResponseHead head = Answers.head(code);
        answer(head, Statuses.bodiless(code) ? new byte[0] : Answers.body(code));
    }

    /** Puts another's answers in the place of some of the backend's. */
    public void errorPages(Filter.ErrorPages wanted, @Nullable Cluster from) {
        pages = new ErrorPage(this, wanted, from);
    }

    boolean hasErrorPage(int code) {
        ErrorPage of = pages;
        return of != null && of.isFor(code);
    }

    /** There is nobody who could be asked. */
    void nobody(String why) {
        ErrorPage of = pages;
        if (of != null && !done && !responded && of.standsIn() && body.isReplayable()) {
            failure = why;
            stopDelivery();
            pages = null;
            delivery = of.standIn();
        } else {
            fail(503, why);
        }
    }

    private void stopDelivery() {
        Delivery before = delivery;
        if (before != null) {
            before.stop();
        }
    }

    void errorPage(int code) {
        ErrorPage of = pages;
        pages = null;
        if (of != null) {
            stopDelivery();
            body.discard();
            delivery = of.ask(code);
        }
    }

    /** Is left out of the access log. */
    public void quiet() {
        quiet = true;
    }

    public boolean isQuiet() {
        return quiet;
    }

    /** What came is no request that can be served; nothing of it is looked at. */
    public void refuse(ResponseHead head, String why) {
        failure = why;
        answer(head, Answers.body(head.status()));
    }

    /** An answer of the proxy's own. */
    public void answer(ResponseHead head, byte[] content) {
        if (done || responded) {
            return;
        }
        if (content.length > 0) {
            head.fields().add("Content-Type", "text/plain; charset=utf-8");
        }
        if (!Statuses.bodiless(head.status())) {
            head.fields().set("Content-Length", Integer.toString(content.length));
        }
        head.length(content.length);
        boolean empty = content.length == 0 || request.method().equals("HEAD");
        respond(head, empty);
        if (!empty) {
            sent += content.length;
            client.body(Unpooled.wrappedBuffer(content));
            client.end(null);
        }
        finish();
    }

    /** Sends the head of the answer to the client, changed as filters want. */
    void respond(ResponseHead head, boolean end) {
        responded = true;
        status = head.status();
        List<ResponseEdit> changes = edits;
        if (changes != null && status != 101) {
            for (ResponseEdit change : changes) {
                change.apply(this, head);
            }
        }
        if (!head.fields().has(FieldName.DATE)) {
            head.fields().add(FieldName.DATE, loop.dates().now());
        }
        client.respond(head, end);
    }

    void sent(int bytes) {
        sent += bytes;
    }

    /** Everything was said. */
    void finish() {
        if (done) {
            return;
        }
        done = true;
        body.discard();
        stopDelivery();
        List<Runnable> last = endings;
        if (last != null) {
            last.forEach(Runnable::run);
        }
        engine.observer().done(this);
    }

    /** Wants the answer's head before the client gets it. */
    public void edit(ResponseEdit edit) {
        List<ResponseEdit> all = edits;
        if (all == null) {
            all = new ArrayList<>(2);
            edits = all;
        }
        all.add(edit);
    }

    /** Runs when the request is done, however it ended. */
    public void atEnd(Runnable action) {
        List<Runnable> all = endings;
        if (all == null) {
            all = new ArrayList<>(2);
            endings = all;
        }
        all.add(action);
    }

    /** Sends copies of the body to somebody else too. */
    public void tap(BodyTap tap) {
        List<BodyTap> all = taps;
        if (all == null) {
            all = new ArrayList<>(1);
            taps = all;
        }
        all.add(tap);
    }

    @Nullable
    List<BodyTap> taps() {
        return taps;
    }

    public Engine engine() {
        return engine;
    }

    public Loop loop() {
        return loop;
    }

    public Peer peer() {
        return peer;
    }

    public RequestHead request() {
        return request;
    }

    ClientSide clientSide() {
        return client;
    }

    RequestBody requestBody() {
        return body;
    }

    public Rule rule() {
        return rule;
    }

    public Plan plan() {
        return plan;
    }

    /** As the client sent it. */
    public String target() {
        return target;
    }

    public String listenerName() {
        return listenerName;
    }

    /** The client's address, as far as trusted proxies tell. */
    public Ip client() {
        Ip known = clientIp;
        if (known == null) {
            known = Forwarding.client(request, peer, engine.settings().trusted());
            clientIp = known;
        }
        return known;
    }

    /** That the client used, as far as trusted proxies tell. */
    public String scheme() {
        String known = scheme;
        if (known == null) {
            known = Forwarding.scheme(request, peer);
            scheme = known;
        }
        return known;
    }

    public String requestId() {
        return requestId;
    }

    /** Of the answer; 499 if the client did not wait for it. */
    public int status() {
        return status;
    }

    /** Bytes of the answer's body. */
    public long sent() {
        return sent;
    }

    /** Bytes of the request's body. */
    public long received() {
        return body.received();
    }

    /** Whether the client has sent all of its request. */
    public boolean requestEnded() {
        return body.isEnded();
    }

    /** As of {@link System#nanoTime}. */
    public long began() {
        return began;
    }

    /** Why it failed; empty if it did not. */
    public String failure() {
        return failure;
    }

    /** Who answered; empty if it was the proxy itself. */
    public String endpoint() {
        Delivery way = delivery;
        return way == null ? "" : way.endpointName();
    }

    boolean isResponded() {
        return responded;
    }

    public boolean isDone() {
        return done;
    }
}
