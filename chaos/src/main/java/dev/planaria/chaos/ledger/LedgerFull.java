package dev.planaria.chaos.ledger;

/// A ledger takes no more calls.
public final class LedgerFull extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param most how many it takes
  LedgerFull(int most) {
    super(
        "LEDGER_FULL: the ledger of a run takes "
            + most
            + " calls and no more, since all of them are kept in memory until it is judged; ask for"
            + " fewer cycles or callers");
  }
}
