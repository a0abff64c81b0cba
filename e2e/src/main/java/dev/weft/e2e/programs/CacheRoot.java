package dev.weft.e2e.programs;

import java.nio.file.Path;
import java.util.Map;

/**
 * The folder outside the checkout that keeps what is slow to make, and the labs themselves.
 *
 * @param path absolute
 */
public record CacheRoot(Path path) {
    public CacheRoot {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("cache folder is not absolute: " + path);
        }
    }

    /** {@code $WEFT_CACHE}, else {@code $XDG_CACHE_HOME/weft}, else {@code $HOME/.cache/weft}. */
    public static CacheRoot of(Map<String, String> environment) {
        String own = environment.getOrDefault("WEFT_CACHE", "");
        if (!own.isEmpty()) {
            return new CacheRoot(Path.of(own).toAbsolutePath());
        }
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = xdg.isEmpty()
                ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".cache")
                : Path.of(xdg);
        return new CacheRoot(base.resolve("weft").toAbsolutePath());
    }

    public Path programs() {
        return path.resolve("programs");
    }

    public Path images() {
        return path.resolve("images");
    }

    public Path labs() {
        return path.resolve("labs");
    }
}
