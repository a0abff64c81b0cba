package dev.weft.e2e.bench;

import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.process.Commands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program dnsperf, on processors of its own. */
final class DnsPerf {
    private static final Pattern COMPLETED = Pattern.compile("Queries completed:\\s+(\\d+)");
    private static final Pattern RATE = Pattern.compile("Queries per second:\\s+([0-9.]+)");
    private static final Pattern LATENCY = Pattern.compile("^> \\S+ \\S+ \\S+ ([0-9.]+)$", Pattern.MULTILINE);

    private final String processors;

    /** @param processors as taskset takes them */
    DnsPerf(String processors) {
        this.processors = processors;
    }

    /** What a run saw. */
    record Run(long completed, double perSecond) {}

    /** As fast as the server answers. */
    Run flood(int port, Path questions, int seconds) {
        String output = Commands.run(command(port, questions, seconds, List.of("-q", "1000")));
        return new Run((long) figure(COMPLETED, output), figure(RATE, output));
    }

    /** Milliseconds of all answers, sorted, at a fixed rate. */
    double[] latencies(int port, Path questions, int seconds, int perSecond) {
        String output = Commands.run(
                command(port, questions, seconds, List.of("-q", "1000", "-Q", Integer.toString(perSecond), "-v")));
        double[] millis = LATENCY.matcher(output)
                .results()
                .mapToDouble(found -> 1000 * Double.parseDouble(found.group(1)))
                .toArray();
        if (millis.length == 0) {
            throw new LabException("dnsperf told no latencies");
        }
        Arrays.sort(millis);
        return millis;
    }

    private List<String> command(int port, Path questions, int seconds, List<String> more) {
        List<String> command = new ArrayList<>(
                List.of("taskset", "-c", processors, "dnsperf", "-s", "127.0.0.1", "-p", Integer.toString(port), "-d"));
        command.addAll(List.of(questions.toString(), "-l", Integer.toString(seconds), "-c", "64", "-T", "2"));
        command.addAll(more);
        return command;
    }

    private static double figure(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new LabException("dnsperf said: " + output);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
