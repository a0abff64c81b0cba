package dev.weft.ingress.gateway;

import dev.weft.ingress.compile.Status;
import dev.weft.ingress.gateway.api.GatewayApi;
import dev.weft.ingress.gateway.api.Meta;
import dev.weft.ingress.gateway.api.ParentRef;
import dev.weft.kube.ObjectReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an object of Gateway API should say of itself.
 *
 * @param meta of the state that it was made of
 * @param current status of that state
 */
public record GatewayStatus(GatewayApi.Resource<?> resource, Meta meta, Map<String, Object> current, Content content)
        implements Status {
    public GatewayStatus {
        current = Map.copyOf(current);
    }

    /** By kind. */
    public sealed interface Content {}

    /** Of a GatewayClass. */
    public record OfClass(List<Condition> conditions, List<String> features) implements Content {}

    /**
     * Of a Gateway.
     *
     * @param sets ListenerSets that joined
     * @param service that the Gateway needs; empty if it is not served
     */
    public record OfGateway(
            List<Address> addresses,
            List<Condition> conditions,
            List<OfListener> listeners,
            int sets,
            Optional<ServicePlan> service)
            implements Content {}

    /** Of a ListenerSet. */
    public record OfListenerSet(List<Condition> conditions, List<OfListener> listeners) implements Content {}

    /**
     * Of a route or a policy, whose status has a part of each controller.
     *
     * @param parents none if it is no longer ours
     */
    public record OfParents(List<OfParent> parents) implements Content {}

    /** @param ref as the route has it */
    public record OfParent(ParentRef ref, List<Condition> conditions) {}

    /** @param type {@code IPAddress} or {@code Hostname} */
    public record Address(String type, String value) {}

    /** @param kinds of routes that may attach */
    public record OfListener(String name, List<String> kinds, int attachedRoutes, List<Condition> conditions) {}

    @Override
    public ObjectReference object() {
        return new ObjectReference(
                GatewayApi.GROUP + "/" + resource.versions().getFirst(),
                resource.name(),
                meta.namespace(),
                meta.name(),
                meta.uid());
    }
}
