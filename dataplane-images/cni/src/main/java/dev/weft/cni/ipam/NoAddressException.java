package dev.weft.cni.ipam;

/** A podCIDR has no address to give; the message says which and why. */
public final class NoAddressException extends Exception {
    private static final long serialVersionUID = 1L;

    NoAddressException(String message) {
        super(message);
    }
}
