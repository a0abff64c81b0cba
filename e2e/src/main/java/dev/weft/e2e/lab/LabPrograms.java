package dev.weft.e2e.lab;

import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import java.nio.file.Path;

/**
 * Folders with the programs every lab runs, built when missing.
 *
 * @param all the folder above them, where other programs are that one may start on a node
 */
public record LabPrograms(Path all, Path kubernetes, Path etcd, Path containerd, Path forward) {
    public static LabPrograms from(ProgramCache cache) {
        return new LabPrograms(
                cache.root(),
                cache.folder(GoModule.KUBERNETES),
                cache.folder(GoModule.ETCD),
                cache.folder(GoModule.CONTAINERD),
                cache.folder(GoModule.FORWARD));
    }

    String kubernetes(String name) {
        return kubernetes.resolve(name).toString();
    }

    String containerd(String name) {
        return containerd.resolve(name).toString();
    }
}
