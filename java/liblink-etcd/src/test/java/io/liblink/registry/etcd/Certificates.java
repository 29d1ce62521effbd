package io.liblink.registry.etcd;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Certificates for tests, made by the JDK's keytool: a CA, and what it issues, as PEM files. */
final class Certificates {
  private static final String PASSWORD = "changeit";

  private final Path directory;
  private final Path store;

  Certificates(Path directory) {
    this.directory = directory;
    this.store = directory.resolve("store.p12");
    keytool("-genkeypair", "-alias", "ca", "-dname", "CN=test ca", "-ext", "bc:c");
    try {
      pem("CERTIFICATE", directory.resolve("ca.pem"), certificate("ca").getEncoded());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  Path ca() {
    return directory.resolve("ca.pem");
  }

  /** Issues one: {@code NAME.pem} and {@code NAME.key}, for that subject alternative name. */
  void issue(String name, String san) {
    keytool("-genkeypair", "-alias", name, "-dname", "CN=" + name);
    Path request = directory.resolve(name + ".csr");
    Path issued = directory.resolve(name + ".crt");
    keytool("-certreq", "-alias", name, "-file", request.toString());
    keytool(
        "-gencert",
        "-alias",
        "ca",
        "-infile",
        request.toString(),
        "-outfile",
        issued.toString(),
        "-ext",
        "san=" + san,
        "-ext",
        "eku=serverAuth,clientAuth");
    try {
      pem("CERTIFICATE", file(name + ".pem"), Files.readAllBytes(issued));
      Key key = keys().getKey(name, PASSWORD.toCharArray());
      pem("PRIVATE KEY", file(name + ".key"), key.getEncoded());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  private Certificate certificate(String alias) throws Exception {
    return keys().getCertificate(alias);
  }

  private KeyStore keys() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static void pem(String type, Path file, byte[] der) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN " + type + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END " + type + "-----\n");
  }

  private void keytool(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(Arrays.asList(arguments));
    command.addAll(
        List.of("-keystore", store.toString(), "-storepass", PASSWORD, "-storetype", "PKCS12"));
    if (arguments[0].equals("-genkeypair")) {
      command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30"));
    }
    try {
      Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
      p.getOutputStream().close();
      String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!p.waitFor(60, TimeUnit.SECONDS) || p.exitValue() != 0) {
        throw new AssertionError(command + ": " + said);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
