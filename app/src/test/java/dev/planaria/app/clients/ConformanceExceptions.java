package dev.planaria.app.clients;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The server scenarios of the official suite that cannot pass, and why: against the daemon's own
/// tools, since the suite asks for tools, prompts and resources of a fixture server, which a
/// product does not have; against a fixture server behind Planaria, since it is of the other era. A
/// name with a slash is one check of a scenario whose other checks must pass.
final class ConformanceExceptions {

  private static final String TOOL = "calls a tool of the fixture server";
  private static final String PROMPT = "gets a prompt of the fixture server";
  private static final String RESOURCE = "reads a resource of the fixture server";
  private static final String SUBSCRIBE =
      "subscribes to a resource of the fixture server; the daemon declares no subscriptions";
  private static final String COMPLETE =
      "completes an argument of the fixture server's prompt; the daemon declares no completions";
  private static final String PARAMETER_HEADER =
      "needs a tool of the fixture server whose parameters travel in headers too";
  private static final String TASKS =
      "an extension that the daemon does not declare, tried with tools of the fixture server";

  private static final Map<String, List<String>> OF_2025_11_25 =
      Map.of(
          TOOL,
          List.of(
              "elicitation-sep1034-defaults",
              "elicitation-sep1330-enums",
              "json-schema-2020-12",
              "tools-call-audio",
              "tools-call-elicitation",
              "tools-call-embedded-resource",
              "tools-call-error",
              "tools-call-image",
              "tools-call-mixed-content",
              "tools-call-sampling",
              "tools-call-simple-text",
              "tools-call-with-logging",
              "tools-call-with-progress"),
          PROMPT,
          List.of(
              "prompts-get-embedded-resource",
              "prompts-get-simple",
              "prompts-get-with-args",
              "prompts-get-with-image"),
          RESOURCE,
          List.of("resources-read-binary", "resources-read-text", "resources-templates-read"),
          SUBSCRIBE,
          List.of("resources-subscribe", "resources-unsubscribe"),
          COMPLETE,
          List.of("completion-complete"));

  private static final Map<String, List<String>> OF_2026_07_28 =
      Map.of(
          TOOL,
          List.of(
              "input-required-result-basic-elicitation",
              "input-required-result-basic-list-roots",
              "input-required-result-basic-sampling",
              "input-required-result-capability-check",
              "input-required-result-multi-round",
              "input-required-result-multiple-input-requests",
              "input-required-result-request-state",
              "input-required-result-result-type",
              "input-required-result-tampered-state",
              "json-schema-2020-12",
              "server-stateless/sep-2575-http-server-no-independent-requests-on-stream",
              "server-stateless/sep-2575-missing-capability-http-400",
              "server-stateless/sep-2575-server-no-log-without-loglevel",
              "server-stateless/sep-2575-server-rejects-undeclared-capability",
              "tools-call-audio",
              "tools-call-embedded-resource",
              "tools-call-error",
              "tools-call-image",
              "tools-call-mixed-content",
              "tools-call-simple-text",
              "tools-call-with-progress"),
          PROMPT,
          List.of(
              "input-required-result-non-tool-request",
              "prompts-get-embedded-resource",
              "prompts-get-simple",
              "prompts-get-with-args",
              "prompts-get-with-image"),
          RESOURCE,
          List.of("resources-read-binary", "resources-read-text", "resources-templates-read"),
          COMPLETE,
          List.of("completion-complete"),
          PARAMETER_HEADER,
          List.of("http-custom-header-server-validation"),
          TASKS,
          List.of(
              "tasks-capability-negotiation",
              "tasks-dispatch-and-envelope",
              "tasks-lifecycle",
              "tasks-mrtr-composition",
              "tasks-mrtr-input",
              "tasks-request-headers",
              "tasks-request-state-removal",
              "tasks-required-task-error",
              "tasks-wire-fields"));

  private static final String QUESTION =
      "a question of the server to the client is not translated between the eras";
  private static final String MODERN_TOOL =
      "a tool or prompt that a server of the older era cannot have";

  /// On the wire of 2025-11-25, of a server that speaks 2026-07-28.
  private static final Map<String, List<String>> OF_A_MODERN_SERVER =
      Map.of(
          QUESTION,
          List.of(
              "elicitation-sep1034-defaults",
              "elicitation-sep1330-enums",
              "tools-call-elicitation",
              "tools-call-sampling"));

  /// On the wire of 2026-07-28, of a server that speaks 2025-11-25.
  private static final Map<String, List<String>> OF_A_LEGACY_SERVER =
      Map.of(
          MODERN_TOOL,
          List.of(
              "input-required-result-basic-elicitation",
              "input-required-result-basic-list-roots",
              "input-required-result-basic-sampling",
              "input-required-result-capability-check",
              "input-required-result-multi-round",
              "input-required-result-multiple-input-requests",
              "input-required-result-non-tool-request",
              "input-required-result-request-state",
              "input-required-result-result-type",
              "input-required-result-tampered-state",
              "server-stateless/sep-2575-http-server-no-independent-requests-on-stream",
              "server-stateless/sep-2575-missing-capability-http-400",
              "server-stateless/sep-2575-server-no-log-without-loglevel",
              "server-stateless/sep-2575-server-rejects-undeclared-capability"),
          PARAMETER_HEADER,
          List.of("http-custom-header-server-validation"),
          TASKS,
          OF_2026_07_28.getOrDefault(TASKS, List.of()));

  private ConformanceExceptions() {}

  /// The same as [#of] for a server of the other era behind Planaria.
  static Map<String, String> ofOtherEra(String revision) {
    return byName(
        switch (revision) {
          case "2025-11-25" -> OF_A_MODERN_SERVER;
          case "2026-07-28" -> OF_A_LEGACY_SERVER;
          default -> throw new IllegalArgumentException(revision);
        });
  }

  /// Scenario, or `scenario/check`, to the reason why it cannot pass.
  static Map<String, String> of(String revision) {
    return byName(
        switch (revision) {
          case "2025-11-25" -> OF_2025_11_25;
          case "2026-07-28" -> OF_2026_07_28;
          default -> throw new IllegalArgumentException(revision);
        });
  }

  private static Map<String, String> byName(Map<String, List<String>> byReason) {
    var reasons = new TreeMap<String, String>();
    byReason.forEach((reason, names) -> names.forEach(name -> reasons.put(name, reason)));
    return reasons;
  }
}
