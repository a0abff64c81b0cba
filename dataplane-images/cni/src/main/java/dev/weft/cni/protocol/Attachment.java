package dev.weft.cni.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * One interface of one container: the key of everything that ADD makes and DEL removes.
 *
 * @param containerId the runtime's id of the sandbox: a letter or digit, then letters, digits, {@code _ . -}
 * @param ifname name of the interface in the container, a valid Linux interface name
 */
public record Attachment(String containerId, String ifname) {
    private static final Pattern CONTAINER_ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.\\-]*");
    /** {@code dev_valid_name} in {@code net/core/dev.c}, and IFNAMSIZ less the closing zero. */
    private static final Pattern IFNAME = Pattern.compile("(?!\\.{1,2}$)[\\x21-\\x2e\\x30-\\x39\\x3b-\\x7e]{1,15}");

    public Attachment {
        if (!CONTAINER_ID.matcher(containerId).matches()) {
            throw new IllegalArgumentException("'" + containerId + "' is not a container id");
        }
        if (!IFNAME.matcher(ifname).matches()) {
            throw new IllegalArgumentException("'" + ifname + "' is not an interface name");
        }
    }

    /**
     * Name of the host's end of the pod link: {@code weft} and 11 hex digits, 15 characters as IFNAMSIZ allows. The
     * same attachment always gives the same name, so what belongs to it is found without asking any file.
     */
    public String hostLink() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((containerId + "/" + ifname).getBytes(StandardCharsets.UTF_8));
            return "weft" + HexFormat.of().formatHex(hash).substring(0, 11);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return containerId + "/" + ifname;
    }
}
