package dev.weft.e2e.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program {@code netbench} (e2e/programs/netbench), run on a node. */
public final class Netbench {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> program;

    public Netbench(Path program) {
        this(List.of(program.toString()));
    }

    private Netbench(List<String> program) {
        this.program = List.copyOf(program);
    }

    /** The same program on one core, counted from 0, so that the scheduler's choices are not what is measured. */
    Netbench pinned(int core) {
        List<String> pinned = new ArrayList<>(List.of("taskset", "--cpu-list", String.valueOf(core)));
        pinned.addAll(program);
        return new Netbench(pinned);
    }

    /** What the program measured. */
    public JsonNode run(Node node, String... arguments) {
        return json(node.exec(command(arguments).toArray(String[]::new)));
    }

    /** What the program printed. */
    static JsonNode json(String output) {
        try {
            return JSON.readTree(output);
        } catch (JsonProcessingException e) {
            throw new LabException("netbench printed no JSON but: " + output, e);
        }
    }

    /** The command line, for a run in the background. */
    public List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(arguments));
        return command;
    }
}
