package dev.planaria.app.dashboard;

/// Every limit and time of the dashboard.
///
/// @param codeMillis how long a login link may be used: long enough to switch windows, short enough
///   that a link in a terminal's history is worth nothing
/// @param loginMillis how long a browser stays logged in: a week of work, so that a stolen cookie
///   ends by itself
/// @param codes login links that wait at once; the oldest one ends when there are more
/// @param logins browsers that are logged in at once; the oldest one is logged out when there are
///   more
/// @param streams live feeds at once, each of which holds a thread and a connection
/// @param bufferedEvents events that wait for a reader who is slow; with one more he is dropped,
///   and his page asks anew for what it shows
/// @param keptEvents events that are kept for those who come back
/// @param beatMillis how often a feed says that it is alive, by an event that waits for nothing: a
///   page takes three missing ones for a daemon that is away
/// @param samples figures kept for the charts, one every [#sampleMillis]: an hour
/// @param sampleMillis how often figures are taken
/// @param documentMillis how often alerts and KPIs are looked at while anybody listens: they are
///   worked out from many records
public record DashboardSettings(
    long codeMillis,
    long loginMillis,
    int codes,
    int logins,
    int streams,
    int bufferedEvents,
    int keptEvents,
    long beatMillis,
    int samples,
    long sampleMillis,
    long documentMillis) {

  /// What holds unless a test says otherwise.
  public static final DashboardSettings DEFAULT =
      new DashboardSettings(
          300_000, 7L * 24 * 3_600_000, 16, 32, 32, 256, 256, 2_000, 720, 5_000, 10_000);
}
