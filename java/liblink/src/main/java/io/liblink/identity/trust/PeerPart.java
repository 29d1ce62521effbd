package io.liblink.identity.trust;

/** The part that a peer plays in a connection. */
public enum PeerPart {
  /** It dialed us: the TLS client. */
  DIALER("client", "2b06010505070302"),
  /** We dialed it: the TLS server. */
  ACCEPTOR("server", "2b06010505070301");

  final String tlsName;
  final String usageOid;

  PeerPart(String tlsName, String usageOid) {
    this.tlsName = tlsName;
    this.usageOid = usageOid;
  }
}
