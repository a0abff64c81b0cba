package dev.weft.ingress.proxy.http2;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/**
 * Connections whose streams take turns with what may be written. Priorities are not looked at: RFC 9113, 5.3.2 deprecates
 * them, and to keep a tree of them costs every request.
 */
final class EvenConnection {
    private EvenConnection() {}

    static Http2Connection of(boolean server) {
        Http2Connection connection = new DefaultHttp2Connection(server);
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        return connection;
    }
}
