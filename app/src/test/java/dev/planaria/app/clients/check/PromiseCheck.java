package dev.planaria.app.clients.check;

import static dev.planaria.app.clients.check.Violation.Kind.CONNECTION_BROKEN;
import static dev.planaria.app.clients.check.Violation.Kind.LINK_LOST;
import static dev.planaria.app.clients.check.Violation.Kind.PROMISE_BROKEN;

import dev.planaria.app.clients.ledger.CallLife;
import dev.planaria.app.clients.ledger.ClientEvent;
import dev.planaria.app.clients.ledger.Ledger;
import java.util.List;
import java.util.function.Predicate;

/// Holds what a client was promised against what it saw.
public final class PromiseCheck {

  private PromiseCheck() {}

  /// Every call brought its receipt to its own promise, and the client noticed nothing: for a
  /// worker that dies behind a living front.
  public static Verdict nothingNoticed(Ledger ledger) {
    return kept(ledger, _ -> true).and(connectionsHeld(ledger)).and(oneLink(ledger));
  }

  /// The calls that are meant brought their receipts to their own promises.
  public static Verdict kept(Ledger ledger, Predicate<CallLife> meant) {
    var findings = new Verdict.Findings();
    for (CallLife call : ledger.calls()) {
      if (meant.test(call) && !call.kept()) {
        findings.add(PROMISE_BROKEN, call.name() + ": " + fate(call));
      }
    }
    return findings.verdict();
  }

  /// Each call with an operation id got its receipt, if need be by a repeat.
  public static Verdict acknowledgedInTheEnd(Ledger ledger) {
    var findings = new Verdict.Findings();
    for (CallLife call : ledger.calls()) {
      if (call.sent().operation() != null && call.acknowledged() == null) {
        findings.add(PROMISE_BROKEN, call.name() + ": " + fate(call));
      }
    }
    return findings.verdict();
  }

  private static String fate(CallLife call) {
    if (call.refused() != null) {
      return "answered without a receipt: " + call.refused().text();
    }
    if (call.failed() != null) {
      return "rejected: " + call.failed().error();
    }
    return "never answered";
  }

  private static Verdict connectionsHeld(Ledger ledger) {
    var findings = new Verdict.Findings();
    for (ClientEvent.Wire wire : ledger.all(ClientEvent.Wire.class)) {
      findings.add(CONNECTION_BROKEN, wire.toString());
    }
    return findings.verdict();
  }

  /// The client was on one link all the time, and nobody said that it is unknown.
  public static Verdict oneLink(Ledger ledger) {
    var findings = new Verdict.Findings();
    List<String> links =
        ledger.all(ClientEvent.Link.class).stream().map(ClientEvent.Link::id).distinct().toList();
    if (links.size() > 1) {
      findings.add(LINK_LOST, "the client was on " + links.size() + " links");
    }
    for (ClientEvent.Wire wire : ledger.all(ClientEvent.Wire.class)) {
      if (wire.kind().equals("status") && wire.detail().equals("404")) {
        findings.add(LINK_LOST, "the client was told 404: " + wire);
      }
    }
    return findings.verdict();
  }
}
