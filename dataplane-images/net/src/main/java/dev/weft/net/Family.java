package dev.weft.net;

/** An IP family, with the kernel's number for it ({@code AF_*} in {@code linux/socket.h}). */
public enum Family {
    IPV4(2, 32),
    IPV6(10, 128);

    private final int addressFamily;
    private final int bits;

    Family(int addressFamily, int bits) {
        this.addressFamily = addressFamily;
        this.bits = bits;
    }

    /** {@code AF_INET} (2) or {@code AF_INET6} (10). */
    public int addressFamily() {
        return addressFamily;
    }

    /** Length of an address in bits: 32 or 128. */
    public int bits() {
        return bits;
    }
}
