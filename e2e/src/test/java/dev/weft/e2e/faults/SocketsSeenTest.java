package dev.weft.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SocketsSeenTest {
    private final SocketsSeen seen = SocketsSeen.of(List.of(WebAnswersTest.json("""
                    {"opened":100,"failed":1,"echoed":300,"open":60,"firstError":"opening: refused","ended":[
                      {"how":"closed","unixSecond":50,"count":30},{"how":"close frame 1001","unixSecond":51,"count":10}],
                     "took":{"maxMicros":7000}}
                    """), WebAnswersTest.json("""
                    {"opened":50,"failed":0,"echoed":100,"open":40,"ended":[
                      {"how":"closed","unixSecond":52,"count":7},{"how":"reset","unixSecond":52,"count":2},
                      {"how":"no echo","unixSecond":40,"count":1}],
                     "took":{"maxMicros":3000}}
                    """)));

    @Test
    void whatNodesSawIsAddedUp() {
        assertThat(seen.opened()).isEqualTo(150);
        assertThat(seen.failed()).isEqualTo(1);
        assertThat(seen.echoed()).isEqualTo(400);
        assertThat(seen.open()).isEqualTo(100);
        assertThat(seen.slowestMillis()).isEqualTo(7);
        assertThat(seen.firstErrors()).containsExactly("opening: refused");
        assertThat(seen.ways()).isEqualTo(Map.of("close frame 1001", 10, "closed", 37, "no echo", 1, "reset", 2));
        assertThat(seen.firstEnd()).isEqualTo(Optional.of(Instant.ofEpochSecond(40)));
        assertThat(seen.lastEnd()).isEqualTo(Optional.of(Instant.ofEpochSecond(52)));
    }

    @Test
    void anEndInTheSameSecondMayHaveBeenBefore() {
        assertThat(seen.endedBefore(Instant.ofEpochSecond(40))).isZero();
        assertThat(seen.endedBefore(Instant.ofEpochSecond(50))).isEqualTo(1);
        assertThat(seen.endedBefore(Instant.ofEpochMilli(50_001))).isEqualTo(31);
    }

    @Test
    void onlyAMissingEchoIsBroken() {
        assertThat(seen.broken()).isEqualTo(1);
    }
}
