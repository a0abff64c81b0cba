package dev.weft.ingress.gateway;

import dev.weft.ingress.gateway.GatewayStatus.OfParent;
import dev.weft.ingress.gateway.GatewayStatus.OfParents;
import dev.weft.ingress.gateway.api.BackendTlsPolicy;
import dev.weft.ingress.gateway.api.GatewayApi;
import dev.weft.ingress.gateway.api.Meta;
import dev.weft.ingress.gateway.api.ParentRef;
import dev.weft.ingress.route.UpstreamTls;
import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** BackendTLSPolicies: which one counts for a port of a Service, and what they say of themselves. */
final class TlsPolicies {
    /**
     * What a policy is for.
     *
     * @param section name of a port; empty for all
     */
    private record Target(ObjectKey service, String section) {}

    /**
     * A policy that counts.
     *
     * @param tls without what the proxy shows of itself
     * @param broken whether it cannot be followed: then nothing is sent to the backend, rather than in the clear
     */
    record Applied(Optional<UpstreamTls> tls, boolean broken) {}

    /**
     * What counts for a Service.
     *
     * @param bySection by name of port; that of no name is for all ports
     */
    record OfService(Map<String, Applied> bySection) {
        OfService {
            bySection = Map.copyOf(bySection);
        }

        /** That of a port's name comes before that of the whole Service. */
        Optional<Applied> find(String portName) {
            return Optional.ofNullable(bySection.get(portName)).or(() -> Optional.ofNullable(bySection.get("")));
        }
    }

    /** What a policy says of its references. */
    private record Checked(String authorities, Optional<Problem> refused, Optional<Problem> unresolved) {}

    /** A status has no room for more (PolicyStatus). */
    private static final int MOST_ANCESTORS = 16;

    static final TlsPolicies NONE = new TlsPolicies();

    private final List<BackendTlsPolicy> policies;
    private final Map<Target, BackendTlsPolicy> chosen = new HashMap<>();
    private final Map<ObjectKey, Checked> checked = new HashMap<>();
    private final Map<ObjectKey, OfService> services;
    private final Map<ObjectKey, Set<ObjectKey>> users = new HashMap<>();

    TlsPolicies(Collection<BackendTlsPolicy> all, Trust trust) {
        policies = all.stream()
                .sorted(Comparator.comparing(BackendTlsPolicy::meta, Meta.OLDEST_FIRST))
                .toList();
        for (BackendTlsPolicy policy : policies) {
            checked.put(policy.meta().key(), check(policy, trust));
            targets(policy).forEach(target -> chosen.putIfAbsent(target, policy));
        }
        Map<ObjectKey, Map<String, Applied>> found = new HashMap<>();
        chosen.forEach((target, policy) ->
                found.computeIfAbsent(target.service(), key -> new HashMap<>()).put(target.section(), applied(policy)));
        services = found.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> new OfService(entry.getValue())));
    }

    /** None at all. */
    private TlsPolicies() {
        policies = List.of();
        services = Map.of();
    }

    private static Stream<Target> targets(BackendTlsPolicy policy) {
        return policy.targets().stream()
                .filter(target -> target.group().isEmpty()
                        && target.kind().equals("Service")
                        && !target.name().isEmpty())
                .map(target ->
                        new Target(new ObjectKey(policy.meta().namespace(), target.name()), target.sectionName()));
    }

    private static Checked check(BackendTlsPolicy policy, Trust trust) {
        if (policy.authorities().isEmpty()) {
            boolean system = policy.wellKnown().equals("System");
            return new Checked(
                    "",
                    system
                            ? Optional.empty()
                            : Optional.of(new Problem(
                                    "Invalid",
                                    "wellKnownCACertificates '" + policy.wellKnown() + "' is not supported")),
                    Optional.empty());
        }
        Trust.Authorities found = trust.authorities(
                policy.authorities(),
                "BackendTLSPolicy",
                policy.meta().namespace(),
                "InvalidCACertificateRef",
                "InvalidKind");
        Optional<Problem> refused = found.pem().isEmpty()
                ? found.problem().map(problem -> new Problem("NoValidCACertificate", problem.message()))
                : Optional.empty();
        return new Checked(found.pem(), refused, found.problem());
    }

    private Applied applied(BackendTlsPolicy policy) {
        Checked state = checked.get(policy.meta().key());
        if (state == null || state.refused().isPresent()) {
            return new Applied(Optional.empty(), true);
        }
        return new Applied(
                Optional.of(new UpstreamTls(
                        policy.hostname(), true, state.authorities(), policy.subjectAltNames(), Optional.empty())),
                false);
    }

    /** What counts for Services that policies are for. */
    Map<ObjectKey, OfService> services() {
        return services;
    }

    /** A route at this Gateway leads to a Service that policies are for. */
    void use(ObjectKey service, ObjectKey gateway) {
        users.computeIfAbsent(service, key -> new TreeSet<>()).add(gateway);
    }

    /** Once all uses are known: for each Gateway that leads to what a policy is for. */
    List<GatewayStatus> statuses() {
        List<GatewayStatus> statuses = new ArrayList<>();
        for (BackendTlsPolicy policy : policies) {
            Set<ObjectKey> gateways = new TreeSet<>();
            targets(policy).forEach(target -> gateways.addAll(users.getOrDefault(target.service(), Set.of())));
            List<Condition> conditions = conditions(policy);
            statuses.add(new GatewayStatus(
                    GatewayApi.BACKEND_TLS_POLICY,
                    policy.meta(),
                    policy.status(),
                    new OfParents(gateways.stream()
                            .limit(MOST_ANCESTORS)
                            .map(gateway -> new OfParent(
                                    new ParentRef(
                                            GatewayApi.GROUP, "Gateway", gateway.namespace(), gateway.name(), "", 0),
                                    conditions))
                            .toList())));
        }
        return statuses;
    }

    private List<Condition> conditions(BackendTlsPolicy policy) {
        Checked state = checked.get(policy.meta().key());
        Optional<Problem> refused = state == null ? Optional.empty() : state.refused();
        if (targets(policy).noneMatch(target -> policy.equals(chosen.get(target)))) {
            refused = Optional.of(new Problem("Conflicted", "an older policy is for the same"));
        }
        Optional<Problem> unresolved = state == null ? Optional.empty() : state.unresolved();
        return List.of(
                refused.map(p -> p.as("Accepted")).orElseGet(() -> Condition.yes("Accepted")),
                unresolved.map(p -> p.as("ResolvedRefs")).orElseGet(() -> Condition.yes("ResolvedRefs")));
    }
}
