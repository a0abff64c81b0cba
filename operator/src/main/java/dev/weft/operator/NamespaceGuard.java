package dev.weft.operator;

import dev.weft.api.ClusterNetwork;
import dev.weft.operator.apply.IngressInCluster;
import dev.weft.operator.apply.KubeDnsService;
import dev.weft.operator.apply.ServersInCluster;
import dev.weft.operator.dns.DnsObjects;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.processing.Controller;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes care of someone deleting the operator's own namespace first. No clean-up can be started in a namespace that is
 * going away, and once the operator is gone nobody would ever take its finalizer off the ClusterNetwork: so it does that
 * the moment the namespace starts to go. Node agents see the same and clean their nodes themselves. A DNS Service that was
 * taken over is handed back at the same time, and Weft's DNS servers and ingress proxies go: agents wait for them before they take away what
 * unlinks a pod from its network.
 */
@Singleton
public final class NamespaceGuard {
    private static final Logger LOG = Logger.getLogger(NamespaceGuard.class);
    private static final int LIMIT_SECONDS = 5;
    private static final int ATTEMPTS = 20;
    /** What ingress proxies have for their clients: agents wait for their pods, but not for long. */
    private static final long INGRESS_SECONDS = 5;

    private static final String FINALIZER = "weft.dev/cleanup";

    private final KubernetesClient client;
    private final Operator operator;
    private final KubeDnsService kubeDns;
    private final ServersInCluster dnsServers;
    private final IngressInCluster ingress;
    private final AtomicBoolean done = new AtomicBoolean();
    private @Nullable SharedIndexInformer<Namespace> informer;

    NamespaceGuard(KubernetesClient client, Operator operator) {
        this.client = client;
        this.operator = operator;
        this.kubeDns = new KubeDnsService(client);
        this.dnsServers = new ServersInCluster(client, DnsObjects.KIND);
        this.ingress = new IngressInCluster(client);
    }

    void start(@Observes StartupEvent event) {
        informer = client.namespaces().withName(Names.NAMESPACE).inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Namespace namespace) {
                look(namespace);
            }

            @Override
            public void onUpdate(Namespace before, Namespace namespace) {
                look(namespace);
            }

            @Override
            public void onDelete(Namespace namespace, boolean finalStateUnknown) {
                look(namespace);
            }
        });
    }

    /** The watch may have missed it: the last chance is the end of this very process. */
    void stop(@Observes ShutdownEvent event) {
        if (informer != null) {
            informer.close();
        }
        try {
            Namespace namespace = client.namespaces().withName(Names.NAMESPACE).get();
            if (namespace != null && namespace.getMetadata().getDeletionTimestamp() != null) {
                letGo();
            }
        } catch (KubernetesClientException e) {
            LOG.debugf("namespace not read while stopping: %s", e.getMessage());
        }
    }

    private void look(Namespace namespace) {
        if (namespace.getMetadata().getDeletionTimestamp() == null || !done.compareAndSet(false, true)) {
            return;
        }
        LOG.warnf("namespace %s is being deleted: the finalizer goes, agents clean their nodes", Names.NAMESPACE);
        Thread release = Thread.ofVirtual().name("release").start(this::release);
        try {
            release.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The reconciler would put the finalizer back a moment later, and soon afterwards the operator's account is gone too:
     * so it is halted first. Stopping the operator ends the process when this one leads, so all is done before it, and
     * once more on the way out.
     */
    private void release() {
        haltReconciler();
        letGo();
        operator.stop();
        letGo();
    }

    private void haltReconciler() {
        for (RegisteredController<?> registered : operator.getRegisteredControllers()) {
            if (registered instanceof Controller<?> controller) {
                controller.getEventProcessor().stop();
            }
        }
    }

    private void letGo() {
        removeFinalizer();
        try {
            kubeDns.handBack();
            kubeDns.letGo();
        } catch (KubernetesClientException e) {
            LOG.warnf("Service %s not handed back: %s", Names.DNS_SERVICE, e.getMessage());
        }
        try {
            dnsServers.objects().forEach(object -> client.resource(object).delete());
        } catch (KubernetesClientException e) {
            LOG.warnf("DNS servers not removed: %s", e.getMessage());
        }
        try {
            ingress.objects().forEach(object -> client.resource(object).delete());
            ingress.endPods(INGRESS_SECONDS);
        } catch (KubernetesClientException e) {
            LOG.warnf("ingress proxies not removed: %s", e.getMessage());
        }
    }

    /** Others, the reconciler among them, may write the object at the same time: a conflict is tried again. */
    private void removeFinalizer() {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                editFinalizers();
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == ATTEMPTS) {
                    LOG.warnf("finalizer not removed: %s", e.getMessage());
                    return;
                }
            }
        }
    }

    private void editFinalizers() {
        ClusterNetwork network = client.resources(ClusterNetwork.class)
                .withName(ClusterNetwork.NAME)
                .get();
        if (network != null && network.getMetadata().getFinalizers().contains(FINALIZER)) {
            client.resources(ClusterNetwork.class).withName(ClusterNetwork.NAME).edit(current -> {
                current.getMetadata().getFinalizers().remove(FINALIZER);
                return current;
            });
        }
    }
}
