package dev.planaria.chaos.process;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// A daemon to which faults happen: one of an experiment's own, or one that serves somebody. Used
/// by one thread; the questions may be asked by any.
public sealed interface Daemon extends AutoCloseable permits ScratchDaemon, LiveDaemon {

  /// Where it answers, without a slash at the end.
  URI url();

  /// The operator's token.
  ///
  /// @throws IOException when the daemon has not written it down
  String token() throws IOException;

  /// Its data directory.
  Path data();

  /// The process that holds the sessions now; nothing between the death of one and the start of the
  /// next. Never a strange process that was given a dead one's id.
  Optional<ProcessHandle> worker() throws IOException;

  /// The process that holds the port.
  ///
  /// @throws IOException when nobody knows which that is
  ProcessHandle front() throws IOException;

  /// The servers that the worker has started.
  Stream<ProcessHandle> upstreams() throws IOException;

  /// Notes every process that may have to be looked after in the end.
  void remember() throws IOException;

  /// Starts again what a fault has ended and nobody else starts.
  ///
  /// @return false when there was no need to
  /// @throws IOException when it does not get ready
  boolean standAgain() throws IOException, InterruptedException;

  /// Leaves it as whoever made it wants it: nothing of one of our own, everything of another.
  @Override
  void close() throws IOException;
}
