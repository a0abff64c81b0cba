package dev.weft.operator.agents;

import dev.weft.config.ConfigFormatException;
import dev.weft.config.ConfigJson;
import dev.weft.config.DnsStatus;
import dev.weft.config.DnsStatusJson;
import dev.weft.config.IngressStatus;
import dev.weft.config.IngressStatusJson;
import dev.weft.config.NodeStatus;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Over HTTP, as agents serve it on their node's addresses, and DNS servers on their pod's. */
public final class HttpAgentClient implements AgentClient, AutoCloseable {
    private static final int PORT = 9470;

    /** Where DNS servers, as CoreDNS, have their metrics. */
    private static final int DNS_PORT = 9153;

    private static final int INGRESS_PORT = 9474;

    /** kube-proxy's {@code --healthz-bind-address}. */
    private static final int KUBE_PROXY_PORT = 10256;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(4);

    /** A status is a few kB; whoever answers with more is no agent. */
    private static final long BODY_LIMIT = 256 * 1024;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    @Override
    public NodeStatus status(Ip address) throws AgentSilentException {
        return get(uri(address, PORT, "/status"), ConfigJson::readStatus);
    }

    /** Of a DNS server. */
    public DnsStatus dnsStatus(Ip address) throws AgentSilentException {
        return get(uri(address, DNS_PORT, "/status"), DnsStatusJson::read);
    }

    /** Of an ingress proxy. */
    public IngressStatus ingressStatus(Ip address) throws AgentSilentException {
        return get(uri(address, INGRESS_PORT, "/status"), IngressStatusJson::read);
    }

    /** @param parser throws {@link ConfigFormatException} */
    private <T> T get(URI uri, Function<String, T> parser) throws AgentSilentException {
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(REQUEST_TIMEOUT).GET().build();
        try {
            HttpResponse<byte[]> response = http.send(
                    request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), BODY_LIMIT));
            if (response.statusCode() != HttpURLConnection.HTTP_OK) {
                throw new AgentSilentException(uri + " answers " + response.statusCode());
            }
            return parser.apply(new String(response.body(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AgentSilentException(uri + ": " + reason(e), e);
        } catch (ConfigFormatException e) {
            throw new AgentSilentException(uri + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentSilentException(uri + ": interrupted", e);
        }
    }

    /** Whatever it answers with: it says 503 while it is not well. */
    @Override
    public boolean kubeProxyAnswers(Ip address) {
        HttpRequest request = HttpRequest.newBuilder(uri(address, KUBE_PROXY_PORT, "/healthz"))
                .timeout(CONNECT_TIMEOUT)
                .GET()
                .build();
        try {
            http.send(request, HttpResponse.BodyHandlers.discarding());
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static URI uri(Ip address, int port, String path) {
        String host = address.family() == Family.IPV6 ? "[" + address + "]" : address.toString();
        return URI.create("http://" + host + ":" + port + path);
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
