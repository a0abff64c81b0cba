package dev.weft.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApiServerWaitTest {
    @Test
    void an_api_server_that_is_away_is_waited_for() throws InterruptedException {
        assertThat(tries(List.of(away(), new KubernetesClientException("starting", 503, null), away())))
                .isEqualTo(3);
    }

    @Test
    void one_that_answers_is_not() throws InterruptedException {
        assertThat(tries(List.of())).isZero();
    }

    @Test
    void a_refusal_is_an_answer() throws InterruptedException {
        assertThat(tries(List.of(new KubernetesClientException("forbidden", 403, null))))
                .isZero();
    }

    private static KubernetesClientException away() {
        return new KubernetesClientException("no answer", new ConnectException("refused"));
    }

    /** The failures of the first tries; after them there is an answer. */
    private static int tries(List<KubernetesClientException> failures) throws InterruptedException {
        Iterator<KubernetesClientException> next = failures.iterator();
        return new ApiServerWait(
                        () -> {
                            if (next.hasNext()) {
                                throw next.next();
                            }
                            return "v1.37.2";
                        },
                        Duration.ZERO)
                .await();
    }
}
