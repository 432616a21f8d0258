package dev.planaria.app.api;

import dev.planaria.engine.integrity.VerificationReport;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.state.SessionId;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// `verify` and `sessions/{s}/verify`: whether what is stored is what was written, of what is
/// newest, or of everything with `/deep` behind them.
///
/// @param engine whose store it is
/// @param find a session by the percent-encoded name or id in a path
/// @param heard is told what a verification came to
public record VerificationPart(
    SessionEngine engine, Function<String, Optional<SessionSummary>> find, Heard heard)
    implements ApiPart {
  private static final String VERIFY = "verify";
  private static final String DEEP = "deep";

  /// Hears what verifications come to.
  @FunctionalInterface
  public interface Heard {

    /// One has come to its end.
    ///
    /// @param begunMillis when it began, Unix time
    void verified(VerificationReport report, long begunMillis);
  }

  @Override
  public Optional<JsonObject> get(String path, String query) {
    String[] names = path.split("/", -1);
    boolean deep = names[names.length - 1].equals(DEEP);
    int length = names.length - (deep ? 1 : 0);
    if (length == 1 && names[0].equals(VERIFY)) {
      return Optional.of(verified(null, deep));
    }
    return length == 3 && names[0].equals("sessions") && names[2].equals(VERIFY)
        ? find.apply(names[1]).map(found -> verified(found.id(), deep))
        : Optional.empty();
  }

  @Override
  public Optional<JsonObject> post(String path, JsonObject body) {
    return Optional.empty();
  }

  private JsonObject verified(@Nullable SessionId session, boolean deep) {
    long begunMillis = engine.figures().nowMillis();
    VerificationReport report = engine.verify(new VerificationReport.Scope(session, deep));
    heard.verified(report, begunMillis);
    return StoreViews.report(report);
  }
}
