package dev.weft.bundle.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootFsTest {
    @TempDir
    private Path folder;

    @Test
    void modesAndTimesDoNotDependOnTheSource() throws IOException {
        Path program = Files.writeString(folder.resolve("program"), "x");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Path text = Files.writeString(folder.resolve("text"), "x");
        Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("rw-rw-r--"));
        RootFs rootFs = RootFs.createIn(folder.resolve("root"));
        rootFs.copy("app", program, "/bin/program");
        rootFs.copy("app", text, "/etc/text");

        assertThat(rootFs.layers().getFirst().getEntries())
                .extracting(entry -> entry.getPermissions().toOctalString())
                .containsExactly("755", "644");
        assertThat(Files.getLastModifiedTime(rootFs.resolve("/etc/text"))).isEqualTo(FileTime.from(RootFs.TIME));
    }

    @Test
    void layersKeepTheOrderOfTheirFirstFilesAndSortWithin() throws IOException {
        RootFs rootFs = RootFs.createIn(folder.resolve("root"));
        rootFs.write("base", "", "/z");
        rootFs.write("app", "", "/m");
        rootFs.write("base", "", "/a");

        assertThat(rootFs.layers()).extracting(FileEntriesLayer::getName).containsExactly("base", "app");
        assertThat(rootFs.layers().getFirst().getEntries())
                .extracting(entry -> entry.getExtractionPath().toString())
                .containsExactly("/a", "/z");
    }

    @Test
    void linksBecomeTheFilesTheyPointTo() throws IOException {
        Path tree = Files.createDirectories(folder.resolve("tree/sub"));
        Files.writeString(tree.resolve("file"), "content");
        Files.createSymbolicLink(tree.resolve("link"), Path.of("file"));
        RootFs rootFs = RootFs.createIn(folder.resolve("root"));
        rootFs.copyTree("app", folder.resolve("tree"), "/opt");

        assertThat(rootFs.resolve("/opt/sub/link")).isRegularFile().hasContent("content");
        assertThat(Files.isSymbolicLink(rootFs.resolve("/opt/sub/link"))).isFalse();
    }

    @Test
    void startsEmptyEachTime() throws IOException {
        RootFs.createIn(folder.resolve("root")).write("base", "", "/old");

        RootFs again = RootFs.createIn(folder.resolve("root"));

        assertThat(again.layers()).isEmpty();
        assertThat(again.resolve("/old")).doesNotExist();
    }

    @Test
    void refusesRelativePaths() throws IOException {
        RootFs rootFs = RootFs.createIn(folder.resolve("root"));

        assertThatThrownBy(() -> rootFs.resolve("etc/passwd"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not an absolute path");
    }
}
