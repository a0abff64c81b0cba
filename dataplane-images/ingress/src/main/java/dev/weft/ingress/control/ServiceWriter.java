package dev.weft.ingress.control;

import dev.weft.agent.Log;
import dev.weft.ingress.gateway.GatewayService;
import dev.weft.ingress.gateway.ServicePlan;
import dev.weft.kube.KubeApiException;
import dev.weft.kube.KubeClient;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Carries out what {@link ServiceWrite} finds. */
final class ServiceWriter {
    private static final Log LOG = Log.of("control");
    private static final String MANAGER = "weft-ingress";

    private final KubeClient client;
    private final Set<Integer> reserved;
    private final String domain;
    private final Map<ObjectKey, ServiceWrite> written = new ConcurrentHashMap<>();
    private Map<ObjectKey, GatewayService> before = Map.of();

    ServiceWriter(KubeClient client, Set<Integer> reserved, String domain) {
        this.client = client;
        this.reserved = Set.copyOf(reserved);
        this.domain = domain;
    }

    /** What is to be done now; what was done is not done again before the watch tells of the Service. */
    List<ServiceWrite> works(List<ServicePlan> plans, Map<ObjectKey, GatewayService> services) {
        written.keySet()
                .removeIf(key -> !Optional.ofNullable(before.get(key)).equals(Optional.ofNullable(services.get(key))));
        before = services;
        return ServiceWrite.of(plans, services, reserved, domain).stream()
                .filter(write -> !write.equals(written.get(write.key())))
                .toList();
    }

    /** Does it, and blocks for that. */
    Writes.Outcome carryOut(ServiceWrite write) throws KubeException {
        try {
            Writes.Outcome outcome = switch (write) {
                case ServiceWrite.Apply(ObjectKey key, Map<String, Object> json) -> apply(key, json);
                case ServiceWrite.Replace replace -> replace(replace);
                case ServiceWrite.Alias(ObjectKey key, Map<String, Object> json) -> alias(key, json);
                case ServiceWrite.Delete(ObjectKey key) -> delete(key);
            };
            if (outcome == Writes.Outcome.DONE) {
                written.put(write.key(), write);
            }
            return outcome;
        } catch (KubeApiException e) {
            if (e.isTransient() || e.isAuthentication()) {
                throw e;
            }
            LOG.warn("the Service of a Gateway was refused", e, "service", write.key());
            return Writes.Outcome.REFUSED;
        }
    }

    private Writes.Outcome apply(ObjectKey key, Map<String, Object> json) throws KubeException {
        client.apply(path(key), MANAGER, JsonText.of(json));
        LOG.info("applied", "service", key);
        return Writes.Outcome.DONE;
    }

    /** Asks first: a Service whose other address cannot be had goes on with the one that it has. */
    private Writes.Outcome replace(ServiceWrite.Replace replace) throws KubeException {
        String collection = "/api/v1/namespaces/" + replace.key().namespace() + "/services";
        client.create(collection + "?dryRun=All", JsonText.of(replace.trial()));
        delete(replace.key());
        return apply(replace.key(), replace.json());
    }

    private Writes.Outcome alias(ObjectKey key, Map<String, Object> json) throws KubeException {
        try {
            String found = new String(client.get(path(key)), StandardCharsets.UTF_8);
            if (!found.contains('"' + GatewayService.LABEL + '"')) {
                LOG.warn("a Service has the name that the alias of a Gateway would have", "service", key);
                return Writes.Outcome.REFUSED;
            }
        } catch (KubeApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
        return apply(key, json);
    }

    private Writes.Outcome delete(ObjectKey key) throws KubeException {
        try {
            client.delete(path(key));
            LOG.info("deleted", "service", key);
        } catch (KubeApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
        return Writes.Outcome.DONE;
    }

    private static String path(ObjectKey key) {
        return "/api/v1/namespaces/" + key.namespace() + "/services/" + key.name();
    }
}
