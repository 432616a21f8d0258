package dev.planaria.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.processes.AuthProxy;
import dev.planaria.app.clients.processes.ConformanceSuite;
import dev.planaria.app.clients.processes.DaemonProcess;
import dev.planaria.app.clients.processes.DaemonSetup;
import dev.planaria.app.clients.processes.NodeClients;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The official conformance suite against the daemon's own tools, in each revision's own wire form.
/// Every server scenario passes but those of [ConformanceExceptions]; one that newly fails turns
/// this red, and so does a listed one that passes by now.
class ConformanceTest {

  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(strings = {"2025-11-25", "2026-07-28"})
  @Timeout(300)
  void every_server_scenario_passes_that_needs_no_fixture(String revision) throws Exception {
    NodeClients node = NodeClients.ready();
    try (DaemonProcess daemon = DaemonProcess.start(DaemonSetup.whole(scratch));
        AuthProxy proxy = AuthProxy.start(node, daemon)) {
      ConformanceSuite.Results results =
          new ConformanceSuite(node, scratch).run(proxy.url(), revision);
      assertThat(results.failures()).as(results.said()).hasSizeGreaterThan(30);
      daemon.stop();
      Map<String, String> excepted = ConformanceExceptions.of(revision);
      System.out.println(
          "conformance %s: %d of %d scenarios pass, %d exceptions are listed"
              .formatted(
                  revision, results.passed().size(), results.failures().size(), excepted.size()));
      assertThat(results.failing(excepted.keySet()))
          .as("what fails (expected: the exceptions, with their reasons)")
          .containsExactlyElementsOf(excepted.keySet());
    }
  }
}
