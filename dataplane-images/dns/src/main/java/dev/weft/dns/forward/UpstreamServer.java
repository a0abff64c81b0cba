package dev.weft.dns.forward;

import dev.weft.agent.Log;
import dev.weft.config.DnsConfig.Upstream;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Question;
import dev.weft.dns.wire.RecordType;
import dev.weft.dns.wire.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;

/**
 * One server and what is known of its health: after two failures in a row it is down until it answers a probe, which is
 * sent twice a second as long as it does not. Where a question came back to us (a loop) it is not asked any more.
 */
final class UpstreamServer implements AutoCloseable {
    private static final Log LOG = Log.of("forward");
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int FAILURES = 2;
    private static final long PROBE_MILLIS = 500;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Upstream config;
    private final Exchange exchange;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicBoolean probing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ForwardMetrics metrics;
    private volatile String lastError = "";
    private volatile boolean looping;

    UpstreamServer(Upstream config, SSLSocketFactory tls, ForwardMetrics metrics) {
        this.config = config;
        this.metrics = metrics;
        InetSocketAddress address = new InetSocketAddress(config.ip().toInetAddress(), config.port());
        this.exchange = switch (config.protocol()) {
            case UDP -> new UdpExchange(address, StreamExchange.tcp(address, address(), metrics));
            case TCP -> StreamExchange.tcp(address, address(), metrics);
            case TLS ->
                StreamExchange.tls(
                        address,
                        address(),
                        Optional.of(config.serverName()).filter(name -> !name.isEmpty()),
                        tls,
                        metrics);
        };
    }

    boolean isUp() {
        return !looping && failures.get() < FAILURES;
    }

    boolean isLooping() {
        return looping;
    }

    void looping(boolean now) {
        looping = now;
    }

    /** What went wrong last; empty if nothing ever did. */
    String lastError() {
        return lastError;
    }

    /** As metrics name it. */
    String address() {
        return config.ip().toString().contains(":")
                ? "[" + config.ip() + "]:" + config.port()
                : config.ip() + ":" + config.port();
    }

    /**
     * Asks.
     *
     * @param flags of the client's header byte 3, of which CD and AD go on
     * @throws IOException if no answer came
     */
    Reply ask(DnsName name, int type, boolean dnssecOk, int flags) throws IOException {
        byte[] query = Question.query(RANDOM.nextInt(1 << 16), name, type, dnssecOk);
        query[3] = (byte) (flags & 0x30);
        try {
            Reply reply = exchange.ask(query, query.length - 11, PATIENCE);
            failures.set(0);
            return reply;
        } catch (IOException e) {
            lastError = describe(e);
            if (failures.incrementAndGet() >= FAILURES && probing.compareAndSet(false, true)) {
                LOG.warn("an upstream server is down", e, "server", address());
                Thread.ofVirtual().name("dns-probe").start(this::probe);
            }
            throw e;
        }
    }

    /** Some of the JDK's exceptions say what they mean by their names alone. */
    private static String describe(IOException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private void probe() {
        try {
            while (!closed.await(PROBE_MILLIS, TimeUnit.MILLISECONDS)) {
                byte[] query = Question.query(RANDOM.nextInt(1 << 16), DnsName.ROOT, RecordType.NS, false);
                try {
                    exchange.ask(query, query.length - 11, PATIENCE);
                    failures.set(0);
                    LOG.info("an upstream server is up again", "server", address());
                    return;
                } catch (IOException e) {
                    lastError = describe(e);
                    metrics.probeFailed(address());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            probing.set(false);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        exchange.close();
    }

    @Override
    public String toString() {
        return address();
    }
}
