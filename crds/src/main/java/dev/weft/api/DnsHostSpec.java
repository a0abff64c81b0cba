package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** An address and its names, as a line of {@code /etc/hosts}. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DnsHostSpec(
        @JsonPropertyDescription("An IPv4 or IPv6 address.")
        @Required
        @Size(max = 45)
        @ValidationRule(
                value = "isIP(self)",
                message = "the address of a host must be an IPv4 or IPv6 address, for example 192.0.2.7")
        String address,

        @JsonPropertyDescription("Full names of this address, for example legacy.example. At most 8.")
        @Required
        @Size(min = 1, max = 8)
        @ValidationRule(
                value =
                        "self.all(n, n.matches('^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?([.][A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*[.]?$'))",
                message = "the names of a host must be DNS names without wildcards, for example legacy.example")
        List<@Size(max = 253) String> names) {

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public DnsHostSpec {
        names = names == null ? List.of() : List.copyOf(names);
    }
}
