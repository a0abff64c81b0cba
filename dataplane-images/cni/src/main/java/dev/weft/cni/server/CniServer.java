package dev.weft.cni.server;

import dev.weft.agent.Histogram;
import dev.weft.agent.Labelled;
import dev.weft.agent.Log;
import dev.weft.agent.Metrics;
import dev.weft.cni.protocol.CniError;
import dev.weft.cni.protocol.CniException;
import dev.weft.cni.protocol.CniRequest;
import dev.weft.cni.protocol.CniVersion;
import dev.weft.cni.protocol.Reply;
import dev.weft.cni.protocol.RequestParser;
import dev.weft.linux.LinuxException;
import dev.weft.linux.Netns;
import dev.weft.linux.UnixConnection;
import dev.weft.linux.UnixServer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Serves the shim: a 4-byte big-endian length and a JSON request, the pod's network namespace as a descriptor with the
 * first byte; back comes a length and {@code {"exitCode","stdout"}}. One request a connection.
 *
 * <p>Requests run on platform threads, since their system calls wait in the kernel. More than {@value #THREADS} wait
 * their turn.
 */
public final class CniServer implements AutoCloseable {
    private static final int THREADS = 32;
    private static final int MAX_REQUEST = 4 << 20;
    private static final int HEADER = 4;
    private static final Duration IO_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ACCEPT_TIMEOUT = Duration.ofMillis(500);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final long IDLE_SECONDS = 30;

    private final UnixServer server;
    private final CniHandler handler;
    private final Log log;
    private final Labelled<Histogram> durations;
    private final ThreadPoolExecutor workers;
    private final Thread acceptor;
    private volatile boolean closing;

    private CniServer(UnixServer server, CniHandler handler, Metrics metrics, Log log) {
        this.server = server;
        this.handler = handler;
        this.log = log;
        this.durations = metrics.histograms(
                "weft_cni_request_duration_seconds",
                "Time from the shim's connection to the answer, by verb and by CNI error code (0: success).",
                Histogram.SECONDS,
                "verb",
                "code");
        this.workers = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("cni-", 0).daemon().factory());
        this.workers.allowCoreThreadTimeOut(true);
        this.acceptor = Thread.ofPlatform().name("cni-accept").daemon().unstarted(this::accept);
    }

    /**
     * Listens and serves until closed. Until somebody listens the shim waits: start it when requests can be served.
     *
     * @throws LinuxException if the socket cannot be made
     */
    public static CniServer start(Path socket, CniHandler handler, Metrics metrics, Log log) {
        CniServer server = new CniServer(UnixServer.listen(socket), handler, metrics, log);
        server.acceptor.start();
        return server;
    }

    private void accept() {
        while (!closing) {
            try {
                Optional<UnixConnection> client = server.accept(ACCEPT_TIMEOUT);
                client.ifPresent(connection -> workers.execute(() -> serve(connection)));
            } catch (LinuxException e) {
                log.warn("cannot accept a request", e); // such as EMFILE: the next one may do better
            }
        }
    }

    private void serve(UnixConnection connection) {
        long start = System.nanoTime();
        try (connection;
                UnixConnection.Received header = connection.receiveFully(HEADER, IO_TIMEOUT)) {
            int length = ByteBuffer.wrap(header.bytes()).getInt();
            if (length < 0 || length > MAX_REQUEST) {
                log.warn("request with a wrong length", "length", length);
                return;
            }
            byte[] request;
            try (UnixConnection.Received body = connection.receiveFully(length, IO_TIMEOUT)) {
                request = body.bytes();
            }
            Reply reply = answer(request, header.fd().map(Netns::of), start);
            byte[] message = reply.toMessage();
            connection.send(
                    ByteBuffer.allocate(HEADER + message.length)
                            .putInt(message.length)
                            .put(message)
                            .array(),
                    IO_TIMEOUT);
        } catch (LinuxException e) {
            log.warn("the connection to the shim broke; it will ask again", e);
        }
    }

    private Reply answer(byte[] message, Optional<Netns> netns, long start) {
        Optional<CniRequest> request = Optional.empty();
        try {
            request = Optional.of(RequestParser.parse(message));
            CniHandler.Outcome outcome = handler.handle(request.get(), netns);
            succeeded(request.get(), outcome, start);
            CniVersion version = request.get().version();
            return outcome.result().map(result -> Reply.of(version, result)).orElse(Reply.DONE);
        } catch (CniException e) {
            return failed(message, request, e, start);
        } catch (RuntimeException e) {
            log.error("request failed in a way that nobody thought of", e);
            CniException failure = new CniException(CniError.IO_FAILURE, String.valueOf(e.getMessage()), e);
            return failed(message, request, failure, start);
        }
    }

    private void succeeded(CniRequest request, CniHandler.Outcome outcome, long start) {
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        durations.of(verb(request), "0").observe(took);
        switch (request) {
            case CniRequest.Add add -> done(verb(request), add.pod().toString(), add.attachment(), outcome, took);
            case CniRequest.Del del -> done(verb(request), del.pod().toString(), del.attachment(), outcome, took);
            case CniRequest.Gc gc ->
                log.info("GC", "valid", gc.valid().size(), "freed", outcome.ips(), "took", ms(took));
            case CniRequest.Check check -> log.debug("CHECK", "pod", check.pod(), "took", ms(took));
            case CniRequest.Status status -> log.debug("STATUS", "version", status.version(), "took", ms(took));
        }
    }

    private void done(String verb, String pod, Object attachment, CniHandler.Outcome outcome, Duration took) {
        log.info(verb, "pod", pod, "ips", ips(outcome), "attachment", attachment, "took", ms(took));
    }

    private Reply failed(byte[] message, Optional<CniRequest> request, CniException failure, long start) {
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        String verb = request.map(CniServer::verb).orElse("invalid");
        durations.of(verb, Integer.toString(failure.error().code())).observe(took);
        String pod = switch (request.orElse(null)) {
            case CniRequest.Add add -> add.pod().toString();
            case CniRequest.Del del -> del.pod().toString();
            case CniRequest.Check check -> check.pod().toString();
            case null, default -> "none";
        };
        Object[] details = {"pod", pod, "code", failure.error().code(), "why", failure.text(), "took", ms(took)};
        if (request.orElse(null) instanceof CniRequest.Status) {
            log.debug(verb + " failed", details); // asked for every few seconds while the agent is not ready
        } else {
            log.warn(verb + " failed", details);
        }
        return Reply.of(RequestParser.versionForErrors(message), failure);
    }

    private static String verb(CniRequest request) {
        return request.getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    private static String ips(CniHandler.Outcome outcome) {
        return String.join(",", outcome.ips().stream().map(Object::toString).toList());
    }

    private static String ms(Duration took) {
        return String.format(Locale.ROOT, "%.1fms", took.toNanos() / 1e6);
    }

    /** Stops listening and waits for the requests in hand; the shim asks the next agent for the rest. */
    @Override
    public void close() {
        closing = true;
        try {
            acceptor.join();
            server.close();
            workers.shutdown();
            if (!workers.awaitTermination(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                log.warn("requests were still running when the server stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
