package io.liblink.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A CA and a certificate for each side (ECDSA P-256, valid for two days) in a directory of the run.
 * Both sides of every peer with TLS use these and ask for the other's.
 *
 * @param directory holds {@code all.p12} and the same as PEM files
 */
public record Secrets(Path directory) {
  private static final char[] PASSWORD = "only-for-this-run".toCharArray();
  private static final String STORE = "all.p12";

  /** Makes new ones with the JDK's keytool. */
  public static Secrets create(Path directory) throws IOException, GeneralSecurityException {
    Secrets secrets = new Secrets(directory);
    secrets.keytool("ca", "bc:c=ca:true", "ku:c=keyCertSign,cRLSign");
    for (String side : List.of("server", "client")) {
      secrets.keytool(
          side, "san=dns:localhost,ip:127.0.0.1", "eku=serverAuth,clientAuth", "-signer", "ca");
      secrets.writePem(side);
    }
    return secrets;
  }

  /** The certificate of the CA. */
  public Path ca() {
    return directory.resolve("ca.pem");
  }

  /** The certificate chain of {@code server} or {@code client}. */
  public Path chain(String side) {
    return directory.resolve(side + ".pem");
  }

  /** The private key of {@code server} or {@code client}, PKCS #8. */
  public Path key(String side) {
    return directory.resolve(side + ".key");
  }

  /** For the JDK's TLS: proves to be {@code side}, trusts the CA only. */
  public SSLContext jdkContext(String side) throws IOException, GeneralSecurityException {
    KeyStore all = load();
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry(side, all.getKey(side, PASSWORD), PASSWORD, all.getCertificateChain(side));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", all.getCertificate("ca"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve(STORE))) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private void keytool(String alias, String... extra) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-alias",
        alias,
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-sigalg",
        "SHA256withECDSA",
        "-dname",
        "CN=liblink-bench-" + alias,
        "-validity",
        "2",
        "-startdate",
        "-1d",
        "-storetype",
        "PKCS12",
        "-keystore",
        directory.resolve(STORE).toString(),
        "-storepass",
        new String(PASSWORD)));
    for (String argument : extra) {
      if (argument.startsWith("-") || argument.equals("ca")) {
        command.add(argument);
      } else {
        Collections.addAll(command, "-ext", argument);
      }
    }
    Path log = directory.resolve("keytool.log");
    Process process = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("keytool made no certificate: " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    }
  }

  private void writePem(String side) throws IOException, GeneralSecurityException {
    KeyStore store = load();
    StringBuilder chain = new StringBuilder();
    Certificate last = null;
    for (Certificate certificate : store.getCertificateChain(side)) {
      chain.append(pem("CERTIFICATE", certificate.getEncoded()));
      last = certificate;
    }
    Key key = store.getKey(side, PASSWORD);
    Files.writeString(chain(side), chain);
    Files.writeString(key(side), pem("PRIVATE KEY", key.getEncoded()));
    Files.writeString(ca(), pem("CERTIFICATE", Objects.requireNonNull(last).getEncoded()));
  }

  private static String pem(String kind, byte[] der) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
  }
}
