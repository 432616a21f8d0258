package dev.planaria.app.shim;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A shim inside the test, with its client's side and the daemons that it finds.
final class ShimClient implements Daemons, AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  /// As the product has them, but for less patience.
  static final ShimSettings SETTINGS =
      new ShimSettings(
          new ShimSettings.Limits(1 << 16, 20, 1 << 18, 1 << 16, 1 << 12, 5, 4),
          new ShimSettings.Patience(
              2_000, 500, 1_000, 300, 200, 600, 20, 1, 20, 30_000, 2_000, 200, 500));

  private final OutputStream in;
  private final BufferedReader out;
  private final CompletableFuture<Integer> status = new CompletableFuture<>();
  private final List<String> lines = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile @Nullable Daemon present;
  private final CountDownLatch started = new CountDownLatch(1);
  private volatile int starts;

  ShimClient(Target target, ShimGuarantees guarantees, @Nullable Daemon first) throws IOException {
    present = first;
    Pipe toShim = Pipe.open();
    Pipe fromShim = Pipe.open();
    in = Channels.newOutputStream(toShim.sink());
    out =
        new BufferedReader(
            new InputStreamReader(
                Channels.newInputStream(fromShim.source()), StandardCharsets.UTF_8));
    var ids = new AtomicLong();
    var environment =
        new ShimEnvironment(
            System::nanoTime, "shim-1", () -> "op-" + ids.incrementAndGet(), this, this::note);
    var shim =
        new Shim(
            target,
            SETTINGS,
            guarantees,
            environment,
            Channels.newOutputStream(fromShim.sink()),
            () -> {});
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            status.complete(shim.run(Channels.newInputStream(toShim.source())));
          } catch (IOException | InterruptedException | RuntimeException e) {
            status.completeExceptionally(e);
          }
        });
    Thread.ofPlatform().daemon().start(this::read);
  }

  private void note(String sentence) {
    lock.lock();
    try {
      notes.add(sentence);
    } finally {
      lock.unlock();
    }
  }

  private void read() {
    try {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lock.lock();
        try {
          lines.add(line);
          changed.signalAll();
        } finally {
          lock.unlock();
        }
      }
    } catch (IOException e) {
      note("the client's side broke: " + e);
    }
  }

  void say(String... messages) throws IOException {
    for (String message : messages) {
      in.write((message + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /// Says something that is no whole line.
  void sayPart(String part) throws IOException {
    in.write(part.getBytes(StandardCharsets.UTF_8));
  }

  /// Waits for a line.
  String await(Predicate<String> wanted) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (true) {
        Optional<String> found = lines.stream().filter(wanted).findFirst();
        if (found.isPresent()) {
          return found.get();
        }
        if (left <= 0) {
          throw new AssertionError("no such line; only " + lines + "; notes " + notes);
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the answer to a request with that id.
  String answer(int id) throws InterruptedException {
    return await(line ->
        line.matches("(?s).*\"id\":" + id + "[,}].*")
            && (line.contains("\"result\"") || line.contains("\"error\"")));
  }

  List<String> lines() {
    lock.lock();
    try {
      return List.copyOf(lines);
    } finally {
      lock.unlock();
    }
  }

  String notes() {
    lock.lock();
    try {
      return String.join("\n", notes);
    } finally {
      lock.unlock();
    }
  }

  int starts() {
    return starts;
  }

  /// Waits until it has found that there is no daemon, and asked for one.
  void awaitStart() throws InterruptedException {
    if (!started.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("it asked for no daemon; notes " + notes());
    }
  }

  /// From now on this is the daemon, or there is none.
  void present(@Nullable Daemon daemon) {
    present = daemon;
  }

  @Override
  public Optional<Daemon> find() {
    return Optional.ofNullable(present);
  }

  @Override
  public void ensureStarting() {
    starts = 1;
    started.countDown();
  }

  /// Closes the client's side, and gives the exit status.
  int finish() throws IOException, InterruptedException {
    in.close();
    return status();
  }

  int status() throws InterruptedException {
    try {
      return status.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("it did not end in order; notes " + notes(), e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
