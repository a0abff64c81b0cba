package dev.weft.cni.ipam;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The single steps by which lease files change; between any two of them the process may die. */
public interface FileSteps {
    FileSteps REAL = new FileSteps() {
        @Override
        public void write(Path file, byte[] content) throws IOException {
            Files.write(file, content);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void delete(Path file) throws IOException {
            Files.deleteIfExists(file);
        }
    };

    void write(Path file, byte[] content) throws IOException;

    /** Renames in one step, replacing what is there. */
    void move(Path from, Path to) throws IOException;

    /** Removes the file if it is there. */
    void delete(Path file) throws IOException;
}
