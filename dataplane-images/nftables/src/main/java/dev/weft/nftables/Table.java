package dev.weft.nftables;

/**
 * The name of a table.
 *
 * @param name 1 to 255 visible ASCII characters without quotes, braces, commas and semicolons; nft itself
 *     reads only letters, digits and {@code / \ _ . -} with a letter or _ first
 */
public record Table(TableFamily family, String name) {
    public Table {
        Names.check("table", name);
    }

    public static Table inet(String name) {
        return new Table(TableFamily.INET, name);
    }

    public static Table ip(String name) {
        return new Table(TableFamily.IP, name);
    }

    public static Table ip6(String name) {
        return new Table(TableFamily.IP6, name);
    }

    @Override
    public String toString() {
        return family + " " + name;
    }
}
