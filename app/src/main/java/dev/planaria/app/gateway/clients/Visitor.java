package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.wire.Address;
import org.jspecify.annotations.Nullable;

/// Who sends a request, where to, and how it was carried here.
///
/// @param principal whose token was shown
/// @param address where to
/// @param carriage what the front says of the request
public record Visitor(String principal, Address address, Carriage carriage) {
  /// What the front says of a request. A client cannot say it: the front takes such headers away.
  ///
  /// @param stamp names the request, however often it is carried here; null without a front
  /// @param headSent true when the client already has the head of the answer, from a worker that
  ///   has died since
  /// @param lastEventId the last event of the answer that the client already has, or null
  public record Carriage(@Nullable String stamp, boolean headSent, @Nullable String lastEventId) {}
}
