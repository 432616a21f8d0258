package dev.planaria.chaos.link;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Injector;
import dev.planaria.chaos.fault.Target;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Does to a [FaultyLink] what networks do, for as long as the fault lasts. A hit is a connection
/// that was open and is not any more, one that was opened in vain, or a piece of what was said that
/// was lost, late or spoilt.
public final class LinkInjector implements Injector {

  /// Answers are lost for so long before a connection is dropped or reset, so that the fault comes
  /// between what was done and what was said of it, and not beside both.
  private static final long AIM_MILLIS = 300;

  /// A fault that has met nothing goes on for so long: on a busy machine nobody may have said
  /// anything meanwhile.
  private static final long GRACE_MILLIS = 10_000;

  private static final long STEP_MILLIS = 20;

  /// Outside of ASCII, so that a piece that holds any of it is neither HTTP nor UTF-8 any more.
  private static final int LOWEST_GARBAGE = 0x80;

  private static final int BYTE_VALUES = 0x100;

  private final FaultyLink link;
  private final Target target;
  private final SplittableRandom random;

  /// @param link the link
  /// @param target what it stands for
  /// @param random decides what garbage looks like
  public LinkInjector(FaultyLink link, Target target, SplittableRandom random) {
    this.link = link;
    this.target = target;
    this.random = random;
  }

  @Override
  public boolean canDo(FaultSpec spec) {
    return spec.target() == target && injects(spec.fault());
  }

  /// True for a fault that links can be met by, whatever they stand for.
  public static boolean injects(Fault fault) {
    return fault instanceof Fault.Drop
        || fault instanceof Fault.Reset
        || fault instanceof Fault.HalfOpen
        || fault instanceof Fault.Delay
        || fault instanceof Fault.RateLimit
        || fault instanceof Fault.Garbage;
  }

  @Override
  public long inject(FaultSpec spec) throws IOException, InterruptedException {
    Ongoing ongoing = begin(spec);
    pass(spec.lengthMillis());
    for (long waited = 0; ongoing.hits() == 0 && waited < GRACE_MILLIS; waited += STEP_MILLIS) {
      pass(STEP_MILLIS);
    }
    return ongoing.end();
  }

  /// A fault that has begun. Used by one thread.
  public final class Ongoing {
    private final Fault fault;
    private final long hitsBefore;
    private final long met;

    private Ongoing(Fault fault, long hitsBefore, long met) {
      this.fault = fault;
      this.hitsBefore = hitsBefore;
      this.met = met;
    }

    private long hits() {
      return met + link.hits() - hitsBefore;
    }

    /// Everything works again; connections that have lost something are cut, or they would wait for
    /// ever.
    ///
    /// @return how often it hit
    public long end() throws IOException {
      if (fault instanceof Fault.HalfOpen) {
        link.set(new LinkFault.None());
        link.cutAll();
      }
      link.thaw();
      return hits();
    }
  }

  /// Lets it begin, for whoever has something to do while it lasts.
  ///
  /// @throws IllegalArgumentException when it cannot do this, see [#canDo]
  public Ongoing begin(FaultSpec spec) throws IOException, InterruptedException {
    if (!canDo(spec)) {
      throw new IllegalArgumentException("no link can be met by " + spec);
    }
    long hitsBefore = link.hits();
    return new Ongoing(spec.fault(), hitsBefore, start(spec));
  }

  /// @return how many connections end by that
  private long start(FaultSpec spec) throws IOException, InterruptedException {
    switch (spec.fault()) {
      case Fault.Drop() -> {
        aim();
        link.setForAll(new LinkFault.Drop());
        return link.cutAll();
      }
      case Fault.Reset() -> {
        aim();
        link.setForAll(new LinkFault.Reset());
        return link.resetAll();
      }
      case Fault.HalfOpen() -> link.freeze();
      case Fault.Delay(long millis) -> link.setForAll(new LinkFault.Delay(millis));
      case Fault.RateLimit(long bytesPerSecond) ->
          link.setForAll(new LinkFault.Rate(bytesPerSecond));
      case Fault.Garbage(int bytes) -> link.setForAll(new LinkFault.Garbage(garbage(bytes)));
      default -> throw new IllegalArgumentException("no link can be met by " + spec);
    }
    return 0;
  }

  private void aim() throws InterruptedException {
    link.setForAll(new LinkFault.AnswersLost());
    pass(AIM_MILLIS);
  }

  private String garbage(int bytes) {
    var text = new StringBuilder();
    for (int i = 0; i < bytes; i++) {
      text.append((char) random.nextInt(LOWEST_GARBAGE, BYTE_VALUES));
    }
    return text.toString();
  }

  private static void pass(long millis) throws InterruptedException {
    var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }
}
