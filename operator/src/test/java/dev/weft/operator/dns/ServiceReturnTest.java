package dev.weft.operator.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.operator.observe.ClusterDns.DnsService;
import dev.weft.operator.observe.ClusterDns.Owner;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceReturnTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void whatWeftNeverTookIsNotGivenBack() {
        assertThat(ServiceReturn.of(Optional.empty(), NOW)).isEqualTo(ServiceReturn.NOTHING);
        assertThat(of(Owner.FOREIGN, true, Optional.empty())).isEqualTo(ServiceReturn.NOTHING);
        assertThat(of(Owner.WEFT, true, Optional.empty())).isEqualTo(ServiceReturn.NOTHING);
    }

    @Test
    void theFormerServerComesFirst() {
        assertThat(of(Owner.TAKEN, false, Optional.empty())).isEqualTo(ServiceReturn.AWAITS_FORMER);
        assertThat(of(Owner.TAKEN, true, Optional.empty())).isEqualTo(ServiceReturn.TURN);
    }

    @Test
    void serversStayUntilSomeTimeAfterNothingNamesThemAnyMore() {
        assertThat(of(Owner.RETURNED, false, Optional.empty())).isEqualTo(ServiceReturn.DRAINS);
        assertThat(of(Owner.RETURNED, false, Optional.of(NOW))).isEqualTo(ServiceReturn.DRAINS);
        assertThat(of(
                        Owner.RETURNED,
                        false,
                        Optional.of(NOW.minus(ServiceReturn.DRAIN).plusMillis(1))))
                .isEqualTo(ServiceReturn.DRAINS);
        assertThat(of(Owner.RETURNED, false, Optional.of(NOW.minus(ServiceReturn.DRAIN))))
                .isEqualTo(ServiceReturn.LET_GO);
    }

    @Test
    void serversAreNeededUntilThen() {
        assertThat(ServiceReturn.AWAITS_FORMER.serves()).isTrue();
        assertThat(ServiceReturn.DRAINS.serves()).isTrue();
        assertThat(ServiceReturn.LET_GO.serves()).isFalse();
    }

    private static ServiceReturn of(Owner owner, boolean formerReady, Optional<Instant> ledBackSince) {
        return ServiceReturn.of(
                Optional.of(new DnsService(
                        owner,
                        Optional.empty(),
                        Map.of("k8s-app", "kube-dns"),
                        Optional.empty(),
                        Optional.empty(),
                        formerReady,
                        ledBackSince)),
                NOW);
    }
}
