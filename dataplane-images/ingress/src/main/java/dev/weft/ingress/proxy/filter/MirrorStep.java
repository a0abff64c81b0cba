package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.proxy.exchange.Subrequest;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.proxy.upstream.Cluster;
import dev.weft.ingress.route.Filter;
import org.jspecify.annotations.Nullable;

/** Sends copies of requests to somebody else, whose answers nobody waits for. */
final class MirrorStep implements Step {
    private final Filter.Mirror mirror;
    private final @Nullable Cluster cluster;

    MirrorStep(Filter.Mirror mirror, @Nullable Cluster cluster) {
        this.mirror = mirror;
        this.cluster = cluster;
    }

    @Override
    public Outcome apply(Exchange exchange) {
        if (mirror.numerator() < mirror.denominator()
                && exchange.loop().random().nextInt(mirror.denominator()) >= mirror.numerator()) {
            return Outcome.PASS;
        }
        if (exchange.request().upgrade()) {
            // Two cannot talk to one WebSocket.
            return Outcome.PASS;
        }
        RequestHead copy = new RequestHead();
        copy.copyOf(exchange.request());
        mirror.host().ifPresent(host -> copy.fields().set(FieldName.text(FieldName.HOST), host));
        Subrequest sent = new Subrequest(exchange.loop(), copy, new Subrequest.Outcome() {
            @Override
            public void answered(ResponseHead head) {}

            @Override
            public void failed(String why) {}
        });
        if (copy.hasBody()) {
            exchange.tap(sent);
        }
        sent.start(cluster);
        exchange.atEnd(() -> {
            if (!exchange.requestEnded()) {
                sent.stop("client is gone");
            }
        });
        return Outcome.PASS;
    }
}
