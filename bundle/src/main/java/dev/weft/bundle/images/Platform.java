package dev.weft.bundle.images;

/** A processor architecture under the names that its different users gave it. All are Linux with glibc. */
public enum Platform {
    AMD64("amd64", "x86_64-linux-gnu", "/lib64/ld-linux-x86-64.so.2"),
    ARM64("arm64", "aarch64-linux-gnu", "/lib/ld-linux-aarch64.so.1");

    private final String goName;
    private final String triplet;
    private final String loader;

    Platform(String goName, String triplet, String loader) {
        this.goName = goName;
        this.triplet = triplet;
        this.loader = loader;
    }

    /** Name in OCI image configurations and of GOARCH. */
    public String goName() {
        return goName;
    }

    /** Debian's multiarch folder. */
    public String triplet() {
        return triplet;
    }

    /** The program interpreter that the psABI of the architecture fixes. */
    public String loader() {
        return loader;
    }

    /** The platform that this build runs on. */
    public static Platform ofThisMachine() throws ImageBuildException {
        String arch = System.getProperty("os.arch");
        return switch (arch) {
            case "amd64", "x86_64" -> AMD64;
            case "aarch64" -> ARM64;
            default -> throw new ImageBuildException("images are built for amd64 and arm64; this machine is " + arch);
        };
    }
}
