package dev.planaria.app.cli;

import dev.planaria.chaos.experiment.Experiment;
import dev.planaria.chaos.experiment.ExperimentFile;
import dev.planaria.chaos.experiment.Experiments;
import dev.planaria.chaos.experiment.Profile;
import dev.planaria.chaos.fault.FaultCodec;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;

@Command(
    name = "list",
    description = "List experiments, profiles, and the faults that a file can ask for.")
final class ChaosListCommand extends Subcommand {

  private static final long MINUTE_MILLIS = 60_000;

  ChaosListCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() {
    JsonObject json =
        JsonObject.builder()
            .put("experiments", array(Experiments.all(), ChaosListCommand::experiment))
            .put("profiles", array(Profile.all(), ChaosListCommand::profile))
            .put("faults", faults())
            .build();
    answer(json, text(json));
    return ExitStatus.OK;
  }

  private static JsonObject experiment(Experiment experiment) {
    return JsonObject.builder()
        .put("name", experiment.name())
        .put("deadline_millis", experiment.deadlineMillis())
        .put("description", experiment.description())
        .build();
  }

  private static JsonObject profile(Profile profile) {
    return JsonObject.builder()
        .put("name", profile.name())
        .put("rounds", profile.rounds())
        .put("cap_millis", profile.capMillis())
        .put("description", profile.description())
        .put(
            "runs",
            array(
                profile.parts(),
                part ->
                    JsonObject.builder()
                        .put("experiment", part.experiment())
                        .put("runs", part.runs())
                        .put("cycles", part.cycles())
                        .put("callers", part.plan().callers())
                        .build()))
        .put(
            "promised",
            array(
                profile.promised(),
                fault ->
                    JsonObject.builder()
                        .put("fault", fault.kind())
                        .put("target", WireName.of(fault.target()))
                        .build()))
        .build();
  }

  /// What a file can ask for: each fault with the targets that it can be done to.
  private static JsonArray faults() {
    var found = new ArrayList<JsonValue>();
    for (var fault : FaultCodec.examples()) {
      var targets = new ArrayList<String>();
      for (Target target : Target.values()) {
        if (ExperimentFile.canDo(new FaultSpec(fault, target, 0, 0))) {
          targets.add(WireName.of(target));
        }
      }
      if (!targets.isEmpty()) {
        found.add(
            JsonObject.builder()
                .put("fault", fault.kind())
                .put("targets", JsonArray.ofStrings(targets))
                .build());
      }
    }
    return new JsonArray(found);
  }

  private static <T> JsonArray array(List<T> values, Function<T, JsonValue> write) {
    return new JsonArray(values.stream().map(write).toList());
  }

  private static String text(JsonObject json) {
    var text = new StringBuilder("Experiments\n");
    for (JsonObject one : Shown.objects(json, "experiments")) {
      entry(
          text, one, "a recovery may take " + Shown.number(one, "deadline_millis") / 1_000 + " s");
    }
    text.append("\nProfiles\n");
    for (JsonObject one : Shown.objects(json, "profiles")) {
      entry(text, one, "at most " + Shown.number(one, "cap_millis") / MINUTE_MILLIS + " min");
      for (JsonObject part : Shown.objects(one, "runs")) {
        text.append("    ")
            .append(Shown.text(part, "runs"))
            .append(" x ")
            .append(Shown.text(part, "experiment"))
            .append(", cycles ")
            .append(Shown.text(part, "cycles"))
            .append(", callers ")
            .append(Shown.text(part, "callers"))
            .append('\n');
      }
    }
    text.append("\nFaults for a file\n");
    for (JsonObject one : Shown.objects(json, "faults")) {
      text.append("  ").append(Shown.text(one, "fault")).append(": ");
      text.append(Shown.text(one, "targets").replaceAll("[\\[\\]\"]", "").replace(",", ", "));
      text.append('\n');
    }
    return text.toString();
  }

  private static void entry(StringBuilder text, JsonObject one, String bound) {
    text.append("  ")
        .append(Shown.text(one, "name"))
        .append(" (")
        .append(bound)
        .append(")\n    ")
        .append(Shown.text(one, "description"))
        .append('\n');
  }
}
