package dev.planaria.chaos.experiment;

import dev.planaria.chaos.fault.FaultCodec;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An experiment that somebody wrote into a file: `{"name": "two-kills", "seed": 42,
/// "deadline_millis": 30000, "faults": [{"fault": "kill", "target": "worker", "start_millis":
/// 1000}]}`.
///
/// @param experiment the faults, under load
/// @param seed what the workload begins with; null when the file leaves it open
public record ExperimentFile(Experiment experiment, @Nullable Long seed) {

  /// The specification's longest deadline is a minute; ten are enough for any machine.
  private static final long LONGEST_DEADLINE_MILLIS = 600_000;

  private static final long DEFAULT_DEADLINE_MILLIS = 30_000;
  private static final int NAME_CHARACTERS = 64;
  private static final int MOST_FAULTS = 10_000;

  /// Reads one.
  ///
  /// @throws dev.planaria.engine.json.JsonSyntaxException when the text is no JSON
  /// @throws FieldException when it is no experiment; the message names the member and the rule
  public static ExperimentFile parse(byte[] utf8) {
    Fields fields = Fields.of(Json.parseObject(utf8, JsonLimits.DEFAULT));
    String name = fields.requiredText("name", NAME_CHARACTERS);
    if (!name.matches("[a-z0-9-]+")) {
      throw new FieldException("name", "must be of a-z 0-9 -");
    }
    Long seed = fields.optionalLong("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    Long deadline = fields.optionalLong("deadline_millis", 1, LONGEST_DEADLINE_MILLIS);
    List<FaultSpec> faults = faults(fields);
    fields.refuseUnknown();
    long millis = deadline == null ? DEFAULT_DEADLINE_MILLIS : deadline;
    return new ExperimentFile(
        needsServer(faults)
            ? ServerLinks.of(name, faults, millis)
            : Scheduled.of(name, faults, millis),
        seed);
  }

  /// True when there must be a server behind the daemon, since the way to it is named.
  private static boolean needsServer(List<FaultSpec> faults) {
    return faults.stream().anyMatch(fault -> fault.target() == Target.UPSTREAM_LINK);
  }

  private static List<FaultSpec> faults(Fields fields) {
    var faults = new ArrayList<FaultSpec>();
    for (Fields each : fields.requiredEach("faults", MOST_FAULTS)) {
      FaultSpec fault = FaultCodec.read(each);
      if (!canDo(fault)) {
        throw new FieldException(
            "faults[" + faults.size() + "]",
            "must be a fault that a file can ask for; planaria chaos list names them");
      }
      faults.add(fault);
    }
    if (faults.isEmpty()) {
      throw new FieldException("faults", "must hold at least 1 object");
    }
    for (int i = 0; i < faults.size() && needsServer(faults); i++) {
      if (!ServerLinks.canDo(faults.get(i))) {
        throw new FieldException(
            "faults[" + i + "]",
            "must be of worker, front, daemon, client_link or upstream_link, where a file names"
                + " upstream_link");
      }
    }
    return faults;
  }

  /// True for a fault that a file can ask for.
  public static boolean canDo(FaultSpec fault) {
    return Scheduled.canDo(fault) || ServerLinks.canDo(fault);
  }
}
