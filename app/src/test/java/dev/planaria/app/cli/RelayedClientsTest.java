package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.cli.EchoKills.Victim;
import dev.planaria.app.clients.Seeds;
import dev.planaria.app.clients.processes.Inspector;
import dev.planaria.app.clients.processes.NodeClients;
import dev.planaria.app.clients.programs.JavaClient;
import dev.planaria.app.clients.programs.JavaSdkMain;
import dev.planaria.app.clients.programs.Langchain4jMain;
import dev.planaria.app.daemon.DaemonFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Clients that were not made for Planaria, at the address of one server: the server and the worker
/// are killed under their calls, and each call is answered, what was added is there or its loss is
/// told, and no effect happens twice. The TypeScript clients are in [WrapSdkTest] and
/// [RealServersTest].
@DisabledOnOs(OS.WINDOWS)
class RelayedClientsTest {

  /// For each client; the more, the more of them hit the server and the worker together.
  private static final int KILLS = Integer.getInteger("planaria.relayed.kills", 2);

  /// Longer than Planaria keeps anybody waiting.
  private static final long TIMEOUT_MILLIS = EchoLedger.DEADLINE_MILLIS;

  private static final String PATH = "/s/work/u/echo/mcp";

  @TempDir Path scratch;

  /// Who they are.
  enum Client {
    JAVA_SDK,
    LANGCHAIN4J,
    INSPECTOR_LEGACY,
    INSPECTOR_MODERN;

    /// Of the Inspector each call takes a process.
    EchoLoad.Size size() {
      return switch (this) {
        case JAVA_SDK, LANGCHAIN4J -> EchoLoad.Size.USUAL.everyBlowHits();
        case INSPECTOR_LEGACY, INSPECTOR_MODERN -> new EchoLoad.Size(5, 1, 2, true);
      };
    }

    EchoCalls.Listing connect(DaemonFile daemon, Path scratch) throws Exception {
      String url = daemon.url() + PATH;
      String token = daemon.token();
      return switch (this) {
        case JAVA_SDK -> over(JavaSdkMain.connect(url, token, TIMEOUT_MILLIS, _ -> {}));
        case LANGCHAIN4J -> over(Langchain4jMain.connect(url, token, TIMEOUT_MILLIS, _ -> {}));
        case INSPECTOR_LEGACY -> inspector(scratch, url, token, "legacy");
        case INSPECTOR_MODERN -> inspector(scratch, url, token, "modern");
      };
    }

    private static EchoCalls.Listing over(JavaClient client) {
      return new EchoOverJava(client);
    }

    private static EchoCalls.Listing inspector(Path scratch, String url, String token, String era)
        throws Exception {
      return new EchoOverInspector(new Inspector(NodeClients.ready(), scratch, url, token, era));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JAVA_SDK", "LANGCHAIN4J", "INSPECTOR_LEGACY"})
  @Timeout(300)
  void what_was_added_outlives_every_kill(Client who) throws Exception {
    List<Victim> victims = List.of(Victim.SERVER, Victim.WORKER, Victim.BOTH);
    rounds(who, EchoRounds.REPLAYED, EchoRounds.inTurns(victims, KILLS), true);
  }

  @ParameterizedTest
  @EnumSource(names = {"JAVA_SDK", "LANGCHAIN4J", "INSPECTOR_MODERN"})
  @Timeout(300)
  void without_a_profile_the_loss_is_told(Client who) throws Exception {
    rounds(who, EchoRounds.FORGETFUL, List.of(Victim.SERVER), false);
  }

  private void rounds(Client who, String planaria, List<Victim> victims, boolean replayed)
      throws Exception {
    var random = new Random(Seeds.next(who + (replayed ? " with" : " without") + " a profile"));
    var rounds = new EchoRounds(scratch, random);
    Path data = scratch.resolve("data");
    String config = rounds.file(planaria).toString();
    try (WrappedDaemon daemon = new WrappedDaemon(data);
        RealDaemon _ = RealDaemon.on(data, scratch, "--config", config);
        EchoCalls.Listing client = who.connect(daemon.await("a daemon", _ -> true), scratch)) {
      assertThat(client.tools()).contains("echo", "pid", "add", "get", "effect");
      rounds.strike(daemon, client, who.size(), victims, replayed);
      rounds.allIsWell();
      assertThat(rounds.unknown()).as("kills that left an outcome unknown").isPositive();
    }
  }
}
