package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Types of {@code core/v1} Services that make sense in front of ingress proxies. */
public enum IngressServiceType {
    /** Reached from within the cluster only. */
    @JsonProperty("ClusterIP")
    CLUSTER_IP("ClusterIP"),
    /** Reached at a port of every node. */
    @JsonProperty("NodePort")
    NODE_PORT("NodePort"),
    /** Reached at an address that a load balancer hands out. */
    @JsonProperty("LoadBalancer")
    LOAD_BALANCER("LoadBalancer");

    private final String value;

    IngressServiceType(String value) {
        this.value = value;
    }

    /** As {@code spec.type} of a Service. */
    public String value() {
        return value;
    }
}
