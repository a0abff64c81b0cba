package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where the ingress proxies run. */
public enum IngressPlacement {
    /** A few in the pod network, behind a Service. */
    @JsonProperty("Deployment")
    DEPLOYMENT,
    /** One on each chosen node, at the node's own addresses. */
    @JsonProperty("HostNetwork")
    HOST_NETWORK
}
