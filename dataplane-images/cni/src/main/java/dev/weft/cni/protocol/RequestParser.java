package dev.weft.cni.protocol;

import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what the shim sends: {@code {"command","containerId","netns","ifname","args","path","config"}}, where config is
 * the network configuration that the runtime wrote to the shim's standard input. Checks everything that the
 * specification lets a plugin check before it touches anything.
 */
public final class RequestParser {
    private static final Pattern NETWORK_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.\\-]*");
    private static final int MAX_REQUEST = 4 << 20;

    private RequestParser() {}

    /**
     * @throws CniException code 1 for a version that is not spoken, 2 for a field that asks for something Weft does not
     *     do, 4 for a wrong or missing CNI_ variable, 6 for what is not JSON, 7 for a configuration that is wrong
     */
    public static CniRequest parse(byte[] message) throws CniException {
        if (message.length > MAX_REQUEST) {
            throw new CniException(CniError.UNDECODABLE, "the request is longer than " + MAX_REQUEST + " bytes");
        }
        JsonFields request = JsonFields.parse(message);
        String command = request.optionalString("command");
        JsonFields config = request.optionalObject("config")
                .orElseThrow(() -> new CniException(
                        CniError.UNDECODABLE, "no network configuration on the standard input of the plugin"));
        config = new JsonFields(config.fields(), ""); // its fields are known by their own names
        CniVersion version = version(config);
        requireName(config);
        return switch (command) {
            case "ADD" -> add(version, request, config);
            case "DEL" -> new CniRequest.Del(version, attachment(request), pod(request));
            case "CHECK" -> check(version, request, config);
            case "GC" -> gc(since(CniVersion.V1_1_0, version, command), config);
            case "STATUS" -> new CniRequest.Status(since(CniVersion.V1_1_0, version, command));
            default ->
                throw new CniException(
                        CniError.INVALID_ENVIRONMENT,
                        "CNI_COMMAND is '" + command + "', not one of ADD, DEL, CHECK, GC, STATUS and VERSION");
        };
    }

    /** The version that an error about this message is to be told in; the oldest when the message does not say. */
    public static CniVersion versionForErrors(byte[] message) {
        try {
            Optional<JsonFields> config = JsonFields.parse(message).optionalObject("config");
            return config.isPresent() ? version(config.get()) : CniVersion.V1_0_0;
        } catch (CniException e) {
            return CniVersion.V1_0_0;
        }
    }

    private static CniRequest add(CniVersion version, JsonFields request, JsonFields config) throws CniException {
        Attachment attachment = attachment(request);
        String netns = netns(request);
        if (config.has("prevResult")) {
            throw new CniException(
                    CniError.INVALID_CONFIG,
                    "weft makes the first interface of a pod and must stand first in the plugin chain: ADD came with a"
                            + " prevResult");
        }
        if (config.has("ipam")) {
            throw unsupported(config, "ipam", "addresses come from the node's podCIDRs");
        }
        Optional<JsonFields> runtime = config.optionalObject("runtimeConfig");
        List<PortMapping> ports = List.of();
        Bandwidth bandwidth = Bandwidth.UNLIMITED;
        if (runtime.isPresent()) {
            for (String field : List.of("ips", "mac", "ipRanges")) {
                if (runtime.get().has(field)) {
                    throw unsupported(runtime.get(), field, "weft chooses it");
                }
            }
            ports = portMappings(runtime.get());
            bandwidth = bandwidth(runtime.get());
        }
        return new CniRequest.Add(
                version,
                attachment,
                netns,
                pod(request),
                arguments(request).getOrDefault("K8S_POD_UID", ""),
                ports,
                bandwidth);
    }

    private static CniRequest check(CniVersion version, JsonFields request, JsonFields config) throws CniException {
        Attachment attachment = attachment(request);
        String netns = netns(request);
        JsonFields previous =
                config.optionalObject("prevResult").orElseThrow(() -> config.wrong("prevResult", "an object"));
        List<String> interfaces = new ArrayList<>();
        for (JsonFields link : previous.objects("interfaces")) {
            interfaces.add(link.string("name"));
        }
        List<Ip> ips = new ArrayList<>();
        for (JsonFields ip : previous.objects("ips")) {
            String address = ip.string("address");
            int slash = address.indexOf('/');
            ips.add(ip(ip, "address", slash < 0 ? address : address.substring(0, slash)));
        }
        return new CniRequest.Check(version, attachment, netns, pod(request), new PreviousResult(interfaces, ips));
    }

    private static CniRequest gc(CniVersion version, JsonFields config) throws CniException {
        // libcni writes both names (its issue 1101); without either nothing may be taken for garbage.
        String name = config.fields().containsKey("cni.dev/valid-attachments")
                ? "cni.dev/valid-attachments"
                : "cni.dev/attachments";
        if (!config.fields().containsKey(name)) {
            throw config.wrong("cni.dev/valid-attachments", "a list");
        }
        Set<Attachment> valid = new HashSet<>();
        for (JsonFields item : config.objects(name)) {
            try {
                valid.add(new Attachment(item.string("containerID"), item.string("ifname")));
            } catch (IllegalArgumentException e) {
                throw new CniException(CniError.INVALID_CONFIG, "field " + name + ": " + e.getMessage(), e);
            }
        }
        return new CniRequest.Gc(version, valid);
    }

    private static CniVersion version(JsonFields config) throws CniException {
        String text = config.optionalString("cniVersion");
        return CniVersion.of(text)
                .orElseThrow(() -> new CniException(
                        CniError.INCOMPATIBLE_VERSION,
                        "cniVersion '" + text + "' of the network configuration is none of 0.4.0, 1.0.0 and 1.1.0"));
    }

    private static CniVersion since(CniVersion first, CniVersion asked, String command) throws CniException {
        if (!asked.atLeast(first)) {
            throw new CniException(
                    CniError.INCOMPATIBLE_VERSION, command + " exists since CNI " + first + ", not in " + asked);
        }
        return asked;
    }

    private static void requireName(JsonFields config) throws CniException {
        String name = config.optionalString("name");
        if (!NETWORK_NAME.matcher(name).matches()) {
            throw config.wrong("name", "a network name");
        }
    }

    private static Attachment attachment(JsonFields request) throws CniException {
        try {
            return new Attachment(
                    required(request, "containerId", "CNI_CONTAINERID"), required(request, "ifname", "CNI_IFNAME"));
        } catch (IllegalArgumentException e) {
            throw new CniException(CniError.INVALID_ENVIRONMENT, "CNI_CONTAINERID or CNI_IFNAME: " + e.getMessage(), e);
        }
    }

    private static String netns(JsonFields request) throws CniException {
        return required(request, "netns", "CNI_NETNS");
    }

    private static String required(JsonFields request, String field, String variable) throws CniException {
        String value = request.optionalString(field);
        if (value.isEmpty()) {
            throw new CniException(CniError.INVALID_ENVIRONMENT, variable + " is not set");
        }
        return value;
    }

    private static PodName pod(JsonFields request) throws CniException {
        Map<String, String> args = arguments(request);
        return new PodName(args.getOrDefault("K8S_POD_NAMESPACE", ""), args.getOrDefault("K8S_POD_NAME", ""));
    }

    /** Those of CNI_ARGS. */
    private static Map<String, String> arguments(JsonFields request) throws CniException {
        Map<String, String> args = new HashMap<>();
        for (String pair : request.optionalString("args").split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                args.put(pair.substring(0, equals), pair.substring(equals + 1));
            } else if (!pair.isBlank()) {
                throw new CniException(
                        CniError.INVALID_ENVIRONMENT, "CNI_ARGS holds '" + pair + "', which is not KEY=VALUE");
            }
        }
        return args;
    }

    private static List<PortMapping> portMappings(JsonFields runtime) throws CniException {
        List<PortMapping> out = new ArrayList<>();
        for (JsonFields mapping : runtime.objects("portMappings")) {
            int hostPort = mapping.optionalInteger("hostPort");
            if (hostPort == 0) {
                continue; // a container port that the node does not open
            }
            String protocol = mapping.has("protocol") ? mapping.string("protocol") : "tcp";
            String hostIp = mapping.optionalString("hostIP");
            try {
                out.add(new PortMapping(
                        PortMapping.Protocol.valueOf(protocol.toUpperCase(Locale.ROOT)),
                        hostIp.isEmpty() ? Optional.empty() : Optional.of(ip(mapping, "hostIP", hostIp)),
                        hostPort,
                        mapping.optionalInteger("containerPort")));
            } catch (IllegalArgumentException e) {
                throw new CniException(CniError.INVALID_CONFIG, "field " + mapping.path() + ": " + e.getMessage(), e);
            }
        }
        return out;
    }

    private static Bandwidth bandwidth(JsonFields runtime) throws CniException {
        Optional<JsonFields> bandwidth = runtime.optionalObject("bandwidth");
        if (bandwidth.isEmpty()) {
            return Bandwidth.UNLIMITED;
        }
        JsonFields limits = bandwidth.get();
        try {
            return new Bandwidth(
                    limits.optionalNumber("ingressRate"),
                    limits.optionalNumber("ingressBurst"),
                    limits.optionalNumber("egressRate"),
                    limits.optionalNumber("egressBurst"));
        } catch (IllegalArgumentException e) {
            throw new CniException(CniError.INVALID_CONFIG, "field " + limits.path() + ": " + e.getMessage(), e);
        }
    }

    private static Ip ip(JsonFields owner, String name, String text) throws CniException {
        try {
            return Ip.parse(text);
        } catch (IllegalArgumentException e) {
            throw owner.wrong(name, "an IP address");
        }
    }

    private static CniException unsupported(JsonFields owner, String name, String why) {
        return new CniException(
                CniError.UNSUPPORTED_FIELD,
                "field " + owner.at(name) + " with value " + owner.fields().get(name) + " is not supported: " + why);
    }
}
