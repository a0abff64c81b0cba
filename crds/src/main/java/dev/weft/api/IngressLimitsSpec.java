package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What clients may use up of an ingress proxy. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record IngressLimitsSpec(
        @JsonPropertyDescription(
                "Bytes of all header fields of a request, 1024 to 1048576; more is answered 431. Default: 32768.")
        @ValidationRule(
                value = "self >= 1024 && self <= 1048576",
                message = "ingress.limits.headerBytes must be between 1024 and 1048576")
        @Nullable
        Integer headerBytes,

        @JsonPropertyDescription(
                "Seconds from the first byte of a request to the end of its header fields, 1 to 3600; a client that takes"
                        + " longer is answered 408. Default: 10.")
        @ValidationRule(
                value = "self >= 1 && self <= 3600",
                message = "ingress.limits.headerSeconds must be between 1 and 3600")
        @Nullable
        Integer headerSeconds,

        @JsonPropertyDescription(
                "Seconds that a client's connection without a request is kept, 1 to 86400. Default: 75.")
        @ValidationRule(
                value = "self >= 1 && self <= 86400",
                message = "ingress.limits.idleSeconds must be between 1 and 86400")
        @Nullable
        Integer idleSeconds,

        @JsonPropertyDescription("Requests at one time on one HTTP/2 connection, 1 to 10000. Default: 128.")
        @ValidationRule(
                value = "self >= 1 && self <= 10000",
                message = "ingress.limits.streams must be between 1 and 10000")
        @Nullable
        Integer streams,

        @JsonPropertyDescription(
                "Connections of clients to one proxy, 1 to 10000000; above that new ones wait. Default: 65536.")
        @ValidationRule(
                value = "self >= 1 && self <= 10000000",
                message = "ingress.limits.connections must be between 1 and 10000000")
        @Nullable
        Integer connections) {

    /** Nothing said. */
    public static final IngressLimitsSpec EMPTY = new IngressLimitsSpec(null, null, null, null, null);
}
