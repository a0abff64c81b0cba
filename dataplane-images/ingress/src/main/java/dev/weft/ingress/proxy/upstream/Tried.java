package dev.weft.ingress.proxy.upstream;

import java.util.ArrayList;
import java.util.List;

/** Endpoints that failed for one request. */
public final class Tried {
    private final List<EndpointState> endpoints = new ArrayList<>(2);

    public void add(EndpointState endpoint) {
        endpoints.add(endpoint);
    }

    boolean has(EndpointState endpoint) {
        return endpoints.contains(endpoint);
    }
}
