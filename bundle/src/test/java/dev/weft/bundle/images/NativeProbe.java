package dev.weft.bundle.images;

/** Runs inside the image of the ingress proxy, where Netty is. */
public final class NativeProbe {
    private NativeProbe() {}

    public static void main(String[] args) throws ReflectiveOperationException {
        Class.forName("io.netty.channel.epoll.Epoll")
                .getMethod("ensureAvailability")
                .invoke(null);
        Class<?> openSsl = Class.forName("io.netty.handler.ssl.OpenSsl");
        openSsl.getMethod("ensureAvailability").invoke(null);
        System.out.println("epoll and " + openSsl.getMethod("versionString").invoke(null));
    }
}
