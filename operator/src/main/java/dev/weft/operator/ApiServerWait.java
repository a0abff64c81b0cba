package dev.weft.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * An operator that starts while the API server is away waits for it, before anything else begins: if it ended instead, the
 * kubelet would start it again later and later, and nobody would lead for minutes after the API server's return.
 */
@Singleton
final class ApiServerWait {
    private static final Logger LOG = Logger.getLogger(ApiServerWait.class);

    /** Before all other observers. */
    private static final int FIRST = 1;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int TRIES_PER_LINE = 15;

    private final Probe probe;
    private final Duration pause;

    ApiServerWait(KubernetesClient client) {
        this(client::getKubernetesVersion, PAUSE);
    }

    /** @param pause between two tries */
    ApiServerWait(Probe probe, Duration pause) {
        this.probe = probe;
        this.pause = pause;
    }

    /** Asks the API server something that everybody may ask. */
    @FunctionalInterface
    interface Probe {
        /** Throws {@link KubernetesClientException} if there is no answer, or another one than was asked for. */
        Object ask();
    }

    void start(@Observes @Priority(FIRST) StartupEvent event) throws InterruptedException {
        await();
    }

    /** Returns how many tries were in vain. */
    int await() throws InterruptedException {
        for (int tries = 0; ; tries++) {
            try {
                probe.ask();
                return tries;
            } catch (KubernetesClientException e) {
                if (answered(e)) {
                    return tries;
                }
                if (tries % TRIES_PER_LINE == 0) {
                    LOG.warnf("waits for the API server: %s", reason(e));
                }
            }
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        }
    }

    /** A refusal is an answer, and what is wrong will be told by who needs the right. */
    private static boolean answered(KubernetesClientException e) {
        return e.getCode() >= HttpURLConnection.HTTP_BAD_REQUEST && e.getCode() < HttpURLConnection.HTTP_INTERNAL_ERROR;
    }

    private static String reason(Throwable e) {
        return e.getCause() == null ? String.valueOf(e.getMessage()) : reason(e.getCause());
    }
}
