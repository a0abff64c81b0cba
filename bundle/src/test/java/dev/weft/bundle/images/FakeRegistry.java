package dev.weft.bundle.images;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** As much of the OCI distribution protocol as a push uses, in memory, on loopback, with a certificate of its own. */
final class FakeRegistry implements AutoCloseable {
    private static final String PASSWORD = "changeit";

    private final HttpsServer server;
    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, byte[]> uploads = new ConcurrentHashMap<>();

    FakeRegistry(Path folder) throws IOException, GeneralSecurityException, ImageBuildException, InterruptedException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder)));
        server.createContext("/v2/", this::answer);
        server.start();
    }

    private static SSLContext selfSigned(Path folder)
            throws IOException, GeneralSecurityException, ImageBuildException, InterruptedException {
        Path store = folder.resolve("registry.p12");
        Programs.run(
                folder,
                Map.of(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "registry",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString()));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** Host and port, as an image reference begins. */
    String name() {
        return "localhost:" + server.getAddress().getPort();
    }

    /** Manifests by name and tag or digest, {@code weft/weft-node:0.1.0}. */
    Map<String, byte[]> manifests() {
        return new TreeMap<>(manifests);
    }

    /** Layers and configurations by digest. */
    Map<String, byte[]> blobs() {
        return new TreeMap<>(blobs);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/v2/".length());
        byte[] body = exchange.getRequestBody().readAllBytes();
        switch (exchange.getRequestMethod()) {
            case "HEAD" -> reply(exchange, blobs.containsKey(last(path)) ? 200 : 404);
            case "POST" -> {
                String upload = "upload-" + uploads.size();
                uploads.put(upload, new byte[0]);
                exchange.getResponseHeaders().add("Location", "/v2/" + path + upload);
                reply(exchange, 202);
            }
            case "PATCH" -> {
                uploads.put(last(path), body);
                exchange.getResponseHeaders().add("Location", "/v2/" + path);
                reply(exchange, 202);
            }
            case "PUT" -> {
                if (path.contains("/manifests/")) {
                    manifests.put(path.replace("/manifests/", ":"), body);
                } else {
                    String query = exchange.getRequestURI().getQuery();
                    blobs.put(query.substring("digest=".length()), uploads.getOrDefault(last(path), body));
                }
                reply(exchange, 201);
            }
            default -> reply(exchange, path.isEmpty() ? 200 : 404);
        }
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void reply(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
