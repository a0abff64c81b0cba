package dev.weft.bundle.images;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What the images of Java programs have in common: the C library, a runtime of their own, parsed classes, and the file of
 * arguments that starts them.
 *
 * @param name of the image, of the program's files in it, and of its list of classes
 * @param title for people
 * @param modules of the runtime
 * @param jvmFlags what Java is started with
 * @param environment of the process, beside what all of them have
 * @param command arguments of the program unless the pod gives others
 * @param user that it runs as, {@code uid:gid}
 */
record JavaProgram(
        String name,
        String title,
        SortedSet<String> modules,
        List<String> jvmFlags,
        Map<String, String> environment,
        String mainClass,
        List<String> command,
        String user) {
    /** For processes that live long, mostly sleep, and share their node with pods; measured in the README of agent. */
    private static final List<String> SMALL = List.of(
            "-XX:+UseSerialGC",
            "-Xms8m",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=20",
            "-Xss256k",
            "-XX:ReservedCodeCacheSize=24m",
            "-XX:+UseCompactObjectHeaders",
            "-XX:TrimNativeHeapInterval=10000",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED");

    /** One pool of the C library's allocator: threads that hardly allocate need none of their own. */
    static final Map<String, String> ONE_ARENA = Map.of("MALLOC_ARENA_MAX", "1");

    JavaProgram {
        jvmFlags = List.copyOf(jvmFlags);
        environment = Map.copyOf(environment);
        command = List.copyOf(command);
    }

    /** The flags that all programs have, and a program's own. */
    static List<String> flags(String... own) {
        var flags = new ArrayList<>(SMALL);
        flags.addAll(List.of(own));
        return List.copyOf(flags);
    }

    /** A file system with the C library and the runtime, for the program's files. */
    RootFs begin(BuildInputs inputs) throws IOException, ImageBuildException, InterruptedException {
        RootFs rootFs = RootFs.createIn(inputs.work().resolve(name));
        new CLibrary(inputs.platform(), inputs.sysroot()).addTo(rootFs);
        new JavaRuntime(inputs.jdk(), modules).addTo(rootFs, inputs.work());
        return rootFs;
    }

    /** The image, once all files of the program are in it. */
    ImagePlan finish(BuildInputs inputs, RootFs rootFs, List<String> classPath, String version)
            throws IOException, ImageBuildException, InterruptedException {
        String arguments = "/app/" + name;
        String archive = arguments + ".jsa";
        if (Platform.ofThisMachine() == inputs.platform()) {
            new ClassDataArchive(inputs.work())
                    .addTo(rootFs, "classes", jvmFlags, classPath, name + ".classlist", archive);
        }
        rootFs.write("app", ArgumentFile.of(jvmFlags, archive, classPath, mainClass), arguments);
        Map<String, String> variables = new TreeMap<>(environment);
        variables.put("LANG", "C.UTF-8");
        variables.put("WEFT_VERSION", version);
        return new ImagePlan(
                name,
                title,
                rootFs,
                List.of(JavaRuntime.HOME + "/bin/java", "@" + arguments),
                command,
                variables,
                user);
    }
}
