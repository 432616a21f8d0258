package dev.planaria.app.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.CallClass;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What an operator writes about a server.
final class ProfileTest {

  @Test
  void every_member_is_read_and_written_back() {
    JsonObject written =
        json(
            """
            {"profile":{"replay":["make","open"],"ids":{"make":["/id","/parts/[]/id"]},
             "id_values":"^x-\\\\d+$","max_in_flight":2,"gap_ms":7,"private_copy":true,
             "before_replay":["data/x.db"],"reset":["clear"],"overwrites":{"open":["/name"]}},
             "trust_hints":true,"read_only":["look"],"idempotent":["put"],
             "sensitive":{"login":["/password","/keys/[]"]}}\
            """);
    Profile profile = Profile.of(written);
    assertThat(profile.toJson()).isEqualTo(written);
    assertThat(profile.pace()).isEqualTo(new Profile.Pace(2, 7));
    assertThat(profile.ids("make")).hasToString("[/id, /parts/[]/id]");
    assertThat(profile.isKept("make")).isTrue();
    assertThat(profile.isKept("clear")).isTrue();
    assertThat(profile.isKept("look")).isFalse();
    assertThat(Profile.of(json("{\"scope\":\"session\",\"limits\":{}}")).toJson())
        .isEqualTo(json("{\"profile\":{}}"));
  }

  @Test
  void a_built_in_profile_is_named_and_the_operator_adds_to_it() {
    Profile profile =
        Profile.of(json("{\"profile\":\"ruv-swarm\",\"read_only\":[\"swarm_monitor\"]}"));
    assertThat(profile.replay()).isEqualTo(Profile.RUV_SWARM.replay());
    assertThat(profile.pace()).isEqualTo(new Profile.Pace(1, 12));
    assertThat(profile.callClass("swarm_monitor", null)).isEqualTo(CallClass.READ_ONLY);
    assertThat(profile.callClass("agent_list", null)).isEqualTo(CallClass.READ_ONLY);
    assertThat(profile.callClass("agent_spawn", null)).isEqualTo(CallClass.EFFECT);
    assertThat(Profile.of(Profile.RUV_SWARM.toJson()).toJson())
        .isEqualTo(Profile.RUV_SWARM.toJson());
  }

  @Test
  void hints_count_only_where_they_are_trusted() {
    JsonObject reads = json("{\"readOnlyHint\":true}");
    JsonObject repeats = json("{\"idempotentHint\":true,\"readOnlyHint\":false}");
    assertThat(Profile.NONE.callClass("x", reads)).isEqualTo(CallClass.EFFECT);
    Profile trusting = Profile.of(json("{\"trust_hints\":true,\"idempotent\":[\"y\"]}"));
    assertThat(trusting.callClass("x", reads)).isEqualTo(CallClass.READ_ONLY);
    assertThat(trusting.callClass("x", repeats)).isEqualTo(CallClass.IDEMPOTENT);
    assertThat(trusting.callClass("x", null)).isEqualTo(CallClass.EFFECT);
    assertThat(trusting.callClass("y", null)).isEqualTo(CallClass.IDEMPOTENT);
  }

  @Test
  void secret_arguments_are_known_and_what_cannot_be_looked_into_is_secret() {
    Profile profile = Profile.of(json("{\"sensitive\":{\"login\":[\"/password\",\"/keys/[]\"]}}"));
    assertThat(profile.isSensitive("login", "{\"arguments\":{\"password\":7}}")).isTrue();
    assertThat(profile.isSensitive("login", "{\"arguments\":{\"keys\":[null]}}")).isTrue();
    assertThat(profile.isSensitive("login", "{\"arguments\":{\"keys\":[]}}")).isFalse();
    assertThat(profile.isSensitive("login", "{\"arguments\":{\"user\":\"x\"}}")).isFalse();
    assertThat(profile.isSensitive("login", "{}")).isFalse();
    assertThat(profile.isSensitive("login", "{")).isTrue();
    assertThat(profile.isSensitive("other", "{\"arguments\":{\"password\":7}}")).isFalse();
  }

  @Test
  void what_is_wrong_is_said_with_its_name_and_its_rule() {
    refuses("{\"profile\":\"nobody\"}", "profile", "ruv-swarm");
    refuses("{\"profile\":7}", "profile", "must be an object");
    refuses("{\"profile\":{\"replays\":[]}}", "replays", "is not known here");
    refuses(
        "{\"profile\":{\"ids\":{\"a\":[\"/id\"]}}}", "profile.ids", "`profile.replay` does not");
    refuses(
        "{\"profile\":{\"replay\":[\"a\"],\"ids\":{\"a\":[\"id\"]}}}", "ids.a", "begins with /");
    refuses("{\"profile\":{\"replay\":[\"a\"],\"ids\":{\"a\":[\"/~\"]}}}", "ids.a", "~0");
    refuses("{\"profile\":{\"id_values\":\"(\"}}", "profile.id_values", "regular expression");
    refuses("{\"profile\":{\"gap_ms\":-1}}", "gap_ms", "between 0 and");
    refuses("{\"profile\":{\"before_replay\":[\"x\"]}}", "profile.before_replay", "private_copy");
    for (String outside : List.of("/etc/passwd", "../x", "a/../../x", "a//b", "./a", "")) {
      assertThatThrownBy(() ->
              Profile.of(
                  json(
                      "{\"profile\":{\"private_copy\":true,\"before_replay\":[\""
                          + outside
                          + "\"]}}")))
          .as(outside)
          .isInstanceOf(FieldException.class);
    }
    refuses("{\"read_only\":\"x\"}", "read_only", "an array of texts");
    refuses("{\"sensitive\":{\"a\":[\"x\"]}}", "sensitive.a", "begins with /");
  }

  private static void refuses(String planaria, String field, String rule) {
    assertThatThrownBy(() -> Profile.of(json(planaria)))
        .as(planaria)
        .isInstanceOf(FieldException.class)
        .hasMessageContaining(field)
        .hasMessageContaining(rule);
  }

  @Test
  void pointers_lead_through_members_and_elements() {
    JsonObject value = json("{\"a/b\":{\"~\":[{\"id\":\"x\"},{\"id\":7},{\"id\":\"y\"}]}}");
    assertThat(IdPath.parse("/a~1b/~0/[]/id").in(value)).containsExactly("x", "y");
    assertThat(IdPath.parse("/a~1b/~0[]/id").in(value)).containsExactly("x", "y");
    assertThat(IdPath.parse("/a~1b/~0/2/id").in(value)).containsExactly("y");
    assertThat(IdPath.parse("/a~1b/~0/3/id").in(value)).isEmpty();
    assertThat(IdPath.parse("/a~1b/~0[]/id")).hasToString("/a~1b/~0/[]/id");
  }

  private static JsonObject json(String text) {
    return Json.parseObject(text, JsonLimits.DEFAULT);
  }
}
