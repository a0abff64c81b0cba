package dev.weft.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.e2e.lab.LabException;
import org.junit.jupiter.api.Test;

class WebRunTest {
    private static final String WRK = """
            Running 4s test @ http://127.0.0.1:8110/
              1 threads and 64 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency     1.05ms  310.00us   9.01ms   88.24%
                Req/Sec    60.71k     2.01k   63.55k    82.50%
              241634 requests in 4.00s, 45.16MB read
            """;
    private static final String WRK_RATES = """
            Requests/sec:  60382.48
            Transfer/sec:     11.29MB
            """;

    @Test
    void readsWhatWrkPrints() {
        assertThat(WebRun.ofWrk(WRK + WRK_RATES)).isEqualTo(new WebRun(241_634, 60_382.48, 0));
    }

    @Test
    void countsWhatWrkSaysOfFailures() {
        String failures = """
                  Socket errors: connect 1, read 20, write 300, timeout 4000
                  Non-2xx or 3xx responses: 50000
                """;
        assertThat(WebRun.ofWrk(WRK + failures + WRK_RATES).failed()).isEqualTo(54_321);
    }

    @Test
    void readsWhatH2loadPrints() {
        WebRun run = WebRun.ofH2load("""
                starting benchmark...
                TLS Protocol: TLSv1.3
                Application protocol: h2
                progress: 100% of clients started

                finished in 2.00s, 30123.45 req/s, 5.67MB/s
                requests: 60247 total, 60503 started, 60247 done, 60240 succeeded, 7 failed, 2 errored, 3 timeout
                status codes: 60240 2xx, 0 3xx, 0 4xx, 5 5xx
                traffic: 11.34MB (11890000) total, 1.21MB (1270000) headers (space savings 90.00%), 3.68MB (3860000) data
                """);
        assertThat(run).isEqualTo(new WebRun(60_240, 30_123.45, 10));
    }

    @Test
    void showsWhatItCannotRead() {
        assertThatExceptionOfType(LabException.class)
                .isThrownBy(() -> WebRun.ofWrk("unable to connect to 127.0.0.1:8110 Connection refused"))
                .withMessageContaining("Connection refused");
        assertThatExceptionOfType(LabException.class)
                .isThrownBy(() -> WebRun.ofH2load("finished in 1s, 3.00 req/s"))
                .withMessageContaining("h2load said");
    }
}
