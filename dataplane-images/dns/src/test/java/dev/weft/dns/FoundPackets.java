package dev.weft.dns;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * Packets by which coverage-guided fuzzing reached new code, an hour of it, and neighbours of theirs: what takes a minute to
 * be found anew takes no time to be tried in every build.
 */
public final class FoundPackets {
    private static final int NEIGHBOURS = 40;

    private FoundPackets() {}

    /** @param name of a resource with a packet a line, in hexadecimal */
    public static List<byte[]> read(String name) throws IOException {
        Random random = new Random(1);
        List<byte[]> packets = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(FoundPackets.class.getResourceAsStream(name), name),
                StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                byte[] packet = HexFormat.of().parseHex(line);
                packets.add(packet);
                for (int i = 0; i < NEIGHBOURS; i++) {
                    packets.add(neighbour(packet, random));
                }
            }
        }
        return packets;
    }

    private static byte[] neighbour(byte[] packet, Random random) {
        byte[] other = packet.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            other[random.nextInt(other.length)] = (byte) random.nextInt(256);
        }
        return other;
    }
}
