package dev.weft.ingress.proxy.observe;

import dev.weft.agent.Counter;
import dev.weft.agent.Metrics;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Peer;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.route.RuleName;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object for each request. Lines are put together by the event loops and written by a thread of their own; when that
 * one cannot keep up they are dropped and counted, requests do not wait.
 */
final class AccessLog implements AutoCloseable {
    private static final int WAITING = 8192;

    private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Counter dropped;
    private final Consumer<String> lines;
    private volatile @Nullable Thread writer;

    AccessLog(Metrics metrics, Consumer<String> lines) {
        this.lines = lines;
        this.dropped = metrics.counter(
                "weft_ingress_access_log_dropped_total", "Lines of the access log that were not written in time.");
    }

    void done(Exchange exchange, long nanos) {
        if (writer == null) {
            start();
        }
        if (!waiting.offer(line(exchange, nanos))) {
            dropped.inc();
        }
    }

    private synchronized void start() {
        if (writer == null) {
            writer = Thread.ofPlatform().daemon().name("access-log").start(this::write);
        }
    }

    private void write() {
        try {
            while (true) {
                lines.accept(waiting.take());
            }
        } catch (InterruptedException e) {
            for (String line = waiting.poll(); line != null; line = waiting.poll()) {
                lines.accept(line);
            }
        }
    }

    static String line(Exchange exchange, long nanos) {
        JsonLine json = new JsonLine();
        Fields fields = exchange.request().fields();
        Peer peer = exchange.peer();
        Peer.Secured secured = peer.secured();
        RuleName rule = exchange.rule().source().name();
        json.text("time", Instant.now().toString());
        json.text("client", exchange.client().toString());
        json.text("peer", peer.address());
        json.text("method", exchange.request().method());
        json.text("scheme", exchange.scheme());
        json.text("host", exchange.request().host());
        json.text("path", exchange.target());
        json.text("protocol", protocol(exchange.request().version()));
        json.number("status", exchange.status());
        json.number("bytesReceived", exchange.received());
        json.number("bytesSent", exchange.sent());
        json.decimal("seconds", nanos / 1e9);
        json.text("listener", exchange.listenerName());
        json.text("route", rule.kind().isEmpty() ? "" : rule.toString());
        json.text("upstream", exchange.endpoint());
        json.text("requestId", exchange.requestId());
        json.text("userAgent", fields.first(FieldName.USER_AGENT));
        json.text("referer", fields.first(FieldName.REFERER));
        json.text("traceparent", fields.first(FieldName.TRACEPARENT));
        if (secured != null) {
            json.text("tls", secured.version());
            json.text("serverName", secured.serverName());
        }
        json.text("error", exchange.failure());
        return json.end();
    }

    private static String protocol(int version) {
        return switch (version) {
            case 10 -> "HTTP/1.0";
            case 11 -> "HTTP/1.1";
            case 20 -> "HTTP/2.0";
            default -> "";
        };
    }

    @Override
    public void close() {
        Thread last = writer;
        if (last != null) {
            last.interrupt();
            try {
                last.join(2000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
