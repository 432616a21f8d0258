package dev.planaria.app.traces;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where spans go. Thread-safe; costs next to nothing while nobody collects them.
public interface Traces {

  /// Collects nothing, and leaves what clients send as it is.
  Traces NONE =
      new Traces() {
        @Override
        public Span begin(String name, @Nullable TraceContext parent, Map<String, String> about) {
          return Span.NONE;
        }

        @Override
        public void past(Past span) {}
      };

  /// Begins a span, which whoever has begun it ends.
  ///
  /// @param parent who asks, or null
  /// @param about attributes
  Span begin(String name, @Nullable TraceContext parent, Map<String, String> about);

  /// Tells of something that has ended already.
  void past(Past span);

  /// Something that has begun. Used by one thread.
  interface Span extends AutoCloseable {

    /// Of [Traces#NONE].
    Span NONE =
        new Span() {
          @Override
          public Optional<TraceContext> context() {
            return Optional.empty();
          }

          @Override
          public void put(String name, String value) {}

          @Override
          public void failed(String kind) {}

          @Override
          public void close() {}
        };

    /// What is told to whoever is asked meanwhile; nothing when what the client has told holds.
    Optional<TraceContext> context();

    /// Adds an attribute.
    void put(String name, String value);

    /// It did not come to what was asked for.
    ///
    /// @param kind in one word: the attribute `error.type`
    void failed(String kind);

    /// It ends now.
    @Override
    void close();
  }

  /// Something that has ended.
  ///
  /// @param name what it is called in all traces
  /// @param startMicros Unix time in microseconds
  /// @param endMicros the same
  /// @param about attributes
  /// @param failure the attribute `error.type`, or null when all went well
  /// @param parts spans within it
  record Past(
      String name,
      long startMicros,
      long endMicros,
      Map<String, String> about,
      @Nullable String failure,
      List<Past> parts) {

    /// Copies what it holds.
    public Past {
      about = Map.copyOf(about);
      parts = List.copyOf(parts);
    }
  }
}
