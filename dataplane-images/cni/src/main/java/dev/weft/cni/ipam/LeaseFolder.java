package dev.weft.cni.ipam;

import dev.weft.cni.protocol.CniException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Leases as files: {@code <host link>.json}, and under {@code resting/} those of pods that are gone, until their
 * addresses may be used again, named {@code <release, ms since 1970>-<host link>.json}.
 *
 * <p>No fsync: what a lost power supply could lose belongs to pods that died with it, and leases of another boot are
 * void.
 */
final class LeaseFolder {
    private static final Pattern RESTING = Pattern.compile("(\\d{1,18})-(weft[0-9a-f]{11})\\.json");

    private final Path folder;
    private final Path restingFolder;
    private final FileSteps steps;

    LeaseFolder(Path folder, FileSteps steps) throws IOException {
        this.folder = folder;
        this.restingFolder = folder.resolve("resting");
        this.steps = steps;
        Files.createDirectories(restingFolder);
    }

    /** A lease whose pod is gone. */
    record Resting(Lease lease, Instant since, Path file) {}

    /** All that the folder holds. Files that cannot be read are removed and reported in {@code unreadable}. */
    record Content(List<Lease> leases, List<Resting> resting, List<String> unreadable) {}

    Content read() throws IOException {
        Content content = new Content(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Path file : files(folder)) {
            if (file.toString().endsWith(".json")) {
                readInto(content, file);
            } else {
                steps.delete(file); // a write that was never finished
            }
        }
        for (Path file : files(restingFolder)) {
            readInto(content, file);
        }
        return content;
    }

    void write(Lease lease) throws IOException {
        Path temporary = temporary(lease.hostLink());
        steps.write(temporary, LeaseJson.write(lease));
        steps.move(temporary, file(lease.hostLink()));
    }

    Resting rest(Lease lease, Instant now) throws IOException {
        Path target = restingFolder.resolve(now.toEpochMilli() + "-" + lease.hostLink() + ".json");
        steps.move(file(lease.hostLink()), target);
        return new Resting(lease, now, target);
    }

    void forget(Lease lease) throws IOException {
        steps.delete(temporary(lease.hostLink()));
        steps.delete(file(lease.hostLink()));
    }

    void forget(Resting resting) throws IOException {
        steps.delete(resting.file());
    }

    private Path temporary(String hostLink) {
        return folder.resolve(hostLink + ".tmp");
    }

    private Path file(String hostLink) {
        return folder.resolve(hostLink + ".json");
    }

    private void readInto(Content content, Path file) throws IOException {
        try {
            Lease lease = LeaseJson.read(Files.readAllBytes(file));
            Matcher resting = RESTING.matcher(file.getFileName().toString());
            if (file.equals(file(lease.hostLink()))) {
                content.leases().add(lease);
            } else if (resting.matches() && resting.group(2).equals(lease.hostLink())) {
                Instant since = Instant.ofEpochMilli(Long.parseLong(resting.group(1)));
                content.resting().add(new Resting(lease, since, file));
            } else {
                throw new IllegalArgumentException("the name is not that of " + lease.attachment());
            }
        } catch (CniException | IllegalArgumentException e) {
            content.unreadable().add(file + ": " + e.getMessage());
            steps.delete(file);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, Files::isRegularFile)) {
            stream.forEach(files::add);
        }
        files.sort(null);
        return files;
    }
}
