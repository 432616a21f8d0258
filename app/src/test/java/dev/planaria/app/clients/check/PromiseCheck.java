package dev.planaria.app.clients.check;

import dev.planaria.app.clients.ledger.CallLife;
import dev.planaria.app.clients.ledger.ClientEvent;
import dev.planaria.app.clients.ledger.Transcript;
import dev.planaria.chaos.ledger.Outcome;
import dev.planaria.chaos.report.Violation;
import dev.planaria.chaos.report.Violation.Kind;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Holds what a client was promised against what it saw.
public final class PromiseCheck {

  private PromiseCheck() {}

  /// Every call brought its receipt to its own promise, and the client noticed nothing: for a
  /// worker that dies behind a living front.
  public static List<Violation> nothingNoticed(Transcript told) {
    return Stream.of(kept(told, _ -> true), connectionsHeld(told), oneLink(told))
        .flatMap(List::stream)
        .toList();
  }

  /// The calls that are meant brought their receipts to their own promises.
  public static List<Violation> kept(Transcript told, Predicate<CallLife> meant) {
    return told.calls().stream()
        .filter(call -> meant.test(call) && !call.kept())
        .map(PromiseCheck::fate)
        .toList();
  }

  /// Each call with an operation id got its receipt, if need be by a repeat.
  public static List<Violation> acknowledgedInTheEnd(Transcript told) {
    return told.calls().stream()
        .filter(call -> !call.line().ask().anonymous() && !call.line().isAcknowledged())
        .map(PromiseCheck::fate)
        .toList();
  }

  private static Violation fate(CallLife call) {
    String fate =
        switch (call.line().outcome()) {
          case Outcome.Acknowledged _ -> "answered only when it was asked again";
          case Outcome.Refused(String text) -> "answered without a receipt: " + text;
          case Outcome.Unknown(String reason) -> reason;
          case Outcome.Stuck(String reason) -> reason;
          case Outcome.Open _ -> "never answered";
        };
    return new Violation(Kind.STUCK, call.name() + ": " + fate);
  }

  private static List<Violation> connectionsHeld(Transcript told) {
    return told.all(ClientEvent.Wire.class).stream()
        .map(wire -> new Violation(Kind.DISCONNECTED, wire.toString()))
        .toList();
  }

  /// The client was on one link all the time, and nobody said that it is unknown.
  public static List<Violation> oneLink(Transcript told) {
    long links =
        told.all(ClientEvent.Link.class).stream().map(ClientEvent.Link::id).distinct().count();
    Stream<Violation> changed =
        links > 1
            ? Stream.of(new Violation(Kind.DISCONNECTED, "the client was on " + links + " links"))
            : Stream.of();
    Stream<Violation> unknown =
        told.all(ClientEvent.Wire.class).stream()
            .filter(wire -> wire.kind().equals("status") && wire.detail().equals("404"))
            .map(wire -> new Violation(Kind.DISCONNECTED, "the client was told 404: " + wire));
    return Stream.concat(changed, unknown).toList();
  }
}
