package dev.weft.bundle.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The images of this build: built again elsewhere they are the same, and what is in them runs. */
class ImagesIT {
    private static final Path ROOT = Path.of(System.getProperty("weft.root", ".."));
    private static final String RELEASE = System.getProperty("weft.release", "0.1.0");

    @TempDir
    private static Path again;

    @BeforeAll
    static void buildAgain() {
        int status = new CommandLine(new ImagesCommand())
                .execute("--root=" + ROOT, "--release=" + RELEASE, "--out=" + again);
        assertThat(status).isZero();
    }

    @Test
    void theSameSourcesGiveTheSameBytes() {
        Path first = ROOT.resolve("bundle/target/images");
        for (String image : List.of("weft-node", "weft-operator", "weft-dns", "weft-ingress")) {
            String archive = image + "-" + RELEASE + ".tar";
            assertThat(again.resolve(archive)).hasSameBinaryContentAs(first.resolve(archive));
        }
        assertThat(again.resolve("images.txt")).hasSameTextualContentAs(first.resolve("images.txt"));
    }

    /** With -Xshare:on the JVM refuses to start if it cannot use the class archive. */
    @ParameterizedTest
    @ValueSource(strings = {"weft-node", "weft-dns", "weft-ingress"})
    void theProgramRunsWithNothingButItsImage(String image) throws Exception {
        assertThat(run(image, "-Xshare:on @/app/" + image + " version")).contains(RELEASE);
    }

    /** Netty would unpack its native libraries to a folder that is not there. */
    @Test
    void theIngressProxyFindsItsNativeLibrariesInItsImage() throws Exception {
        String probe = NativeProbe.class.getName().replace('.', '/') + ".class";
        Path target = again.resolve("work/weft-ingress/probe").resolve(probe);
        Files.createDirectories(target.getParent());
        try (InputStream code = Objects.requireNonNull(NativeProbe.class.getResourceAsStream("NativeProbe.class"))) {
            Files.copy(code, target, StandardCopyOption.REPLACE_EXISTING);
        }

        String output = run(
                "weft-ingress",
                "-Dio.netty.native.workdir=/nowhere -Djava.library.path=" + NativeLibraries.FOLDER
                        + " --enable-native-access=ALL-UNNAMED -cp '/probe:/app/lib/*' " + NativeProbe.class.getName());

        assertThat(output).contains("epoll and BoringSSL");
    }

    private static String run(String image, String arguments)
            throws IOException, ImageBuildException, InterruptedException {
        Path root = again.resolve("work").resolve(image);
        Files.createDirectories(root.resolve("proc"));
        return Programs.run(
                root,
                Map.of("LANG", "C.UTF-8", "WEFT_VERSION", RELEASE),
                List.of(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        "mount -t proc proc proc && exec chroot . /opt/java/bin/java " + arguments));
    }
}
