package dev.weft.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.agent.Metrics;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.References;
import dev.weft.kube.KubeClient;
import dev.weft.kube.KubeConfig;
import dev.weft.kube.ObjectKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterFeedTest {
    private static final ObjectKey SECRET = new ObjectKey("shop", "cert");

    @Test
    void what_came_after_a_cluster_was_made_is_not_said_to_be_in_it() throws IOException {
        try (FakeApi api = new FakeApi();
                KubeClient client = new KubeClient(KubeConfig.anonymous(List.of(api.uri())));
                ClusterFeed feed = new ClusterFeed(client, Optional.empty(), new Metrics(), what -> {})) {
            api.put(FakeApi.SECRETS, SECRET.name(), "\"type\":\"Opaque\",\"data\":{}");
            feed.cluster();
            feed.watch(false);
            await().until(() -> feed.readiness().ok());
            assertThat(feed.isKnown()).isFalse();
            assertThat(feed.missing()).contains("Ingress", "Service");
            feed.cluster();
            assertThat(feed.isKnown()).isTrue();
            assertThat(feed.missing()).isEmpty();

            feed.want(new References(Set.of(SECRET), Set.of(), Set.of()));
            assertThat(feed.unknownObjects()).hasSize(1);
            await().until(() -> api.asked().contains(FakeApi.SECRETS + "/" + SECRET.name()));
            assertThat(feed.unknownObjects()).hasSize(1);
            await().until(() -> feed.cluster().all(Kinds.SECRETS).containsKey(SECRET));
            assertThat(feed.unknownObjects()).isEmpty();
        }
    }
}
