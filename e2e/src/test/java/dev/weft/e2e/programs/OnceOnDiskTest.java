package dev.weft.e2e.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.e2e.process.Parallel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnceOnDiskTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void manyAskersAtOnceMakeItOnce() {
        Path result = folder.resolve("sub/result");
        AtomicInteger made = new AtomicInteger();
        Runnable ask = () -> OnceOnDisk.make(result, () -> {
            made.incrementAndGet();
            Files.createFile(result);
        });
        Parallel.run(Collections.nCopies(20, ask));
        assertThat(made).hasValue(1);
    }

    @Test
    void aFailureIsToldAndTheNextAskerTriesAgain() {
        Path result = folder.resolve("result");
        assertThatThrownBy(() -> OnceOnDisk.make(result, () -> {
                    throw new IOException("no space");
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("no space");
        assertThat(OnceOnDisk.make(result, () -> Files.createFile(result))).exists();
    }
}
