package dev.weft.e2e.bench;

import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.process.Commands;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program dnsperf, on processors of its own. */
final class DnsPerf {
    private static final Pattern COMPLETED = Pattern.compile("Queries completed:\\s+(\\d+)");
    private static final Pattern RATE = Pattern.compile("Queries per second:\\s+([0-9.]+)");
    /** Steps of a millisecond, of which counts are kept. */
    private static final double STEPS = 1000;

    private static final double LONGEST_MILLIS = 500;

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

    /**
     * How long answers take at a fixed rate.
     *
     * @param log takes what dnsperf says of each answer
     */
    Latencies latencies(int port, Path questions, int seconds, int perSecond, Path log) throws IOException {
        Files.deleteIfExists(log);
        List<String> command =
                command(port, questions, seconds, List.of("-q", "1000", "-Q", Integer.toString(perSecond), "-v"));
        try {
            Commands.background(command, log).waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted", e);
        }
        long[] counts = new long[(int) (LONGEST_MILLIS * STEPS)];
        long all = 0;
        try (BufferedReader lines = Files.newBufferedReader(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // "> NOERROR name type seconds"; those that got no answer have no time: "> T name type".
                if (line.startsWith("> ") && !line.startsWith("> T ")) {
                    double millis = 1000 * Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
                    counts[(int) Math.min(millis * STEPS, counts.length - 1)]++;
                    all++;
                }
            }
        }
        if (all == 0) {
            throw new LabException("dnsperf told no latencies, see " + log);
        }
        return new Latencies(counts, all);
    }

    /** Answers by how long they took. */
    @SuppressWarnings("ArrayRecordComponent") // a result, never compared
    record Latencies(long[] counts, long all) {
        /** @param part of all answers that are as fast, such as 0.99 */
        double millis(double part) {
            long seen = 0;
            for (int i = 0; i < counts.length; i++) {
                seen += counts[i];
                if (seen >= all * part) {
                    return i / STEPS;
                }
            }
            return LONGEST_MILLIS;
        }
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
