package dev.planaria.app.front;

/// How long a client may take. All of them end with the connection closed, never with a thread that
/// waits for ever.
///
/// @param headMillis from the first byte of a request's head to its last; a client that drips a
///   byte now and then must not hold a place
/// @param bodyMillis for a body, and again as much for each whole MiB that has arrived
/// @param idleMillis a kept-alive connection without a request; streams are not idle
/// @param writeMillis for one write; a client that does not read holds a buffer
/// @param lingerMillis how long we read on, after an answer that came before the request's end, so
///   that the client sees the answer and not a reset
/// @param tickMillis how often all of these are looked at; also how soon a client that goes away
///   while it waits is noticed
public record ClientTimeouts(
    long headMillis,
    long bodyMillis,
    long idleMillis,
    long writeMillis,
    long lingerMillis,
    long tickMillis) {

  /// What holds unless the operator says otherwise.
  public static final ClientTimeouts DEFAULT =
      new ClientTimeouts(10_000, 30_000, 60_000, 30_000, 1_000, 250);
}
