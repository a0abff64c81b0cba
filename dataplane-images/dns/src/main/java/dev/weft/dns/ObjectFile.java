package dev.weft.dns;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.weft.dns.cluster.EndpointSlice;
import dev.weft.dns.cluster.Kinds;
import dev.weft.dns.cluster.PodAddresses;
import dev.weft.dns.cluster.Service;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.ObjectStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file of objects as {@code kubectl get services,endpointslices,namespaces -A -o json} (or yaml) prints them. */
final class ObjectFile {
    private ObjectFile() {}

    /**
     * Puts the objects into a zone.
     *
     * @throws IOException if the file cannot be read
     * @throws KubeException if it is no JSON, or YAML for a name that ends so
     */
    static void load(Path file, ClusterZone zone) throws IOException, KubeException {
        ObjectStream objects = new ObjectStream(Kinds.decoders(), (kind, key, value) -> object(zone, key, value));
        try (JsonInput in = new JsonInput(open(file))) {
            objects.read(in);
        }
    }

    private static void object(ClusterZone zone, ObjectKey key, Object value) {
        switch (value) {
            case Service service -> zone.service(key, Optional.of(service));
            case EndpointSlice slice -> zone.slice(key, Optional.of(slice));
            case PodAddresses pod -> zone.pod(key, Optional.of(pod));
            case String namespace -> zone.namespace(namespace, true);
            default -> throw new IllegalStateException("no decoder makes a " + value.getClass());
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
        return file.toString().matches(".*[.]ya?ml") ? toJson(bytes) : bytes;
    }

    private static InputStream toJson(InputStream yaml) throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (JsonParser parser = new YAMLFactory().createParser(yaml);
                JsonGenerator generator = new JsonFactory().createGenerator(json)) {
            while (parser.nextToken() != null) {
                generator.copyCurrentStructure(parser);
            }
        }
        return new ByteArrayInputStream(json.toByteArray());
    }
}
