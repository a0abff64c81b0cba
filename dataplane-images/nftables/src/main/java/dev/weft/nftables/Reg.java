package dev.weft.nftables;

/**
 * A data register, counted in slots of 4 bytes. A value longer than 4 bytes goes on into the slots that follow.
 *
 * @param slot 0 to 15
 */
public record Reg(int slot) {
    public static final Reg R0 = new Reg(0);

    public Reg {
        if (slot < 0 || slot > 15) {
            throw new IllegalArgumentException("there are 16 register slots, no " + slot);
        }
    }

    /**
     * The kernel's number as it dumps it (nft_dump_register): slots at a multiple of 16 bytes by the old names
     * NFT_REG_1 to NFT_REG_4, the others as NFT_REG32_xx.
     */
    int code() {
        return slot % 4 == 0 ? 1 + slot / 4 : 8 + slot;
    }

    /** The register of a kernel number, which names no data register if outside 1-4 and 8-23. */
    static Reg ofCode(int code) {
        return new Reg(code >= 1 && code <= 4 ? (code - 1) * 4 : code - 8);
    }

    Reg plusBytes(int paddedLength) {
        return new Reg(slot + paddedLength / 4);
    }

    @Override
    public String toString() {
        return "reg" + slot;
    }
}
