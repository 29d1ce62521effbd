package io.liblink.bench.reference;

import io.liblink.bench.peers.Peer;
import io.liblink.bench.peers.Secrets;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;

/** The raw reference as a peer. */
public final class Reference implements Peer {
  @Override
  public Server serve(Secrets secrets) throws Exception {
    return new ReferenceServer(secrets);
  }

  @Override
  public Dialer dialer(String address, Secrets secrets) throws Exception {
    SslContext tls = ReferenceTls.client(secrets);
    EventLoopGroup loops = ReferenceLoops.start();
    return () -> {
      ReferenceLink link = new ReferenceLink();
      ReferenceTcp.dial(loops, tls, address, link);
      return link;
    };
  }
}
