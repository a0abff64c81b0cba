package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether the ingress proxies serve the Gateway API. */
public enum GatewayApi {
    /** Gateways and routes are served, where the cluster has their CRDs. */
    @JsonProperty("Enabled")
    ENABLED,
    /** Only Ingresses are. */
    @JsonProperty("Disabled")
    DISABLED
}
