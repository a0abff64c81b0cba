package dev.weft.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Assertions;

/**
 * Compares with a file under {@code src/test/resources} of the module under test. {@code -Dgolden.update=true} writes
 * the files instead; read the difference before committing it.
 */
public final class Golden {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final int BYTES_PER_LINE = 16;

    private Golden() {}

    /** Asserts that the text is that of the file, for example {@code "nft/masquerade.nft"}. */
    public static void assertMatches(String file, String actual) {
        Path path = RESOURCES.resolve(file);
        try {
            if (Boolean.getBoolean("golden.update")) {
                Files.createDirectories(path.toAbsolutePath().getParent());
                Files.writeString(path, actual);
                return;
            }
            if (!Files.exists(path)) {
                Assertions.fail(path + " does not exist; run with -Dgolden.update=true to write it");
            }
            Assertions.assertEquals(
                    Files.readString(path), actual, () -> path + " differs; -Dgolden.update=true rewrites it");
        } catch (IOException e) {
            throw new UncheckedIOException("golden file " + path, e);
        }
    }

    /** Like {@link #assertMatches(String, String)} for bytes, kept in the file as lines of 16 in hexadecimal. */
    public static void assertMatches(String file, byte[] actual) {
        assertMatches(file, hex(actual));
    }

    static String hex(byte[] bytes) {
        HexFormat format = HexFormat.ofDelimiter(" ");
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < bytes.length; at += BYTES_PER_LINE) {
            text.append(format.formatHex(bytes, at, Math.min(at + BYTES_PER_LINE, bytes.length)))
                    .append('\n');
        }
        return text.toString();
    }
}
