package dev.weft.operator.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.api.DnsHostSpec;
import dev.weft.api.DnsSpec;
import dev.weft.api.PodRecords;
import dev.weft.api.StubDomainSpec;
import dev.weft.net.Cidr;
import dev.weft.operator.observe.ClusterDns;
import java.net.URI;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CorefileTest {
    private static final String KUBEADM = """
            .:53 {
                errors
                health {
                   lameduck 5s
                }
                ready
                kubernetes cluster.local in-addr.arpa ip6.arpa {
                   pods insecure
                   fallthrough in-addr.arpa ip6.arpa
                   ttl 30
                }
                prometheus :9153
                forward . /etc/resolv.conf {
                   max_concurrent 1000
                }
                cache 30 {
                   disable success cluster.local
                   disable denial cluster.local
                }
                loop
                reload
                loadbalance
            }
            """;

    private static final String EVERYTHING = """
            # ours
            .:53 {
                kubernetes Cluster.Example. in-addr.arpa {
                   pods verified
                   ttl 60
                   endpoint_pod_names
                }
                hosts {
                   192.0.2.7 legacy.example old.example
                   2001:db8::7 legacy.example
                   fallthrough
                }
                forward . 192.0.2.53 tls://192.0.2.54 {
                   tls_servername dns.example
                   except internal.example
                }
                rewrite name a.example b.example
            }
            corp.example:53 office.example {
                forward . 192.0.2.10 "[2001:db8::10]:5353" {
                   force_tcp
                }
                cache
            }
            lab.example:1053 {
                forward . 192.0.2.11
            }
            . {
                forward sub.example 192.0.2.12
                hosts /etc/coredns/NodeHosts {
                   fallthrough
                }
            }
            """;

    @Test
    void kubeadmsHasNothingThatIsLeftOut() {
        CorefileTerms terms = CorefileTerms.of(KUBEADM);

        assertThat(terms.domain()).contains("cluster.local");
        assertThat(terms.upstreams()).isEmpty();
        assertThat(terms.podRecords()).contains(PodRecords.INSECURE);
        assertThat(terms.ttlSeconds()).contains(30);
        assertThat(terms.notTakenOver()).isEmpty();
    }

    @Test
    void whatCanBeIsTakenOverAndTheRestIsNamed() {
        CorefileTerms terms = CorefileTerms.of(EVERYTHING);

        assertThat(terms.domain()).contains("cluster.example");
        assertThat(terms.podRecords()).contains(PodRecords.VERIFIED);
        assertThat(terms.ttlSeconds()).contains(60);
        assertThat(terms.upstreams()).containsExactly("192.0.2.53", "tls://192.0.2.54#dns.example");
        List<String> office = List.of("tcp://192.0.2.10", "tcp://[2001:db8::10]:5353");
        assertThat(terms.stubDomains())
                .containsExactly(
                        new StubDomainSpec("corp.example", office),
                        new StubDomainSpec("office.example", office),
                        new StubDomainSpec("sub.example", List.of("192.0.2.12")));
        assertThat(terms.hosts())
                .containsExactly(
                        new DnsHostSpec("192.0.2.7", List.of("legacy.example", "old.example")),
                        new DnsHostSpec("2001:db8::7", List.of("legacy.example")));
        assertThat(terms.notTakenOver())
                .containsExactly(
                        "line 6: kubernetes endpoint_pod_names has no counterpart in Weft",
                        "line 15: forward except has no counterpart in Weft",
                        "line 17: rewrite has no counterpart in Weft",
                        "the server lab.example:1053 is not served by Weft: only port 53 is",
                        "line 30: hosts of the file /etc/coredns/NodeHosts are not read; write them into"
                                + " spec.dns.hosts");
    }

    @Test
    void whatCoreDnsDoesUnasked() {
        CorefileTerms terms = CorefileTerms.of(".:53 {\n kubernetes cluster.local\n}\n");
        assertThat(terms.podRecords()).contains(PodRecords.DISABLED);
        assertThat(terms.ttlSeconds()).contains(5);
    }

    @Test
    void whatIsNoCorefileIsSaid() {
        assertThatThrownBy(() -> Corefile.parse(".:53 {\n errors\n")).hasMessage("line 1: a brace that nothing closes");
        assertThatThrownBy(() -> Corefile.parse("}")).hasMessageContaining("line 1: a closing brace");
        assertThatThrownBy(() -> Corefile.parse(". {\n {\n }\n}"))
                .hasMessageContaining("line 2: a brace without a name");
        assertThatThrownBy(() -> Corefile.parse("\"a")).hasMessage("line 1: a quote that nothing closes");
        assertThat(CorefileTerms.of("x").notTakenOver())
                .containsExactly("the Corefile is not understood: line 1: no brace after x");
    }

    /** Whatever stands there, it has terms, and servers can be told them. */
    @Test
    void anyTextHasTermsThatServersTake() {
        Random random = new Random(5);
        String pieces = "{}\"#\\\n\t .:/[]()-_,53azAZ\u00e9\u0000";
        for (int i = 0; i < 30_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? EVERYTHING : KUBEADM);
            for (int change = random.nextInt(1, 12); change > 0; change--) {
                int from = random.nextInt(text.length() + 1);
                int to = Math.min(text.length(), from + random.nextInt(1 + random.nextInt(30)));
                switch (random.nextInt(3)) {
                    case 0 -> text.delete(from, to);
                    case 1 -> text.insert(from, pieces.charAt(random.nextInt(pieces.length())));
                    default -> text.insert(random.nextInt(text.length() + 1), text.substring(from, to));
                }
            }
            String corefile = text.toString();
            assertThatCode(() -> DnsSettings.resolve(
                                    DnsSpec.EMPTY,
                                    CorefileTerms.of(corefile),
                                    ClusterDns.NONE,
                                    List.of(Cidr.parse("10.96.0.0/16")),
                                    1)
                            .json(List.of(URI.create("https://192.0.2.1:6443"))))
                    .as("round %d: %s", i, corefile)
                    .doesNotThrowAnyException();
        }
    }
}
