package dev.planaria.chaos.fault;

import java.io.IOException;

/// Does one family of faults to what it was made for, and counts what it really hit. Used by one
/// thread.
public interface Injector {

  /// True when it can do this to that target.
  boolean canDo(FaultSpec spec);

  /// Does it, now; when to do so is its caller's matter. Returns when the length is over, or, for a
  /// fault without a length, when it is done.
  ///
  /// @return how often something was really hit: a process that was alive and was stopped or ended
  ///   by it, a connection that was open, a piece of what was said that met it, a byte of a file
  ///   that is another one now; 0 when there was nothing to hit
  /// @throws IOException when it could not be tried
  /// @throws IllegalArgumentException when it cannot do this, see [#canDo]
  long inject(FaultSpec spec) throws IOException, InterruptedException;
}
