package dev.planaria.chaos.fault;

import java.io.IOException;

/// This machine lacks what a fault needs: a program, or the right to use it. It shows nothing about
/// anybody's promises.
public final class NotPossibleHere extends IOException {

  private static final long serialVersionUID = 1L;

  /// @param what is missing, and what would help, in words
  public NotPossibleHere(String what) {
    super("not possible here: " + what);
  }
}
