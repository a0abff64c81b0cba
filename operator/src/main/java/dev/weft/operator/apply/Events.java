package dev.weft.operator.apply;

import dev.weft.api.ClusterNetwork;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.jboss.logging.Logger;

/** Events about the ClusterNetwork, for {@code kubectl describe}. Losing one is no reason to fail. */
public final class Events {
    private static final Logger LOG = Logger.getLogger(Events.class);

    /** Where Kubernetes keeps events of objects without a namespace. */
    private static final String EVENTS_NAMESPACE = "default";

    private static final int MESSAGE_LIMIT = 1000;

    private final KubernetesClient client;
    private final Clock clock;

    public Events(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    public void normal(String reason, String message) {
        emit("Normal", reason, message);
    }

    public void warning(String reason, String message) {
        emit("Warning", reason, message);
    }

    private void emit(String type, String reason, String message) {
        LOG.infof("%s: %s", reason, message);
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        Event event = new EventBuilder()
                .withNewMetadata()
                .withGenerateName(ClusterNetwork.NAME + ".")
                .withNamespace(EVENTS_NAMESPACE)
                .endMetadata()
                .withType(type)
                .withReason(reason)
                .withMessage(message.length() <= MESSAGE_LIMIT ? message : message.substring(0, MESSAGE_LIMIT))
                .withNewInvolvedObject()
                .withApiVersion("weft.dev/v1alpha1")
                .withKind("ClusterNetwork")
                .withName(ClusterNetwork.NAME)
                .endInvolvedObject()
                .withNewSource(Names.FIELD_MANAGER, null)
                .withReportingComponent(Names.FIELD_MANAGER)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .build();
        try {
            client.v1().events().inNamespace(EVENTS_NAMESPACE).resource(event).create();
        } catch (KubernetesClientException e) {
            LOG.warnf("event %s not written: %s", reason, e.getMessage());
        }
    }
}
