package io.liblink.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Everything that was measured, as JSON. */
public final class ResultFile {
  private ResultFile() {}

  /**
   * Writes it.
   *
   * @param about what the run was: options, machine
   */
  public static void write(Path file, Map<String, Object> about, Results results)
      throws IOException {
    Map<String, Object> root = new LinkedHashMap<>(about);
    Map<String, Object> workloads = new LinkedHashMap<>();
    List<String> targets = new ArrayList<>();
    results.byWorkload().forEach((workload, outcomes) -> {
      Map<String, Object> peers = new LinkedHashMap<>();
      outcomes.forEach((peer, outcome) -> peers.put(peer, outcome(outcome)));
      workloads.put(workload.id(), Map.of("title", workload.title(), "peers", peers));
      for (String line : Targets.lines(results, workload)) {
        targets.add(workload.id() + " " + line);
      }
    });
    root.put("workloads", workloads);
    root.put("targets", targets);
    Files.write(
        file,
        JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
  }

  private static Map<String, Object> outcome(Results.Outcome outcome) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("skipped", outcome.skipped());
    map.put("unequal", outcome.unequal());
    map.put("samples", outcome.samples());
    map.put("idleBytes", outcome.idleBytes());
    map.put("medianRate", outcome.rate());
    map.put("medianCpuPerMillion", outcome.cpuPerMillion());
    return map;
  }
}
