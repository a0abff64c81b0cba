package dev.weft.e2e.cli;

import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lab programs}. */
@Command(
        name = "programs",
        description = "Builds pinned programs if needed and prints their folders, one a line.",
        mixinStandardHelpOptions = true)
final class ProgramsCommand implements Runnable {
    @Mixin
    private LabOptions options = new LabOptions();

    @Parameters(arity = "0..*", description = "${COMPLETION-CANDIDATES} (default: what every lab needs)")
    private List<GoModule> modules = new ArrayList<>();

    @Override
    public void run() {
        ProgramCache cache = new ProgramCache(options.cache(), options.progress());
        List<GoModule> wanted = modules.isEmpty()
                ? List.of(GoModule.KUBERNETES, GoModule.ETCD, GoModule.CONTAINERD, GoModule.FORWARD)
                : modules;
        wanted.forEach(module -> System.out.println(cache.folder(module)));
    }
}
