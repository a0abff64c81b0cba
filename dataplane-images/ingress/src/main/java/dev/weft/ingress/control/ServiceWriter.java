package dev.weft.ingress.control;

import dev.weft.agent.Log;
import dev.weft.agent.TimeSource;
import dev.weft.ingress.gateway.GatewayService;
import dev.weft.ingress.gateway.ServicePlan;
import dev.weft.kube.KubeApiException;
import dev.weft.kube.KubeClient;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Carries out what {@link ServiceWrite} finds. */
final class ServiceWriter {
    private static final Log LOG = Log.of("control");
    private static final String MANAGER = "weft-ingress";

    /** What was refused may be had later, such as an address that somebody else has now. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    /** @param at when it was refused, of {@link TimeSource#nanos} */
    private record Refused(ServiceWrite write, long at) {}

    private final KubeClient client;
    private final Set<Integer> reserved;
    private final String domain;
    private final TimeSource time;
    private final Map<ObjectKey, Refused> refused = new ConcurrentHashMap<>();
    private final Map<ObjectKey, ServiceWrite> written = new ConcurrentHashMap<>();
    private Map<ObjectKey, GatewayService> before = Map.of();

    ServiceWriter(KubeClient client, Set<Integer> reserved, String domain, TimeSource time) {
        this.client = client;
        this.reserved = Set.copyOf(reserved);
        this.domain = domain;
        this.time = time;
    }

    /** What is to be done now; what was done is not done again before the watch tells of the Service. */
    List<Control.Work> works(List<ServicePlan> plans, Map<ObjectKey, GatewayService> services) {
        written.keySet()
                .removeIf(key -> !Optional.ofNullable(before.get(key)).equals(Optional.ofNullable(services.get(key))));
        before = services;
        List<Control.Work> works = new ArrayList<>();
        for (ServiceWrite write : ServiceWrite.of(plans, services, reserved, domain)) {
            Refused refusal = refused.get(write.key());
            boolean waits = refusal != null
                    && refusal.write().equals(write)
                    && time.since(refusal.at()).compareTo(AGAIN) < 0;
            if (!waits && !write.equals(written.get(write.key()))) {
                works.add(() -> carryOut(write));
            }
        }
        return works;
    }

    private void carryOut(ServiceWrite write) throws KubeException {
        written.put(write.key(), write);
        try {
            switch (write) {
                case ServiceWrite.Apply(ObjectKey key, Map<String, Object> json) -> apply(key, json);
                case ServiceWrite.Replace replace -> replace(replace);
                case ServiceWrite.Alias(ObjectKey key, Map<String, Object> json) -> alias(key, json);
                case ServiceWrite.Delete(ObjectKey key) -> delete(key);
            }
            refused.remove(write.key());
        } catch (KubeApiException e) {
            written.remove(write.key());
            if (e.isTransient() || e.isAuthentication()) {
                throw e;
            }
            refused.put(write.key(), new Refused(write, time.nanos()));
            LOG.warn("the Service of a Gateway was refused", e, "service", write.key());
        } catch (KubeException e) {
            written.remove(write.key());
            throw e;
        }
    }

    private void apply(ObjectKey key, Map<String, Object> json) throws KubeException {
        client.apply(path(key), MANAGER, JsonText.of(json));
        LOG.info("applied", "service", key);
    }

    /** Asks first: a Service whose other address cannot be had goes on with the one that it has. */
    private void replace(ServiceWrite.Replace replace) throws KubeException {
        String collection = "/api/v1/namespaces/" + replace.key().namespace() + "/services";
        client.create(collection + "?dryRun=All", JsonText.of(replace.trial()));
        delete(replace.key());
        apply(replace.key(), replace.json());
    }

    private void alias(ObjectKey key, Map<String, Object> json) throws KubeException {
        try {
            String found = new String(client.get(path(key)), StandardCharsets.UTF_8);
            if (!found.contains('"' + GatewayService.LABEL + '"')) {
                refused.put(key, new Refused(new ServiceWrite.Alias(key, json), time.nanos()));
                LOG.warn("a Service has the name that the alias of a Gateway would have", "service", key);
                return;
            }
        } catch (KubeApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
        apply(key, json);
    }

    private void delete(ObjectKey key) throws KubeException {
        try {
            client.delete(path(key));
            LOG.info("deleted", "service", key);
        } catch (KubeApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    private static String path(ObjectKey key) {
        return "/api/v1/namespaces/" + key.namespace() + "/services/" + key.name();
    }
}
