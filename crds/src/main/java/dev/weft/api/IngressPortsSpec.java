package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where Ingresses are served. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "(has(self.http) ? self.http : 80) != (has(self.https) ? self.https : 443)",
        message = "ingress.ports.http and ingress.ports.https must be different; they are 80 and 443 unless you say"
                + " otherwise")
public record IngressPortsSpec(
        @JsonPropertyDescription(
                "Port for HTTP: of the Service, or of the nodes with placement HostNetwork. Default: 80. Gateways say"
                        + " their ports themselves.")
        @ValidationRule(value = IngressPortsSpec.RULE, message = IngressPortsSpec.MESSAGE)
        @Nullable
        Integer http,

        @JsonPropertyDescription("Likewise for HTTPS. Default: 443.")
        @ValidationRule(value = IngressPortsSpec.RULE, message = IngressPortsSpec.MESSAGE)
        @Nullable
        Integer https) {

    /** 9470 to 9474: agents, probes, the operator, the proxies' own health. */
    static final String RULE = "self >= 1 && self <= 65535 && !(self >= 9470 && self <= 9474)";

    static final String MESSAGE =
            "a port of ingress.ports must be between 1 and 65535, and none of 9470 to 9474, which Weft itself uses";

    /** Nothing said. */
    public static final IngressPortsSpec EMPTY = new IngressPortsSpec(null, null);
}
