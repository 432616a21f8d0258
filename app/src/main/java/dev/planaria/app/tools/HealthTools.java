package dev.planaria.app.tools;

import dev.planaria.app.alerts.Patience;
import dev.planaria.app.health.Check;
import dev.planaria.app.health.HealthViews;
import dev.planaria.app.health.Risk;
import dev.planaria.app.health.SessionChecks;
import dev.planaria.app.health.Trend;
import dev.planaria.app.health.Trends;
import dev.planaria.app.health.Wellness;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.state.Limits;
import dev.planaria.engine.state.SessionState;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// The tool that says how well a session is, component by component, and what may go wrong next.
final class HealthTools {
  private final Sessions sessions;
  private final Limits limits;
  private final LongSupplier nowMillis;
  private final Patience patience = new Patience();
  private final Trends trends = new Trends();

  HealthTools(Sessions sessions, Limits limits, LongSupplier nowMillis) {
    this.sessions = sessions;
    this.limits = limits;
    this.nowMillis = nowMillis;
  }

  List<Tool> tools() {
    return List.of(health());
  }

  private Tool health() {
    JsonObject check =
        Schema.members()
            .must("component", Schema.text("What was checked"))
            .must("status", Schema.choice("How well it is", Wellness.class))
            .must("reason", Schema.text("Why, in a sentence"))
            .must(
                "trend",
                Schema.choice("Compared with when it was asked for minutes ago", Trend.class))
            .part("A check");
    JsonObject risk =
        Schema.members()
            .must("risk", Schema.text("What may become a fault"))
            .must("value", Schema.orNull(Schema.number("What was measured")))
            .must("unit", Schema.text("Of value and limit"))
            .must("limit", Schema.number("From where on it is told"))
            .must("status", Schema.choice("How near it is", Wellness.class))
            .must("reason", Schema.text("In a sentence"))
            .part("A risk");
    return new Tool(
        "session_health",
        "How well a session is",
        "Checks the store, the session, its recovery, agents, tasks and memory, each with a"
            + " reason, and names risks.",
        new Tool.Signature(
            Shapes.reading().arguments(),
            Schema.members()
                .must("session_id", Schema.text("The session"))
                .must("status", Schema.choice("The worst of the checks", Wellness.class))
                .must("checks", Schema.list("The checks", check))
                .must("risks", Schema.list("What may go wrong next", risk))
                .result()),
        Tool.Hints.READ,
        this::examined);
  }

  private ToolResult examined(ToolCall call) {
    SessionView view = sessions.view(call);
    SessionState state = view.state();
    long now = nowMillis.getAsLong();
    List<Check> checks = SessionChecks.of(sessions.engine(), patience, view, limits, now);
    List<Risk> risks = SessionChecks.risks(state, limits);
    Wellness worst = HealthViews.worst(checks, List.of());
    return ToolResult.of(
        state.id(),
        JsonObject.builder()
            .put("session_id", state.id().toString())
            .put("status", WireName.of(worst))
            .put("checks", HealthViews.checks(state.id().toString(), checks, trends, now))
            .put("risks", HealthViews.risks(risks))
            .build(),
        "session "
            + state.id()
            + ": "
            + WireName.of(worst)
            + checks.stream()
                .map(check -> line(check.component(), check.status(), check.reason()))
                .collect(Collectors.joining())
            + risks.stream()
                .filter(risk -> risk.status() != Wellness.OK)
                .map(risk -> line("risk " + risk.risk(), risk.status(), risk.reason()))
                .collect(Collectors.joining()));
  }

  private static String line(String what, Wellness status, String reason) {
    return "\n" + what + " " + WireName.of(status) + ": " + reason;
  }
}
