package dev.weft.kube;

import dev.weft.agent.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A bearer token in a file that the kubelet renews at 80 % of its life (an hour or more). Read at most every 30 s, and at
 * once after the server refused it.
 */
final class TokenFile {
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final Path file;
    private final TimeSource time;
    private @Nullable String token;
    private long readAt;

    TokenFile(Path file, TimeSource time) {
        this.file = file;
        this.time = time;
    }

    /**
     * The token. While the file cannot be read the last one goes on being used.
     *
     * @throws IOException if the file could never be read, or is empty or not a token
     */
    synchronized String get() throws IOException {
        String known = token;
        if (known != null && time.since(readAt).compareTo(FRESH) < 0) {
            return known;
        }
        try {
            String read = Files.readString(file).strip();
            // A header value of other characters would be refused with a message that quotes it.
            if (read.isEmpty() || !read.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new IOException("token file " + file + " is empty or holds no token");
            }
            token = read;
            readAt = time.nanos();
            return read;
        } catch (IOException e) {
            if (known != null) {
                return known;
            }
            throw e;
        }
    }

    /** Makes the next {@link #get()} read the file. */
    synchronized void refused() {
        readAt = time.nanos() - FRESH.toNanos();
    }
}
