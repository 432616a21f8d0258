package dev.planaria.app.dashboard;

/// A browser that is logged in, as one of its requests shows it.
///
/// @param sha256 names it in the file of logins; the cookie itself is written nowhere
/// @param csrf what a request that changes something must carry in `X-Csrf-Token`; made of the
///   cookie, so that no other page can know it
/// @param expiresAtMillis Unix time at which it ends
public record Login(String sha256, String csrf, long expiresAtMillis) {

  /// Never shows the secret.
  @Override
  public String toString() {
    return "Login[" + sha256 + "]";
  }
}
