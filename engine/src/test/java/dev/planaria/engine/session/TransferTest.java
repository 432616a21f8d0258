package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.simulated.Damage;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import dev.planaria.engine.storage.simulated.SimulatedStore.CheckpointFault;
import dev.planaria.engine.storage.simulated.SimulatedStore.Fault;
import dev.planaria.engine.transfer.MalformedExport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A session on its way from one store to another.
class TransferTest {

  @TempDir Path directory;

  private final TestEnvironment world = new TestEnvironment();
  private final List<SessionEngine> open = new ArrayList<>();

  /// A store and the engine on it.
  private final class Place {
    private final SimulatedDisk disk = new SimulatedDisk();
    private SimulatedStore store = new SimulatedStore(disk);
    private SessionEngine engine = start();

    private SessionEngine start() {
      var started =
          SessionEngine.open(
              store, SessionEngineTest.SETTINGS, world.environment(), null, EngineGuarantees.ALL);
      open.add(started);
      return started;
    }

    SessionEngine kill() {
      engine.abandon();
      store = new SimulatedStore(disk);
      engine = start();
      return engine;
    }
  }

  private final Place home = new Place();
  private final Place abroad = new Place();
  private final List<Receipt> receipts = new ArrayList<>();
  private final SessionId id = begin();

  private SessionId begin() {
    Opened opened =
        home.engine.openSession("alpha", null, SwarmConfiguration.DEFAULT, caller("open"));
    receipts.add(opened.head());
    return opened.state().id();
  }

  @AfterEach
  void stopThreads() {
    open.forEach(SessionEngine::abandon);
  }

  private static Caller caller(String operationId) {
    return new Caller("operator", operationId);
  }

  private static Command store(int number) {
    return new Command.StoreMemory(
        new MemoryKey("n", "k" + number % 7), new JsonString("v" + number), null, null);
  }

  private void work(SessionEngine engine, int from, int count) {
    for (int i = from; i < from + count; i++) {
      receipts.add(engine.submit(id, store(i), caller("op-" + i)).receipt());
    }
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private Exported export() throws IOException {
    return home.engine.export(id, file("alpha.planaria"));
  }

  private static ImportRequest request(Path file) {
    return new ImportRequest(file, null, name -> !name.startsWith("planaria."));
  }

  private Imported bring() throws IOException {
    return abroad.engine.importFrom(request(file("alpha.planaria")), caller("import"));
  }

  private void isTheSameAbroad() {
    SessionEngine engine = abroad.engine;
    assertThat(engine.view(id)).isEqualTo(home.engine.view(id));
    assertThat(receipts)
        .allSatisfy(
            receipt -> assertThat(engine.standing(receipt)).isEqualTo(ReceiptStanding.HELD));
    for (int i = 0; i < receipts.size() - 1; i++) {
      assertThat(engine.operation(id, caller("op-" + i)))
          .isEqualTo(home.engine.operation(id, caller("op-" + i)));
      assertThat(engine.operation(id, caller("op-" + i)))
          .isNotEqualTo(new OperationLookup.NotFound());
    }
    assertThat(engine.verify().findings()).isEmpty();
  }

  @Test
  void a_session_is_abroad_what_it_was_at_home_and_goes_on_there() throws IOException {
    work(home.engine, 0, 40);
    home.engine.checkpoint(id, null);
    work(home.engine, 40, 10);
    home.engine.restore(id, new PastPoint.AtSeq(30), caller("back"));
    Exported exported = export();
    assertThat(exported.operations()).isEqualTo(52);
    assertThat(exported.startSeq()).isZero();
    Imported imported = bring();
    assertThat(imported.head()).isEqualTo(exported.head());
    assertThat(imported.copied()).isFalse();
    isTheSameAbroad();
    abroad.kill();
    isTheSameAbroad();
    assertThat(abroad.engine.viewAt(id, 20)).isEqualTo(home.engine.viewAt(id, 20));
    Committed repeat = abroad.engine.submit(id, store(3), caller("op-3"));
    assertThat(repeat.repeated()).isTrue();
    Committed next = abroad.engine.submit(id, store(99), caller("next"));
    assertThat(next.receipt().seq()).isEqualTo(exported.head().seq() + 1);
    abroad.kill();
    assertThat(abroad.engine.view(id).head()).isEqualTo(next.receipt());
    assertThat(abroad.engine.verify().findings()).isEmpty();
    var seqs = new ArrayList<Long>();
    abroad.engine.journal(id, 1, 1_000, entry -> seqs.add(entry.seq()));
    assertThat(seqs).hasSize(53).startsWith(1L).endsWith(53L);
  }

  @Test
  void the_file_is_private_and_never_half_there() throws IOException {
    work(home.engine, 0, 3);
    export();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("alpha.planaria"))))
        .isEqualTo("rw-------");
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
    assertThatThrownBy(this::export)
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("choose another name");
  }

  @Test
  void what_is_here_already_is_not_imported_but_can_be_copied() throws IOException {
    work(home.engine, 0, 5);
    export();
    bring();
    assertThatThrownBy(this::bring)
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.NAME_TAKEN))
        .hasMessageContaining("here already, under its id");
    var copyRequest = new ImportRequest(file("alpha.planaria"), "copy", _ -> true);
    Imported copy = abroad.engine.importFrom(copyRequest, caller("c"));
    assertThat(copy.copied()).isTrue();
    assertThat(copy.head().seq()).isEqualTo(1);
    assertThat(abroad.engine.importFrom(copyRequest, caller("c")).head()).isEqualTo(copy.head());
    SessionView view = abroad.engine.view(copy.head().sessionId());
    assertThat(view.state().memory()).isEqualTo(home.engine.view(id).state().memory());
    assertThat(view.state().parent()).isEqualTo(id);
    var taken = new ImportRequest(file("alpha.planaria"), "alpha", _ -> true);
    assertThatThrownBy(() -> abroad.engine.importFrom(taken, caller("d")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("already");
    assertThat(abroad.engine.verify().findings()).isEmpty();
  }

  @Test
  void a_name_that_is_taken_or_not_allowed_is_refused_and_nothing_changes() throws IOException {
    work(home.engine, 0, 5);
    export();
    abroad.engine.openSession("alpha", null, SwarmConfiguration.DEFAULT, caller("mine"));
    assertThatThrownBy(this::bring)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("another session of that name");
    var reserved = new ImportRequest(file("alpha.planaria"), "planaria.x", name -> false);
    assertThatThrownBy(() -> abroad.engine.importFrom(reserved, caller("x")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("`name`");
    assertThat(abroad.engine.sessions()).hasSize(1);
  }

  @Test
  void what_was_healed_is_exported_from_where_it_is_whole() throws IOException {
    work(home.engine, 0, 10);
    home.engine.abandon();
    var damage = new Damage(home.disk);
    assertThat(damage.flipOperation(id, 4)).isTrue();
    home.kill();
    work(home.engine, 10, 3);
    Exported exported = export();
    assertThat(exported.startSeq()).isEqualTo(12);
    bring();
    assertThat(abroad.engine.view(id)).isEqualTo(home.engine.view(id));
    assertThat(abroad.engine.verify().findings()).isEmpty();
    Receipt late = receipts.getLast();
    assertThat(abroad.engine.standing(late)).isEqualTo(ReceiptStanding.HELD);
    assertThatThrownBy(() -> abroad.engine.standing(receipts.get(2)))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.OPERATION_EXPIRED));
    assertThat(abroad.engine.operation(id, caller("op-2")))
        .as("an id is remembered, and its result is not here")
        .satisfies(known -> assertThat(known).isNotNull());
    abroad.kill();
    assertThat(abroad.engine.view(id)).isEqualTo(home.engine.view(id));
    long start = exported.startSeq();
    abroad.engine.restore(id, new PastPoint.AtSeq(start), caller("back"));
    assertThat(abroad.engine.view(id).state().memory())
        .isEqualTo(home.engine.viewAt(id, start).state().memory());
  }

  @Test
  void an_import_that_dies_leaves_nothing_or_all_of_it() throws IOException {
    work(home.engine, 0, 60);
    export();
    int deaths = 0;
    for (Fault fault : Fault.values()) {
      abroad.store.failNext(fault);
      if (fault == Fault.AFTER_WRITE) {
        abroad.store.failReopening(Integer.MAX_VALUE);
        var importing = CompletableFuture.supplyAsync(() -> catchThrowable(this::bring));
        awaitFailure(abroad.store);
        abroad.engine.abandon();
        assertThat(importing.join()).isInstanceOf(StoreUnavailable.class);
      } else {
        assertThatThrownBy(this::bring).isInstanceOf(StoreUnavailable.class);
      }
      deaths += abroad.store.hits() > 0 ? 1 : 0;
      isNowhereAbroad();
    }
    for (CheckpointFault fault :
        List.of(CheckpointFault.BEFORE_WRITE, CheckpointFault.BEFORE_MARK)) {
      abroad.store.failNextCheckpoint(fault);
      assertThatThrownBy(this::bring).isInstanceOf(StoreUnavailable.class);
      deaths += abroad.store.hits() > 0 ? 1 : 0;
      isNowhereAbroad();
    }
    assertThat(deaths).isEqualTo(4);
    bring();
    isTheSameAbroad();
    abroad.kill();
    isTheSameAbroad();
  }

  /// A failed commit is unknown: what became of it is looked up before anything is said.
  @Test
  void an_import_whose_last_commit_was_reported_as_failed_and_is_there_has_happened()
      throws IOException {
    work(home.engine, 0, 60);
    home.engine.checkpoint(id, "in between");
    work(home.engine, 60, 10);
    export();
    abroad.store.failNextCheckpoint(CheckpointFault.AFTER_MARK);
    bring();
    assertThat(abroad.store.hits()).isEqualTo(1);
    isTheSameAbroad();
    abroad.kill();
    isTheSameAbroad();
    assertThat(abroad.engine.verify().findings()).isEmpty();
  }

  @Test
  void an_import_whose_outcome_cannot_be_looked_up_is_called_neither_done_nor_undone()
      throws IOException {
    work(home.engine, 0, 60);
    export();
    abroad.store.failNextCheckpoint(CheckpointFault.AFTER_MARK);
    abroad.store.failReopening(Integer.MAX_VALUE);
    var importing = CompletableFuture.supplyAsync(() -> catchThrowable(this::bring));
    awaitFailure(abroad.store);
    abroad.engine.abandon();
    assertThat(importing.join())
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("not known");
    abroad.kill();
    isTheSameAbroad();
  }

  private static void awaitFailure(SimulatedStore store) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (store.hits() == 0) {
      assertThat(System.nanoTime()).as("the fault was never hit").isLessThan(deadline);
      LockSupport.parkNanos(100_000);
    }
  }

  private void isNowhereAbroad() {
    abroad.kill();
    assertThat(abroad.engine.sessions()).isEmpty();
    assertThat(abroad.engine.find("alpha")).isEmpty();
    assertThat(abroad.engine.verify().findings()).isEmpty();
  }

  @Test
  void others_work_on_while_one_is_imported() throws Exception {
    work(home.engine, 0, 400);
    export();
    SessionEngine engine = abroad.engine;
    SessionId other =
        engine.openSession("other", null, SwarmConfiguration.DEFAULT, caller("o")).state().id();
    var importing =
        Thread.ofVirtual()
            .unstarted(() -> {
              try {
                bring();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    importing.start();
    for (int i = 0; i < 100; i++) {
      engine.submit(other, store(i), caller("other-" + i));
    }
    importing.join();
    isTheSameAbroad();
    assertThat(engine.view(other).head().seq()).isEqualTo(101);
    abroad.kill();
    isTheSameAbroad();
    assertThat(abroad.engine.view(other).head().seq()).isEqualTo(101);
  }

  @Test
  void both_checkpoints_of_an_import_may_be_lost() throws IOException {
    work(home.engine, 0, 30);
    export();
    bring();
    abroad.engine.abandon();
    new Damage(abroad.disk).flipCheckpoints(id, 5);
    abroad.kill();
    assertThat(abroad.engine.view(id).state().memory())
        .isEqualTo(home.engine.view(id).state().memory());
    assertThat(abroad.engine.recoveries(id, 1)).allMatch(record -> record.operationsLost() == 0);
    assertThat(abroad.engine.operation(id, caller("op-3")))
        .isInstanceOf(OperationLookup.Applied.class);
  }

  @Test
  void a_file_that_is_none_is_refused() throws IOException {
    Files.writeString(file("alpha.planaria"), "{\"a\":1}, and more than twelve bytes");
    assertThatThrownBy(this::bring)
        .isInstanceOf(MalformedExport.class)
        .hasMessageContaining("is no export of a session");
    assertThat(abroad.engine.sessions()).isEmpty();
  }
}
