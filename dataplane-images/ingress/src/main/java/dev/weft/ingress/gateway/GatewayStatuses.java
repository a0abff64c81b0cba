package dev.weft.ingress.gateway;

import dev.weft.ingress.gateway.BoundGateway.BoundSet;
import dev.weft.ingress.gateway.GatewayStatus.Address;
import dev.weft.ingress.gateway.GatewayStatus.OfClass;
import dev.weft.ingress.gateway.GatewayStatus.OfGateway;
import dev.weft.ingress.gateway.GatewayStatus.OfListener;
import dev.weft.ingress.gateway.GatewayStatus.OfListenerSet;
import dev.weft.ingress.gateway.api.GatewayApi;
import dev.weft.ingress.gateway.api.GatewayClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What Gateways, their classes and ListenerSets say of themselves. */
final class GatewayStatuses {
    private GatewayStatuses() {}

    static GatewayStatus of(GatewayClass of, ServiceSettings.Read settings) {
        return new GatewayStatus(
                GatewayApi.GATEWAY_CLASS,
                of.meta(),
                of.status(),
                new OfClass(
                        List.of(settings.problem()
                                .map(p -> p.as("Accepted"))
                                .orElseGet(() -> Condition.yes("Accepted"))),
                        Features.SUPPORTED));
    }

    /** @param service what there is of it */
    static List<GatewayStatus> of(BoundGateway gateway, Optional<GatewayService> service, String namespace) {
        List<GatewayStatus> statuses = new ArrayList<>();
        List<Address> addresses = gateway.isAccepted() ? GatewayAddresses.of(gateway.gateway, service) : List.of();
        long sets = gateway.sets.values().stream().filter(BoundSet::isAccepted).count();
        statuses.add(new GatewayStatus(
                GatewayApi.GATEWAY,
                gateway.gateway.meta(),
                gateway.gateway.status(),
                new OfGateway(
                        addresses,
                        conditions(gateway, addresses, service),
                        listeners(gateway, gateway.own, service),
                        (int) sets,
                        gateway.isAccepted() ? Optional.of(ServicePlan.of(gateway, namespace)) : Optional.empty())));
        for (BoundSet set : gateway.sets.values()) {
            statuses.add(new GatewayStatus(
                    GatewayApi.LISTENER_SET,
                    set.set.meta(),
                    set.set.status(),
                    new OfListenerSet(conditions(gateway, set, service), listeners(gateway, set.listeners, service))));
        }
        return statuses;
    }

    private static boolean isOpen(BoundGateway gateway, BoundListener listener, Optional<GatewayService> service) {
        return gateway.isAccepted()
                && service.flatMap(found -> found.target(listener.protocol.transport(), listener.spec.port()))
                        .isPresent();
    }

    private static List<OfListener> listeners(
            BoundGateway gateway, List<BoundListener> listeners, Optional<GatewayService> service) {
        return listeners.stream()
                .map(listener -> new OfListener(
                        listener.spec.name(),
                        listener.kinds,
                        listener.attachedRoutes(),
                        listener.conditions(isOpen(gateway, listener, service))))
                .toList();
    }

    private static List<Condition> conditions(
            BoundGateway gateway, List<Address> addresses, Optional<GatewayService> service) {
        List<Condition> conditions = new ArrayList<>();
        conditions.add(accepted(gateway));
        conditions.add(programmed(gateway, addresses, service));
        conditions.add(gateway.unresolved
                .or(() -> gateway.own.stream().allMatch(BoundListener::isResolved)
                        ? Optional.empty()
                        : Optional.of(new Problem("ListenersNotResolved", "see the conditions of listeners")))
                .map(p -> p.as("ResolvedRefs"))
                .orElseGet(() -> Condition.yes("ResolvedRefs")));
        if (gateway.insecureClients) {
            conditions.add(new Condition(
                    "InsecureFrontendValidationMode",
                    true,
                    "ConfigurationChanged",
                    "AllowInsecureFallback lets clients in whose certificate is missing or not valid"));
        }
        return conditions;
    }

    private static Condition accepted(BoundGateway gateway) {
        if (gateway.refused.isPresent()) {
            return gateway.refused.get().as("Accepted");
        }
        long good = gateway.own.stream().filter(BoundListener::isAccepted).count();
        return good == gateway.own.size() && good > 0
                ? Condition.yes("Accepted")
                : new Condition("Accepted", good > 0, "ListenersNotValid", "see the conditions of listeners");
    }

    private static Condition programmed(
            BoundGateway gateway, List<Address> addresses, Optional<GatewayService> service) {
        if (!gateway.isAccepted()) {
            return Condition.no("Programmed", "Invalid", "the Gateway is not accepted");
        }
        if (gateway.listeners().noneMatch(BoundListener::isUsable)) {
            return Condition.no("Programmed", "Invalid", "no listener can be served");
        }
        Optional<Problem> missing = GatewayAddresses.missing(gateway.gateway, addresses);
        if (missing.isPresent()) {
            return missing.get().as("Programmed");
        }
        if (addresses.isEmpty()) {
            return Condition.no("Programmed", "AddressNotAssigned", "the Gateway's Service has no address yet");
        }
        return gateway.listeners()
                        .filter(BoundListener::isUsable)
                        .allMatch(listener -> isOpen(gateway, listener, service))
                ? Condition.yes("Programmed")
                : Condition.no("Programmed", "Pending", "ports are being opened");
    }

    private static List<Condition> conditions(BoundGateway gateway, BoundSet set, Optional<GatewayService> service) {
        if (set.refused.isPresent()) {
            Problem why = set.refused.get();
            return List.of(why.as("Accepted"), why.as("Programmed"));
        }
        Problem invalid = new Problem("ListenersNotValid", "see the conditions of listeners");
        if (!set.isAccepted()) {
            return List.of(invalid.as("Accepted"), invalid.as("Programmed"));
        }
        boolean all = set.listeners.stream().allMatch(BoundListener::isUsable);
        boolean open = set.listeners.stream()
                .filter(BoundListener::isUsable)
                .allMatch(listener -> isOpen(gateway, listener, service));
        return List.of(
                all ? Condition.yes("Accepted") : new Condition("Accepted", true, invalid.reason(), invalid.message()),
                open ? Condition.yes("Programmed") : Condition.no("Programmed", "Pending", "ports are being opened"));
    }
}
