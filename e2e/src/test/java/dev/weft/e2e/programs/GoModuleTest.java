package dev.weft.e2e.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GoModuleTest {
    @ParameterizedTest
    @EnumSource
    void namesEachFileOfItsFolder(GoModule module) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("programs", module.folder()))) {
            List<String> written = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".go") && !name.endsWith("_test.go"))
                    .toList();
            assertThat(module.sources()).containsExactlyInAnyOrderElementsOf(written);
        }
    }
}
