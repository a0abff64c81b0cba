package dev.weft.e2e.cli;

import dev.weft.e2e.Labs;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabName;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import picocli.CommandLine.Option;

/** What every command takes. */
final class LabOptions {
    @Option(names = "--name", description = "the lab's name (default: ${DEFAULT-VALUE})", defaultValue = "lab")
    private String name = LabName.DEFAULT.value();

    private final CacheRoot cache = CacheRoot.of(System.getenv());
    private final Progress progress = Progress.printing(System.err);

    LabName name() {
        return new LabName(name);
    }

    CacheRoot cache() {
        return cache;
    }

    Progress progress() {
        return progress;
    }

    Labs labs() {
        return new Labs(cache, progress);
    }

    /** The lab of the name, which must be up. */
    Lab open() {
        return Lab.open(name(), cache, progress);
    }
}
