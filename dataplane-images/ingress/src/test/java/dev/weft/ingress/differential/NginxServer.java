package dev.weft.ingress.differential;

import dev.weft.ingress.route.Certificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A real nginx (Debian's nginx-light and libnginx-mod-stream) in a folder of its own, one process in the foreground. */
final class NginxServer implements AutoCloseable {
    private static final String PROGRAM = "nginx";

    private final Path folder;
    private final Process process;

    /**
     * @param files that the configuration names, by their names
     * @throws IOException if there is no nginx or it does not take the configuration
     */
    NginxServer(Path folder, String configuration, Map<String, String> files, int http) throws IOException {
        this.folder = folder;
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
        Files.writeString(folder.resolve("nginx.conf"), configuration);
        try {
            process = new ProcessBuilder(PROGRAM, "-p", folder.toString(), "-c", "nginx.conf", "-e", "error.log")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output").toFile())
                    .start();
        } catch (IOException e) {
            throw new IOException(
                    "nginx is compared with and cannot be started: apt-get install nginx-light libnginx-mod-stream", e);
        }
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> isReady(http));
    }

    private boolean isReady(int port) throws IOException {
        if (!process.isAlive()) {
            throw new IOException("nginx ended: " + Files.readString(folder.resolve("output"))
                    + Files.readString(folder.resolve("error.log")));
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Files of a certificate and its key. */
    static Map<String, String> files(String name, Certificate certificate) {
        return Map.of(name + ".pem", certificate.chain(), name + ".key", certificate.key());
    }

    /** Lines of the access log; all of them once it is closed. */
    int logged() throws IOException {
        return Files.readString(folder.resolve("access.log"), StandardCharsets.ISO_8859_1)
                .lines()
                .toList()
                .size();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
