package io.liblink.identity.trust;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Shows this node's current certificate in every handshake, whichever authorities the other side
 * names: it shall see who we are even when it will refuse us, so that it can say why.
 */
final class OwnKey extends X509ExtendedKeyManager {
  private static final String ALIAS = "liblink";

  private final Supplier<PrivateKey> key;
  private final Supplier<X509Certificate[]> chain;

  OwnKey(Supplier<PrivateKey> key, Supplier<X509Certificate[]> chain) {
    this.key = key;
    this.chain = chain;
  }

  @Override
  public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
    return ALIAS;
  }

  @Override
  public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
    return ALIAS;
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return ALIAS;
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    return ALIAS;
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain.get();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key.get();
  }
}
