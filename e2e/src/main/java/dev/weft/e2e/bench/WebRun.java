package dev.weft.e2e.bench;

import dev.weft.e2e.lab.LabException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a load generator saw.
 *
 * @param completed requests that were answered
 * @param perSecond of them
 * @param failed requests or connections: not answered, or not with 2xx or 3xx
 */
record WebRun(long completed, double perSecond, long failed) {
    private static final Pattern WRK_REQUESTS = Pattern.compile("(\\d+) requests in ");
    private static final Pattern WRK_RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern WRK_SOCKETS =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern WRK_STATUS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern H2LOAD_RATE = Pattern.compile("finished in .*, ([0-9.]+) req/s");
    private static final Pattern H2LOAD_REQUESTS = Pattern.compile(
            "requests: .* (\\d+) done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored, (\\d+) timeout");

    /** Reads what wrk prints; it says nothing of failures if there are none. */
    static WebRun ofWrk(String output) {
        Matcher sockets = WRK_SOCKETS.matcher(output);
        long failed = 0;
        if (sockets.find()) {
            for (int i = 1; i <= sockets.groupCount(); i++) {
                failed += Long.parseLong(sockets.group(i));
            }
        }
        Matcher status = WRK_STATUS.matcher(output);
        if (status.find()) {
            failed += Long.parseLong(status.group(1));
        }
        return new WebRun(
                Long.parseLong(found("wrk", WRK_REQUESTS, output).group(1)),
                Double.parseDouble(found("wrk", WRK_RATE, output).group(1)),
                failed);
    }

    /** Reads what h2load prints. */
    static WebRun ofH2load(String output) {
        Matcher requests = found("h2load", H2LOAD_REQUESTS, output);
        return new WebRun(
                Long.parseLong(requests.group(2)),
                Double.parseDouble(found("h2load", H2LOAD_RATE, output).group(1)),
                Long.parseLong(requests.group(3)) + Long.parseLong(requests.group(5)));
    }

    private static Matcher found(String program, Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new LabException(program + " said: " + output);
        }
        return matcher;
    }
}
