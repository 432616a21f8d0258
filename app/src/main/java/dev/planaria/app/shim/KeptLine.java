package dev.planaria.app.shim;

import org.jspecify.annotations.Nullable;

/// A line of the client that the daemon has not dealt with yet. Where it stands is changed by
/// [KeptLines] alone, under its lock; what is known of its answer belongs to whoever has the line
/// at the time, the courier or one conversation.
final class KeptLine {

  /// Its place among all lines.
  final long order;

  /// What is sent, byte for byte the same each time.
  final Message message;

  /// True when it belongs to the modern era.
  final boolean modern;

  /// When it came, on the monotonic clock.
  final long acceptedNanos;

  /// On its way, or null while it waits.
  volatile @Nullable Exchange exchange;

  /// How often it was sent; counted under the lock.
  int sends;

  /// How often the daemon ended its answer without one.
  int fruitless;

  /// Not before this moment, on the monotonic clock, is it sent again.
  long notBeforeNanos;

  /// The last event id of its stream, with which a legacy stream is resumed; null when there is
  /// none.
  @Nullable String lastEventId;

  /// The client does not want the answer any more.
  volatile boolean cancelled;

  /// The client knows that its subscription is heard.
  boolean acknowledged;

  /// It was refused once as unknown, and everything was registered again for it.
  boolean registeredAgain;

  KeptLine(long order, Message message, boolean modern, long acceptedNanos) {
    this.order = order;
    this.message = message;
    this.modern = modern;
    this.acceptedNanos = acceptedNanos;
    this.notBeforeNanos = acceptedNanos;
  }

  /// True when the client waits for an answer.
  boolean isRequest() {
    return message.kind() == Message.Kind.REQUEST;
  }

  /// True for a request that stays open as long as the client likes.
  boolean isSubscription() {
    return message.method().equals("subscriptions/listen");
  }
}
