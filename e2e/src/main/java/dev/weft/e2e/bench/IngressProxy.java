package dev.weft.e2e.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A proxy that is measured, and how one who knows it well sets it up as a reverse proxy on one core without an access log. */
sealed interface IngressProxy permits WeftProxy, WeftInCluster, NginxProxy, HaproxyProxy, CaddyProxy {
    /** As it is reported. */
    String name();

    /** The port of HTTP, on 127.0.0.1; that of HTTPS is the next one. */
    int port();

    /**
     * What it reads.
     *
     * @param folder where the files will be, beside {@code tls.crt}, {@code tls.key} and, with both, {@code tls.pem}
     * @return contents by name
     */
    Map<String, String> files(IngressRoutes routes, Path folder);

    /** Runs it in the foreground. */
    List<String> command(Path folder);

    /**
     * How the changed route is changed.
     *
     * @param pid of the process of {@link #command}
     */
    Change change(Path folder, long pid);
}
