package dev.planaria.app.gateway.upstreams;

/// Takes what a child writes to its standard error. Used by one thread at a time; must not wait
/// long, since the child waits too.
public interface ErrorSink extends AutoCloseable {
  /// Takes the first `length` bytes.
  void write(byte[] bytes, int length);

  /// Nothing more comes.
  @Override
  void close();
}
