package dev.planaria.engine.transfer;

/// What reading an export checks, one by one, so that a test can take one away and show that it
/// would notice. The product uses [#ALL] and nothing else.
///
/// @param blockSums the CRC-32C of each block
/// @param fileSum the SHA-256 of the whole file, and its counts
/// @param chain the hash chain and the CRC of its entries
public record TransferGuarantees(boolean blockSums, boolean fileSum, boolean chain) {

  /// Everything is checked.
  public static final TransferGuarantees ALL = new TransferGuarantees(true, true, true);
}
