package dev.weft.bundle.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** Turns plans into archives, or into images of a registry, with jib. */
final class ImageWriter {
    private final Platform platform;
    private final Path work;

    ImageWriter(Platform platform, Path work) {
        this.platform = platform;
        this.work = work;
    }

    /**
     * Writes an OCI archive.
     *
     * @return the manifest's digest
     */
    String writeArchive(ImagePlan plan, String reference, Path target)
            throws IOException, ImageBuildException, InterruptedException {
        Path fromJib = work.resolve(plan.name() + ".jib.tar");
        containerize(plan, Containerizer.to(TarImage.at(fromJib).named(parse(reference))));
        Files.createDirectories(target.getParent());
        String digest = OciArchive.name(fromJib, reference, target);
        Files.delete(fromJib);
        return digest;
    }

    /**
     * Pushes to a registry, with the credentials that {@code docker login} or a credential helper left.
     *
     * @param insecure whether plain HTTP and unknown certificates will do
     * @return the manifest's digest
     */
    String push(ImagePlan plan, String reference, boolean insecure)
            throws IOException, ImageBuildException, InterruptedException {
        ImageReference name = parse(reference);
        var credentials = CredentialRetrieverFactory.forImage(name, event -> {});
        var image = RegistryImage.named(name)
                .addCredentialRetriever(credentials.dockerConfig())
                .addCredentialRetriever(credentials.wellKnownCredentialHelpers());
        return containerize(plan, Containerizer.to(image).setAllowInsecureRegistries(insecure))
                .getDigest()
                .toString();
    }

    private JibContainer containerize(ImagePlan plan, Containerizer containerizer)
            throws IOException, ImageBuildException, InterruptedException {
        JibContainerBuilder builder = Jib.fromScratch()
                .setFormat(ImageFormat.OCI)
                .setPlatforms(Set.of(new com.google.cloud.tools.jib.api.buildplan.Platform(platform.goName(), "linux")))
                .setCreationTime(Instant.EPOCH)
                .setEntrypoint(plan.entrypoint())
                .setProgramArguments(plan.arguments())
                .setEnvironment(plan.environment())
                .setUser(plan.user())
                .setLabels(Map.of(
                        "org.opencontainers.image.title", plan.title(),
                        "org.opencontainers.image.version", plan.environment().getOrDefault("WEFT_VERSION", ""),
                        "org.opencontainers.image.licenses", "Apache-2.0"))
                .setFileEntriesLayers(plan.rootFs().layers());
        // jib knows a layer again by its files' paths and times. Here the times never change, so nothing may be reused.
        Path cache = work.resolve("jib-cache");
        RootFs.deleteTree(cache);
        try {
            return builder.containerize(containerizer
                    .setToolName("weft")
                    .setApplicationLayersCache(cache)
                    .setBaseImageLayersCache(cache)
                    .setOfflineMode(false));
        } catch (RegistryException | CacheDirectoryCreationException | ExecutionException e) {
            throw new ImageBuildException("cannot write image " + plan.name() + ": " + e.getMessage(), e);
        }
    }

    private static ImageReference parse(String reference) throws ImageBuildException {
        try {
            return ImageReference.parse(reference);
        } catch (InvalidImageReferenceException e) {
            throw new ImageBuildException("'" + reference + "' is no image reference", e);
        }
    }
}
