package dev.planaria.engine.state;

import java.util.Comparator;

/// Names a call to its client. Operation ids of different principals never meet.
///
/// @param principal the name of the token or program that asked
/// @param operationId its operation id
public record CallId(String principal, String operationId) implements Comparable<CallId> {

  private static final Comparator<CallId> ORDER =
      Comparator.comparing(CallId::principal).thenComparing(CallId::operationId);

  @Override
  public int compareTo(CallId other) {
    return ORDER.compare(this, other);
  }

  /// For people: `principal/operation id`.
  @Override
  public String toString() {
    return principal + "/" + operationId;
  }
}
