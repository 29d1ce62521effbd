package io.liblink.identity.trust;

import io.liblink.identity.Identity;
import io.liblink.identity.PeerRefusedException;
import io.liblink.identity.PeerRefusedException.Reason;
import io.liblink.identity.x509.ClusterCa;
import io.liblink.identity.x509.Der;
import io.liblink.identity.x509.DerException;
import io.liblink.identity.x509.DerReader;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges the certificate of a peer, in the order of {@code spec/trust.md}, section 5. Only the
 * peer's own certificate counts, never others that it sends. The work is bounded by the size of the
 * certificate, which is bounded, and one signature. Thread-safe; whatever the bytes are, the result
 * is an identity or a {@link PeerRefusedException}.
 */
final class PeerVerifier {
  /** A certificate with the most and longest roles stays below half of it. */
  static final int MAX_CERTIFICATE_BYTES = 8192;

  static final int MAX_ROLES = 32;

  private static final String KEY_USAGE = "551d0f";
  private static final String BASIC_CONSTRAINTS = "551d13";
  private static final String EXTENDED_KEY_USAGE = "551d25";
  private static final String ALTERNATIVE_NAME = "551d11";
  private static final Set<String> KNOWN =
      Set.of(KEY_USAGE, BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE, ALTERNATIVE_NAME);
  private static final int MAX_SIGNATURE_BYTES = 73;
  private static final int URI = 0x86;

  private static final Pattern ID =
      Pattern.compile("spiffe://([a-z0-9][a-z0-9.-]{0,62})/node/([A-Za-z0-9][A-Za-z0-9._-]{0,62})");
  private static final Pattern ROLE = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private final String cluster;
  private final List<ClusterCa> anchors;
  private final String keySource;
  private final Verified verified = new Verified();

  /** Accepts what any of {@code anchors} issued for {@code cluster}; the source is for words. */
  PeerVerifier(String cluster, List<ClusterCa> anchors, String keySource) {
    this.cluster = cluster;
    this.anchors = List.copyOf(anchors);
    this.keySource = keySource;
  }

  /** Who the certificate proves its holder to be, at that time in milliseconds since 1970. */
  Identity verify(byte @Nullable [] der, PeerPart part, long now) throws PeerRefusedException {
    if (der == null) {
      throw PeerRefusedException.noCertificate();
    }
    if (der.length > MAX_CERTIFICATE_BYTES) {
      throw malformed("it has " + der.length + " bytes, more than " + MAX_CERTIFICATE_BYTES);
    }
    try {
      PeerCertificate certificate = new PeerCertificate(der);
      ClusterCa issuer = issuer(certificate);
      checkSignature(certificate, issuer, der);
      checkTime(certificate.validity(), now);
      Map<String, PeerCertificate.Extension> extensions = certificate.extensions();
      checkProfile(certificate, extensions);
      checkUsage(extensions, part);
      return identity(certificate, extensions, issuer);
    } catch (DerException e) {
      throw malformed("it has " + e.getMessage());
    }
  }

  private ClusterCa issuer(PeerCertificate certificate) throws PeerRefusedException {
    for (ClusterCa anchor : anchors) {
      if (Arrays.equals(anchor.name(), certificate.issuer)) {
        return anchor;
      }
    }
    String other = certificate.issuerFingerprint();
    if (other == null) {
      throw new PeerRefusedException(
          Reason.UNKNOWN_ISSUER,
          "the peer's certificate was not issued by a liblink cluster key, but signed by itself or"
              + " by another authority; we trust " + trusted() + ". If the peer is a liblink node,"
              + " give it this cluster's key");
    }
    throw new PeerRefusedException(
        Reason.OTHER_KEY,
        "the peer was issued by " + other + ", we trust " + trusted() + ": the two have different"
            + " cluster keys. Give both the same one; ours is from " + keySource
            + ", and 'liblink key show' prints a key's fingerprint");
  }

  private void checkSignature(PeerCertificate certificate, ClusterCa issuer, byte[] der)
      throws PeerRefusedException {
    if (!certificate.hasOurForm()) {
      throw malformed("it is not of version 3 with ECDSA and SHA-256");
    }
    String print = Verified.fingerprint(der);
    if (verified.contains(print)) {
      return;
    }
    byte[] signature = certificate.signature;
    if (signature.length > MAX_SIGNATURE_BYTES
        || signature.length == 0
        || signature[0] != 0
        || !fits(certificate.tbs, Arrays.copyOfRange(signature, 1, signature.length), issuer)) {
      throw new PeerRefusedException(
          Reason.FORGED,
          "the peer's certificate claims to be issued by " + issuer + ", but that key did not sign"
              + " it: somebody without the cluster key pretends to be a node. Find out who connects"
              + " from that address");
    }
    verified.add(print);
  }

  private static boolean fits(byte[] signed, byte[] signature, ClusterCa issuer) {
    try {
      Signature ecdsa = Signature.getInstance("SHA256withECDSA");
      ecdsa.initVerify(issuer.publicKey());
      ecdsa.update(signed);
      return ecdsa.verify(signature);
    } catch (GeneralSecurityException | RuntimeException e) {
      return false; // whatever a provider throws at bytes that a stranger chose, they do not fit
    }
  }

  private static void checkTime(long[] validity, long now) throws PeerRefusedException {
    long notBefore = validity[0];
    long notAfter = validity[1];
    if (now < notBefore) {
      throw new PeerRefusedException(
          Reason.NOT_YET_VALID,
          "the peer's certificate is valid from " + Clock.date(notBefore) + ", which is "
              + Clock.span(notBefore - now) + " ahead of our clock (" + Clock.date(now)
              + "). Nodes date them back by 24 h, so the two clocks are at least "
              + Clock.span(notBefore - now + Credentials.BACKDATED_MILLIS)
              + " apart: compare 'date -u' on both machines and mend the wrong one");
    }
    if (now > notAfter) {
      throw new PeerRefusedException(
          Reason.EXPIRED,
          "the peer's certificate was valid until " + Clock.date(notAfter) + ", "
              + Clock.span(now - notAfter) + " ago by our clock (" + Clock.date(now)
              + "). Nodes renew theirs while 36 h are left, so the two clocks are at least "
              + Clock.span(now - notAfter + Credentials.RENEW_AFTER_MILLIS)
              + " apart: compare 'date -u' on both machines and mend the wrong one");
    }
  }

  private static void checkProfile(
      PeerCertificate certificate, Map<String, PeerCertificate.Extension> extensions)
      throws DerException, PeerRefusedException {
    if (!ClusterCa.isP256Key(certificate.spki)) {
      throw malformed("its key is not on the curve P-256");
    }
    for (Map.Entry<String, PeerCertificate.Extension> e : extensions.entrySet()) {
      if (e.getValue().critical() && !KNOWN.contains(e.getKey())) {
        throw malformed("it has a critical extension that liblink does not know");
      }
    }
    PeerCertificate.Extension constraints = extensions.get(BASIC_CONSTRAINTS);
    if (constraints != null) {
      DerReader fields = constraints.enter(Der.SEQUENCE);
      if (fields.peek() == Der.BOOLEAN && PeerCertificate.isTrue(fields.content(Der.BOOLEAN))) {
        throw new PeerRefusedException(
            Reason.CA_CERTIFICATE,
            "the peer showed the certificate of an authority (CA:TRUE), not of a node: a node"
                + " certificate has CA:FALSE");
      }
    }
  }

  private static void checkUsage(Map<String, PeerCertificate.Extension> extensions, PeerPart part)
      throws DerException, PeerRefusedException {
    if (!mayDigitallySign(extensions.get(KEY_USAGE))) {
      throw wrongUsage("key usage digitalSignature", part);
    }
    if (!hasUsage(extensions.get(EXTENDED_KEY_USAGE), part.usageOid)) {
      throw wrongUsage("extended key usage " + part.tlsName + "Auth", part);
    }
  }

  private static boolean mayDigitallySign(PeerCertificate.@Nullable Extension usage)
      throws DerException {
    if (usage == null) {
      return false;
    }
    byte[] bits = usage.enter(Der.BIT_STRING).rest();
    return bits.length >= 2 && bits[0] >= 0 && bits[0] < 8 && (bits[1] & 0x80) != 0;
  }

  private static boolean hasUsage(PeerCertificate.@Nullable Extension usages, String oid)
      throws DerException {
    boolean found = false;
    if (usages != null) {
      DerReader list = usages.enter(Der.SEQUENCE);
      while (list.peek() >= 0) {
        found |= HexFormat.of().formatHex(list.content(Der.OID)).equals(oid);
      }
    }
    return found;
  }

  private Identity identity(
      PeerCertificate certificate,
      Map<String, PeerCertificate.Extension> extensions,
      ClusterCa issuer)
      throws DerException, PeerRefusedException {
    PeerCertificate.Extension names = extensions.get(ALTERNATIVE_NAME);
    if (names == null) {
      throw badIdentity("it has no subject alternative name");
    }
    DerReader list = names.enter(Der.SEQUENCE);
    if (list.peek() != URI) {
      throw badIdentity("its subject alternative name is not a URI");
    }
    String uri = PeerCertificate.latin(list.content(URI));
    if (list.peek() >= 0) {
      throw badIdentity("it has more than one subject alternative name");
    }
    Matcher id = ID.matcher(uri);
    if (!id.matches()) {
      throw badIdentity("its URI is " + shown(uri));
    }
    if (!id.group(1).equals(cluster)) {
      throw new PeerRefusedException(
          Reason.OTHER_CLUSTER,
          "the peer is " + uri + ", of the cluster '" + id.group(1) + "', and we are of '" + cluster
              + "': both have the same key, but clusters do not talk to each other. Let one of them"
              + " join the other's cluster (LIBLINK_CLUSTER), and give each cluster a key of its own");
    }
    return new Identity(
        cluster,
        id.group(2),
        roles(certificate.organisations()),
        Identity.Trust.CLUSTER_KEY,
        issuer.fingerprint());
  }

  private static Set<String> roles(Set<String> organisations) throws PeerRefusedException {
    if (organisations.size() > MAX_ROLES) {
      throw badIdentity("it has more than " + MAX_ROLES + " roles");
    }
    for (String role : organisations) {
      if (!ROLE.matcher(role).matches()) {
        throw badIdentity("its role is " + shown(role));
      }
    }
    return organisations;
  }

  /** A role that a node may have, or {@link IllegalArgumentException} with the rule. */
  static String role(String role) {
    if (!ROLE.matcher(role).matches()) {
      throw new IllegalArgumentException(
          "'" + role + "' is not a role: lower-case letters, digits and -, at most 63");
    }
    return role;
  }

  private String trusted() {
    return anchors.stream().map(ClusterCa::fingerprint).collect(Collectors.joining(" and "));
  }

  private static PeerRefusedException malformed(String what) {
    return new PeerRefusedException(
        Reason.MALFORMED,
        "the peer's certificate is outside the profile: " + what + ". Was it made by liblink?");
  }

  private static PeerRefusedException wrongUsage(String missing, PeerPart part) {
    return new PeerRefusedException(
        Reason.WRONG_USAGE,
        "the peer's certificate lacks the " + missing + ", so it may not be a TLS " + part.tlsName
            + ": issue it again with the profile of liblink");
  }

  private static PeerRefusedException badIdentity(String what) {
    return new PeerRefusedException(
        Reason.BAD_IDENTITY,
        "the peer's certificate does not name one liblink node: " + what
            + "; expected is exactly one name, the URI spiffe://<cluster>/node/<name>, and roles of"
            + " lower-case letters, digits and -");
  }

  /** A stranger's text, made safe for a log. */
  private static String shown(String text) {
    String cut = text.length() > 100 ? text.substring(0, 100) + "..." : text;
    return "'" + cut.replaceAll("[^ -~]", "?") + "'";
  }
}
