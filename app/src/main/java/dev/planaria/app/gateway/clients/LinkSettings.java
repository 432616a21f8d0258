package dev.planaria.app.gateway.clients;

/// How links are kept.
///
/// @param links how many at most; beyond that the longest idle one goes. Each costs about a
///   kilobyte of memory
/// @param idleMillis how long a link lives without being used; 30 days outlive a holiday
/// @param touchMillis how exactly the last use is known; once a day costs one write a day
/// @param introductionBytes how much a client may say of itself
public record LinkSettings(int links, long idleMillis, long touchMillis, int introductionBytes) {
  /// What holds unless a test says otherwise.
  public static final LinkSettings DEFAULT =
      new LinkSettings(10_000, 30L * 86_400_000, 86_400_000, 16_384);
}
