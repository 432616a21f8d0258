package dev.planaria.app.clients;

/// Seeds of the proofs: another one each time, printed, and repeatable by `-Dplanaria.seed=N`.
public final class Seeds {

  private static final int MASK = 0xffffff;

  private Seeds() {}

  /// The seed of a proof, printed.
  public static long next(String proof) {
    long seed = Long.getLong("planaria.seed", System.nanoTime() & MASK);
    System.out.println(proof + ": seed " + seed);
    return seed;
  }
}
