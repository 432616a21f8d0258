package dev.planaria.app.gateway.calls;

import dev.planaria.app.gateway.wire.Log;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/// All calls that are remembered, running and answered. Thread-safe.
///
/// A call is identified by its link, its JSON-RPC id and the digest of its body. What is remembered
/// is bounded ([InflightLimits]); a call that still runs is never forgotten.
public final class Calls implements Closeable {
  private final ReentrantLock lock = new ReentrantLock();
  private final InflightLog inflight;
  private final Log log;
  private boolean left;
  private final Map<String, Call> byStream = new HashMap<>();
  private final Map<Key, Call> byKey = new HashMap<>();

  private record Key(String link, String id) {
    static Key of(CallRecord record) {
      return new Key(record.link(), record.id().key());
    }
  }

  /// A call that the last process did not finish.
  ///
  /// @param call the call, which somebody must run now
  /// @param body what the client had sent
  @SuppressWarnings("ArrayRecordComponent") // read once, by the one who runs the call
  public record Unfinished(Call call, byte[] body) {}

  private Calls(InflightLog inflight, Log log) {
    this.inflight = inflight;
    this.log = log;
  }

  /// Opens what the last process left in `directory`.
  ///
  /// @param unfinished takes the calls that somebody must run now
  public static Calls open(
      Path directory, InflightLimits limits, Log log, List<Unfinished> unfinished)
      throws IOException {
    InflightLog.Content content = InflightLog.open(directory, limits);
    var calls = new Calls(content.log(), log);
    content
        .calls()
        .forEach((call, body) -> {
          calls.remember(call);
          if (body != null) {
            unfinished.add(new Unfinished(call, body));
          }
        });
    return calls;
  }

  /// Finds out whether a call is new, and records it if it is.
  public Admission admit(CallRecord record, byte[] body) {
    lock.lock();
    try {
      Call known = byKey.get(Key.of(record));
      if (known != null) {
        if (known.record().digest().equals(record.digest())) {
          return new Admission.Attached(known);
        }
        if (known.place == null && !isAnswered(known)) {
          return new Admission.IdInUse();
        }
      }
      return start(record, body);
    } finally {
      lock.unlock();
    }
  }

  private Admission start(CallRecord record, byte[] body) {
    try {
      inflight.accepted(record, body);
    } catch (IOException e) {
      log.warn("a call could not be recorded and cannot be resumed", e);
      return new Admission.Unrecorded(record);
    }
    var call = new Call(record);
    remember(call);
    if (inflight.isFull()) {
      turnOver();
    }
    return new Admission.Started(call);
  }

  private void turnOver() {
    try {
      forget(inflight.turnOver(running()));
    } catch (IOException e) {
      log.warn("the record of calls goes on in a file that is full", e);
    }
  }

  private void remember(Call call) {
    byStream.put(call.record().stream(), call);
    byKey.put(Key.of(call.record()), call);
  }

  private List<Call> running() {
    return byStream.values().stream().filter(call -> !isAnswered(call)).toList();
  }

  private static boolean isAnswered(Call call) {
    CompletableFuture<byte[]> answer = call.answer;
    return answer == null || answer.isDone();
  }

  /// Drops the calls whose answers were in a file that is gone.
  private void forget(InflightFile gone) {
    var dropped = new ArrayList<Call>();
    for (Call call : byStream.values()) {
      Call.Place place = call.place;
      if (place != null && place.file() == gone) {
        dropped.add(call);
      }
    }
    for (Call call : dropped) {
      byStream.remove(call.record().stream());
      byKey.remove(Key.of(call.record()), call);
    }
  }

  /// Records the answer of a call that was run, then lets everybody have it who waits for it. After
  /// [#leaveRest] the answer counts for nothing: the next process runs the call again, under the
  /// same operation id.
  public void finish(Call call, byte[] bytes) {
    CompletableFuture<byte[]> waiting;
    lock.lock();
    try {
      if (left) {
        return;
      }
      waiting = call.answer;
      call.place = inflight.answered(call.record().stream(), bytes);
      call.answer = null;
    } catch (IOException e) {
      log.warn("an answer could not be recorded; it is kept in memory alone", e);
      waiting = call.answer;
    } finally {
      lock.unlock();
    }
    if (waiting != null) {
      waiting.complete(bytes);
    }
  }

  /// The answer of a call, as soon as there is one.
  ///
  /// @throws IOException when the stored answer cannot be read
  public byte[] answerOf(Call call) throws IOException {
    CompletableFuture<byte[]> waiting;
    lock.lock();
    try {
      waiting = call.answer;
      Call.Place place = call.place;
      if (waiting == null && place != null) {
        return place.file().read(place.offset(), place.length());
      }
    } finally {
      lock.unlock();
    }
    if (waiting == null) {
      throw new IOException("the stored answer of a call is gone");
    }
    try {
      return waiting.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a call", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a call never fails, it is answered with an error", e);
    }
  }

  /// The call of that stream, if it came over that link.
  public Optional<Call> find(String stream, String link) {
    lock.lock();
    try {
      return Optional.ofNullable(byStream.get(stream))
          .filter(call -> call.record().link().equals(link));
    } finally {
      lock.unlock();
    }
  }

  /// How many calls are running.
  public int runningCount() {
    lock.lock();
    try {
      return running().size();
    } finally {
      lock.unlock();
    }
  }

  /// Leaves what is not answered to the next process.
  public void leaveRest() {
    lock.lock();
    try {
      left = true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    leaveRest();
    lock.lock();
    try {
      inflight.close();
    } finally {
      lock.unlock();
    }
  }
}
