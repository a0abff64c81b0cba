package dev.weft.kube;

import dev.weft.agent.TimeSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The Kubernetes API over HTTP/1.1, one JSON document at a time. Safe for many threads.
 *
 * <p>Servers are tried in order, starting with the one that answered last; a request goes on to the next server when no
 * answer came and repeating it is safe. Calls block; an interrupt ends them with {@link KubeUnreachableException} and
 * leaves the flag set.
 */
public final class KubeClient implements AutoCloseable {
    /** Bound of what {@link #get} returns and of error bodies that are looked at. */
    private static final int MAX_DOCUMENT = 8 << 20;

    private static final int MAX_ERROR = 64 << 10;

    private final KubeConfig config;
    private final Optional<TokenFile> token;
    private final ExecutorService executor;
    private final HttpClient http;
    /** Responses that are being read. */
    private final Set<BodyStream> reading = ConcurrentHashMap.newKeySet();

    private final AtomicInteger server = new AtomicInteger();

    public KubeClient(KubeConfig config) {
        this(config, TimeSource.system());
    }

    KubeClient(KubeConfig config, TimeSource time) {
        this.config = config;
        this.token = config.tokenFile().map(file -> new TokenFile(file, time));
        // Its tasks never block: TLS records and hand-over to BodyStream. The default pool has no bound.
        this.executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("kube-http").factory());
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(config.connectTimeout())
                .executor(executor);
        config.caFile().ifPresent(file -> builder.sslContext(new CaFileTrust(file).context()));
        this.http = builder.build();
    }

    /**
     * The bytes of a document.
     *
     * @param path absolute path with query, such as {@code /api/v1/namespaces/weft-system}
     * @throws KubeFormatException if it is longer than 8 MiB
     */
    public byte[] get(String path) throws KubeException {
        try (BodyStream body = open(path)) {
            return bounded(path, body);
        } catch (IOException e) {
            throw new KubeUnreachableException("GET " + path + ": " + e.getMessage(), e);
        }
    }

    /** Creates an object in a collection, such as {@code /apis/events.k8s.io/v1/namespaces/default/events}. */
    public void create(String path, String json) throws KubeException {
        send(new Call("POST", path, "application/json", json, config.requestTimeout()))
                .close();
    }

    /** Changes an object by a JSON merge patch (RFC 7396). */
    public void mergePatch(String path, String json) throws KubeException {
        send(new Call("PATCH", path, "application/merge-patch+json", json, config.requestTimeout()))
                .close();
    }

    /**
     * Makes an object have the fields given, and not those that the same manager gave before and does not now: server-side
     * apply. Fields that others have set to something else are taken over.
     *
     * @param path of the object, which need not exist
     * @param manager who owns the fields
     */
    public void apply(String path, String manager, String json) throws KubeException {
        String query = (path.contains("?") ? "&" : "?") + "force=true&fieldManager=" + KindSpec.encode(manager);
        send(new Call("PATCH", path + query, "application/apply-patch+yaml", json, config.requestTimeout()))
                .close();
    }

    /** Deletes an object. */
    public void delete(String path) throws KubeException {
        send(new Call("DELETE", path, "", "", config.requestTimeout())).close();
    }

    /** {@link #open(String, Duration)} with the time-out of the configuration. */
    BodyStream open(String path) throws KubeException {
        return open(path, config.requestTimeout());
    }

    /** A response body to be read as it comes and closed by the caller; each silence is bounded by the time-out. */
    BodyStream open(String path, Duration readTimeout) throws KubeException {
        return send(new Call("GET", path, "", "", readTimeout));
    }

    /** Makes the next request go to the next server, because this one answers but does not do its work. */
    void distrustServer() {
        server.incrementAndGet();
    }

    /**
     * Breaks off all responses that are being read, so that watches ask anew: the node's address has changed, and what
     * the server sends to the old one is lost without a word.
     */
    public void reconnect() {
        List.copyOf(reading).forEach(BodyStream::close);
    }

    /** Ends all calls. */
    @Override
    public void close() {
        http.shutdownNow();
        executor.shutdownNow();
    }

    private record Call(String method, String path, String contentType, String body, Duration readTimeout) {
        @Override
        public String toString() {
            return method + " " + path;
        }

        /** Whether the request may be sent again: it changes nothing, or it never left. */
        boolean repeatable(IOException failure) {
            return method.equals("GET")
                    || failure instanceof ConnectException
                    || failure instanceof HttpConnectTimeoutException;
        }
    }

    private BodyStream send(Call call) throws KubeException {
        List<String> failures = new ArrayList<>();
        IOException last = new IOException("no server");
        for (int i = 0; i < config.servers().size(); i++) {
            int index = server.get();
            URI base =
                    config.servers().get(Math.floorMod(index, config.servers().size()));
            try {
                return answer(call, base, index);
            } catch (InterruptedIOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new KubeUnreachableException(call + ": interrupted", e);
                }
                last = e;
            } catch (IOException e) {
                last = e;
            }
            failures.add(base + " " + describe(last));
            server.compareAndSet(index, index + 1);
            if (!call.repeatable(last)) {
                break;
            }
        }
        throw new KubeUnreachableException(call + ": " + String.join("; ", failures), last);
    }

    private BodyStream answer(Call call, URI base, int index) throws IOException, KubeException {
        HttpResponse<BodyStream> response = exchange(call, base);
        if (response.statusCode() == 401 && token.isPresent()) {
            // The token may have been renewed a moment ago.
            response.body().close();
            token.get().refused();
            response = exchange(call, base);
        }
        if (response.statusCode() / 100 == 2) {
            return response.body();
        }
        KubeApiException refusal = refusal(call, response);
        if (response.statusCode() >= 500) {
            server.compareAndSet(index, index + 1);
        }
        throw refusal;
    }

    private HttpResponse<BodyStream> exchange(Call call, URI base) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(target(base, call.path()))
                .timeout(config.requestTimeout())
                .header("Accept", "application/json")
                .header("User-Agent", "weft-node")
                .method(
                        call.method(),
                        call.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(call.body()));
        if (!call.contentType().isEmpty()) {
            request.header("Content-Type", call.contentType());
        }
        if (token.isPresent()) {
            request.header("Authorization", "Bearer " + token.get().get());
        }
        try {
            return http.send(request.build(), info -> reading(call));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    private BodyStream reading(Call call) {
        BodyStream stream = new BodyStream(call.readTimeout(), reading::remove);
        reading.add(stream);
        return stream;
    }

    private static URI target(URI base, String path) {
        String text = base.toString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
    }

    private static KubeApiException refusal(Call call, HttpResponse<BodyStream> response) {
        Duration retryAfter = response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,4}"))
                .map(text -> Duration.ofSeconds(Integer.parseInt(text)))
                .orElse(Duration.ZERO);
        ApiStatus status = ApiStatus.NONE;
        try (BodyStream body = response.body()) {
            status = ApiStatus.read(body.readNBytes(MAX_ERROR));
        } catch (IOException | KubeException e) {
            // The status code says enough; a proxy in between need not speak Kubernetes.
            status = new ApiStatus(response.statusCode(), "", "");
        }
        return new KubeApiException(
                call.toString(), response.statusCode(), status.reason(), status.message(), retryAfter);
    }

    private static byte[] bounded(String path, BodyStream body) throws IOException, KubeFormatException {
        byte[] bytes = body.readNBytes(MAX_DOCUMENT + 1);
        if (bytes.length > MAX_DOCUMENT) {
            throw new KubeFormatException("GET " + path + ": longer than " + MAX_DOCUMENT + " bytes", null);
        }
        return bytes;
    }

    /** The JDK's connect failures often have no message. */
    private static String describe(IOException failure) {
        String message = failure.getMessage();
        if (message != null && !message.isBlank()) {
            return message;
        }
        return failure instanceof ConnectException
                ? "connection refused"
                : failure.getClass().getSimpleName();
    }
}
