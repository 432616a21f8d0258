package dev.planaria.chaos.process;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A daemon that serves somebody, on this machine and of this user. Nothing of it is started, and
/// nothing is ended but its worker, which its front starts again. Used by one thread, but for
/// [#release].
public final class LiveDaemon implements Daemon {

  private final Path data;
  private final URI url;
  private final Source source;
  private final Set<ProcessHandle> seen = new LinkedHashSet<>();

  /// Who it is at the moment of asking.
  public interface Source {

    /// What is known now.
    ///
    /// @throws IOException when it is not known, or not to be told from a process that was given a
    ///   dead one's id
    Known now() throws IOException;
  }

  /// What is known of it.
  ///
  /// @param token the operator's
  /// @param front the process that holds the port
  /// @param worker the process that holds the sessions; nothing when that has just ended
  public record Known(String token, ProcessHandle front, Optional<ProcessHandle> worker) {

    /// Never shows the token.
    @Override
    public String toString() {
      return "Known[front " + front.pid() + ", worker " + worker.map(ProcessHandle::pid) + "]";
    }
  }

  /// @param data its data directory
  /// @param url where it answers, without a slash at the end
  /// @param source who it is
  public LiveDaemon(Path data, URI url, Source source) {
    this.data = data;
    this.url = url;
    this.source = source;
  }

  @Override
  public URI url() {
    return url;
  }

  @Override
  public String token() throws IOException {
    return source.now().token();
  }

  @Override
  public Path data() {
    return data;
  }

  @Override
  public Optional<ProcessHandle> worker() throws IOException {
    return source.now().worker();
  }

  @Override
  public ProcessHandle front() throws IOException {
    return source.now().front();
  }

  /// None: they work for others.
  @Override
  public Stream<ProcessHandle> upstreams() {
    return Stream.empty();
  }

  @Override
  public void remember() throws IOException {
    Optional<ProcessHandle> worker = worker();
    synchronized (seen) {
      worker.ifPresent(seen::add);
    }
  }

  /// Never: its front starts its worker again, and nobody here ends its front.
  @Override
  public boolean standAgain() {
    return false;
  }

  /// Lets go on what was stopped and has not been continued, since whoever stopped it was told to
  /// end. From any thread.
  public void release() throws IOException, InterruptedException {
    List<ProcessHandle> stopped;
    synchronized (seen) {
      stopped = seen.stream().filter(ProcessHandle::isAlive).toList();
    }
    var _ = Victims.of(stopped).goOn();
  }

  /// Leaves it running.
  @Override
  public void close() throws IOException {
    try {
      release();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the daemon was let go on", interrupted);
    }
  }
}
