package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** A domain and the servers that know about it. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record StubDomainSpec(
        @JsonPropertyDescription("The domain with all names below it, for example corp.example.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(
                value =
                        "self.matches('^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?([.][A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*[.]?$')",
                message = "the domain of a stub domain must be a DNS name, for example corp.example; for all other"
                        + " names use dns.upstreams")
        String domain,

        @JsonPropertyDescription("Its servers, written as dns.upstreams are. At most 8.")
        @Required
        @Size(min = 1, max = 8)
        @ValidationRule(value = DnsSpec.SERVERS_ARE_ADDRESSES, message = DnsSpec.SERVERS_MESSAGE)
        @ValidationRule(value = DnsSpec.NAMES_ARE_OF_TLS, message = DnsSpec.NAMES_MESSAGE)
        List<@Size(max = 160) String> servers) {

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public StubDomainSpec {
        servers = servers == null ? List.of() : List.copyOf(servers);
    }
}
