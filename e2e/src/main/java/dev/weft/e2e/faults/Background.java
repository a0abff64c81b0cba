package dev.weft.e2e.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One of netbench's commands that goes on until it is stopped, and then prints what it has seen as a line of JSON. */
final class Background {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Node node;
    private final String program;

    private Background(Node node, String program) {
        this.node = node;
        this.program = program;
    }

    /**
     * Starts it on a node.
     *
     * @param kind the beginning of its log's name
     */
    static Background start(String kind, Node node, List<String> command) {
        String program = kind + "-" + COUNT.incrementAndGet();
        node.start(program, command);
        return new Background(node, program);
    }

    /** Waits until its output has the text. */
    Background awaitOutput(String text) {
        Wait.until(
                program + " to say " + text,
                PATIENCE,
                POLL,
                () -> Files.readString(node.log(program)).contains(text));
        return this;
    }

    /** Ends it without a look at its figures, if it still runs. */
    void end() {
        node.exec("sh", "-c", "kill -TERM $(cat /run/" + program + ".pid) || true");
    }

    /**
     * Ends it and returns its figures.
     *
     * @throws LabException if it tells no figures, with what it printed instead
     */
    JsonNode stop() {
        end();
        Wait.until(
                "the figures of " + program,
                PATIENCE,
                POLL,
                () -> lastLine().startsWith("{") || lastLine().startsWith("netbench:"));
        String line = lastLine();
        try {
            if (line.startsWith("{")) {
                return JSON.readTree(line);
            }
        } catch (JsonProcessingException e) {
            throw new LabException(program + " printed no JSON but: " + line, e);
        }
        throw new LabException(program + ": " + line);
    }

    private String lastLine() {
        try {
            List<String> lines = Files.readAllLines(node.log(program));
            return lines.isEmpty() ? "" : lines.getLast();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
