package dev.planaria.chaos.junit;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.link.FaultyLink;
import dev.planaria.chaos.link.LinkInjector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;

/// A link in front of a server, which works until it is told not to. Each fault begins when it is
/// asked for, and is over when what is returned is closed:
///
///     try (BrokenLink.Outage outage = link.reset()) { ... calls that fail ... }
///
/// Used by one thread; its traffic may come from any.
public final class BrokenLink {

  /// Is told how often a fault was met.
  interface Count {
    void add(String name, long times);
  }

  private final FaultyLink link;
  private final LinkInjector injector;
  private final Count count;

  BrokenLink(FaultyLink link, SplittableRandom random, Count count) {
    this.link = link;
    this.injector = new LinkInjector(link, Target.UPSTREAM_LINK, random);
    this.count = count;
  }

  /// Where to connect, on the loopback address.
  public int port() {
    return link.port();
  }

  /// Loses answers for a moment, then closes all connections in an orderly way, and each new one as
  /// soon as something is said on it.
  public Outage drop() throws InterruptedException {
    return begin(new Fault.Drop());
  }

  /// As [#drop], with a reset.
  public Outage reset() throws InterruptedException {
    return begin(new Fault.Reset());
  }

  /// Lets nothing pass in either direction, and tells nobody.
  public Outage silence() throws InterruptedException {
    return begin(new Fault.HalfOpen());
  }

  /// Lets everything pass, late.
  ///
  /// @param millis by how many milliseconds
  public Outage delay(long millis) throws InterruptedException {
    return begin(new Fault.Delay(millis));
  }

  /// Lets only so much pass.
  ///
  /// @param bytesPerSecond in each direction of a connection
  public Outage limit(long bytesPerSecond) throws InterruptedException {
    return begin(new Fault.RateLimit(bytesPerSecond));
  }

  /// Puts random bytes into the next piece of what the server says on each connection, and closes
  /// it.
  ///
  /// @param bytes how many
  public Outage garble(int bytes) throws InterruptedException {
    return begin(new Fault.Garbage(bytes));
  }

  private Outage begin(Fault fault) throws InterruptedException {
    try {
      return new Outage(
          fault.kind(), injector.begin(new FaultSpec(fault, Target.UPSTREAM_LINK, 0, 0)));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// A fault that lasts.
  public final class Outage implements AutoCloseable {
    private final String kind;
    private final LinkInjector.Ongoing ongoing;
    private boolean over;

    private Outage(String kind, LinkInjector.Ongoing ongoing) {
      this.kind = kind;
      this.ongoing = ongoing;
    }

    /// Everything works again. The fault counts as met when a connection ended by it, or was opened
    /// or used while it lasted.
    @Override
    public void close() {
      if (!over) {
        over = true;
        try {
          count.add(kind, ongoing.end());
        } catch (IOException failure) {
          throw new UncheckedIOException(failure);
        }
      }
    }
  }

  /// Ends it, with all its connections.
  void close() {
    try {
      link.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
