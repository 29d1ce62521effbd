package io.liblink.registry.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.liblink.message.Address;
import io.liblink.message.NodeId;
import io.liblink.registry.Endpoint;
import io.liblink.registry.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

class EntryVectorTest {
  private final EntryReader reader = new EntryReader(new JsonFactory(), "shop");

  @TestFactory
  Stream<DynamicTest> goodEntriesAreReadWhole() {
    return Vectors.section("good")
        .valueStream()
        .map(v -> DynamicTest.dynamicTest(v.get("name").asString(), () -> {
          Entry entry = reader.read(Vectors.bytes(v), file(v));
          assertThat(entry.instances()).isEqualTo(instances(v));
          assertThat(entry.run()).isEqualTo(run(v));
        }));
  }

  @TestFactory
  Stream<DynamicTest> goodEntriesAreWrittenSoThatTheyReadTheSame() {
    return Vectors.section("good")
        .valueStream()
        .filter(v -> !v.get("instances").isEmpty())
        .map(v -> DynamicTest.dynamicTest(v.get("name").asString(), () -> {
          List<Instance> instances = instances(v);
          EntryWriter writer =
              new EntryWriter(new JsonFactory(), "shop", instances.get(0).node(), file(v), run(v));
          Entry entry = reader.read(writer.write(instances.get(0), instances), file(v));
          assertThat(entry).isEqualTo(new Entry(file(v), run(v), instances));
        }));
  }

  @TestFactory
  Stream<DynamicTest> badEntriesAreRefusedWithAReasonOfOneLine() {
    return Vectors.section("bad")
        .valueStream()
        .map(v -> DynamicTest.dynamicTest(v.get("name").asString(), () -> {
          BadEntry bad =
              catchThrowableOfType(BadEntry.class, () -> reader.read(Vectors.bytes(v), file(v)));
          assertThat(bad).isNotNull();
          assertThat(bad.why()).isNotBlank().isNotEqualTo("null").matches("[^\\p{Cntrl}]{1,201}");
        }));
  }

  @TestFactory
  Stream<DynamicTest> namesOfFilesSayWhatTheyAre() {
    return Vectors.section("names")
        .valueStream()
        .map(v -> DynamicTest.dynamicTest(v.get("file").asString(), () -> {
          String name = v.get("file").asString();
          String is = Entry.idOf(name) != null
              ? "entry"
              : Entry.isTemporary(name) ? "temporary" : "nothing";
          assertThat(is).isEqualTo(v.get("is").asString());
        }));
  }

  @Test
  void everyTruncationOfAnEntryIsBad() {
    byte[] whole = Vectors.bytes(Vectors.section("good").get(0));
    NodeId file = file(Vectors.section("good").get(0));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> reader.read(cut, file))
          .as("cut to %d bytes", length)
          .isInstanceOf(BadEntry.class);
    }
  }

  @Test
  void noByteThatIsChangedMakesTheReaderFailOtherwiseThanByRefusing() {
    byte[] whole = Vectors.bytes(Vectors.section("good").get(0));
    NodeId file = file(Vectors.section("good").get(0));
    int refused = 0;
    for (int at = 0; at < whole.length; at++) {
      for (int to : new int[] {0, 1, '"', '{', '}', '[', ']', ',', '9', '-', 0x80, 0xff}) {
        byte[] changed = whole.clone();
        changed[at] = (byte) to;
        try {
          reader.read(changed, file);
        } catch (BadEntry e) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(whole.length);
  }

  @Test
  void halfACharacterInMetadataIsWrittenAsAQuestionMark() throws BadEntry {
    JsonNode vector = Vectors.section("good").get(0);
    Instance i = instances(vector).get(0);
    Instance half = new Instance(
        i.service(),
        i.node(),
        i.id(),
        i.addresses(),
        i.version(),
        Map.of("note", "a\ud83d"),
        true,
        1,
        List.of());
    byte[] bytes = new EntryWriter(new JsonFactory(), "shop", i.node(), i.id(), null)
        .write(half, List.of(half));
    assertThat(reader.read(bytes, i.id()).instances().get(0).metadata())
        .containsEntry("note", "a?");
  }

  private static NodeId file(JsonNode v) {
    return Objects.requireNonNull(Entry.idOf(v.get("file").asString()));
  }

  private static Processes.Run run(JsonNode v) {
    JsonNode p = v.get("process");
    return p.isNull()
        ? null
        : new Processes.Run(
            p.get("pid").asLong(), p.get("start").asLong(), p.get("scope").asString());
  }

  private static List<Instance> instances(JsonNode v) {
    List<Instance> list = new ArrayList<>();
    for (JsonNode i : v.get("instances")) {
      List<Address> addresses = new ArrayList<>();
      i.get("addresses").forEach(a -> addresses.add(Address.parse(a.asString())));
      List<Endpoint> endpoints = new ArrayList<>();
      i.get("endpoints")
          .forEach(e -> endpoints.add(new Endpoint(
              e.get("name").asString(),
              Endpoint.Kind.valueOf(e.get("kind").asString().toUpperCase(Locale.ROOT)),
              e.get("idempotent").asBoolean())));
      Map<String, String> metadata = new TreeMap<>();
      i.get("metadata")
          .properties()
          .forEach(m -> metadata.put(m.getKey(), m.getValue().asString()));
      list.add(new Instance(
          i.get("service").asString(),
          i.get("node").asString(),
          NodeId.parse(i.get("id").asString()),
          addresses,
          i.get("version").asString(),
          metadata,
          i.get("ready").asBoolean(),
          i.get("started").asLong(),
          endpoints,
          i.path("weight").asInt(1),
          "",
          ""));
    }
    return list;
  }
}
