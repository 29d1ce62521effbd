package io.liblink.bench.topology;

import io.liblink.registry.Instance;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Enters instances into Consul's catalog as {@code spec/registry-consul.md} has it; nobody will beat. */
final class Catalog {
  private static final String NODE = "entered-by-hand";

  /** Consul takes 64 operations in a transaction: here one and two checks for each. */
  private static final int CHUNK = 20;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String agent;
  private final String cluster;

  Catalog(String agent, String cluster) {
    this.agent = agent;
    this.cluster = cluster;
  }

  void put(List<Instance> instances) throws IOException, InterruptedException {
    put("/v1/catalog/register", "{\"Node\":\"" + NODE + "\",\"Address\":\"127.0.0.1\"}");
    for (int from = 0; from < instances.size(); from += CHUNK) {
      List<String> operations = new ArrayList<>();
      for (Instance i : instances.subList(from, Math.min(from + CHUNK, instances.size()))) {
        operations.add(operation(i));
        operations.add(check(i, "beat", "liblink heartbeat", "", "alive"));
        operations.add(check(i, "ready", "liblink readiness", "ready", "ready"));
      }
      put("/v1/txn", "[" + String.join(",", operations) + "]");
    }
  }

  /** All names and values are ours and need no escapes. */
  private String operation(Instance i) {
    String started = new DateTimeFormatterBuilder()
        .appendInstant(3)
        .toFormatter(Locale.ROOT)
        .format(Instant.ofEpochMilli(i.startedMillis()));
    String meta = "\"liblink-cluster\":\"" + cluster
        + "\",\"liblink-node\":\"" + i.node()
        + "\",\"liblink-id\":\"" + i.id()
        + "\",\"liblink-started\":\"" + started
        + "\",\"liblink-version\":\"" + i.version()
        + "\",\"liblink-methods\":\"quote*\",\"zone\":\"zone-1\"";
    return "{\"Service\":{\"Verb\":\"set\",\"Node\":\"" + NODE
        + "\",\"Service\":{\"ID\":\"" + i.service() + "-" + i.id()
        + "\",\"Service\":\"" + i.service()
        + "\",\"Tags\":[\"liblink-" + cluster
        + "\"],\"Address\":\"" + i.addresses().get(0).host()
        + "\",\"Port\":" + i.addresses().get(0).port()
        + ",\"Weights\":{\"Passing\":1,\"Warning\":1},\"Meta\":{" + meta + "}}}}";
  }

  private static String check(Instance i, String which, String name, String notes, String output) {
    String service = i.service() + "-" + i.id();
    return "{\"Check\":{\"Verb\":\"set\",\"Check\":{\"Node\":\"" + NODE
        + "\",\"CheckID\":\"" + service + ":" + which
        + "\",\"Name\":\"" + name
        + "\",\"Status\":\"passing\",\"Notes\":\"" + notes
        + "\",\"Output\":\"" + output
        + "\",\"ServiceID\":\"" + service
        + "\",\"ServiceName\":\"" + i.service() + "\"}}}";
  }

  private void put(String path, String body) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(agent + path))
        .PUT(HttpRequest.BodyPublishers.ofString(body))
        .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(path + ": " + response.statusCode() + " " + response.body());
    }
  }
}
