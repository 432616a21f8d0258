package notes;

import dev.planaria.chaos.junit.ChaosTest;
import dev.planaria.chaos.junit.Faults;
import dev.planaria.chaos.junit.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// Whatever the server has acknowledged must be there after it was killed. The first test fails:
/// that is the bug. The second one shows what a server without it is told.
class NotesTest {

  @TempDir Path directory;

  @ChaosTest(cycles = 3)
  void notes_outlive_a_kill(Faults faults, Ledger ledger) throws Exception {
    killInTheMiddle(faults, ledger, "with-bug");
  }

  @ChaosTest(cycles = 3)
  void notes_outlive_a_kill_of_the_mended_server(Faults faults, Ledger ledger) throws Exception {
    killInTheMiddle(faults, ledger, "mended");
  }

  private void killInTheMiddle(Faults faults, Ledger ledger, String variant)
      throws IOException, InterruptedException {
    Path file = directory.resolve("notes");
    var client = new NotesClient(faults, file, variant);
    // Not a multiple of eight, with the last one neither: then the bug would have no effect.
    int notes = 8 * faults.between(0, 4) + faults.between(1, 6);
    for (int i = 1; i <= notes; i++) {
      if (client.add("note-" + i)) {
        ledger.acknowledged("note-" + i);
      }
    }
    // The last one is on its way when the server dies: it may be there or not, but not twice.
    ledger.unknown("note-last");
    client.ask("note-last");
    faults.kill(client.process());

    var next = new NotesClient(faults, file, variant);
    ledger.observed(next.list());
  }
}
