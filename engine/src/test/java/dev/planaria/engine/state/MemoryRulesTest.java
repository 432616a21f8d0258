package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.state.Refusal.Code;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Memory: versions, times to live, and what a session may remember.
final class MemoryRulesTest {

  private static final MemoryKey KEY = new MemoryKey("default", "plan");
  private static final JsonValue VALUE = new JsonString("grüße");

  private final TestSession session = new TestSession();

  @Test
  void an_entry_is_stored_with_its_size_and_version() {
    session.submit(new Command.StoreMemory(KEY, VALUE, 500L, null));
    assertThat(session.state().memoryAt(KEY, session.now()))
        .isEqualTo(
            new MemoryEntry(
                KEY,
                VALUE,
                Json.writeBytes(VALUE).length,
                1,
                TestSession.START,
                TestSession.START + 500));
    assertThat(session.state().memoryBytes()).isEqualTo(9);
  }

  @Test
  void versions_go_on_after_a_delete_and_across_keys() {
    assertThat(session.store("a", VALUE).version()).isEqualTo(1);
    assertThat(session.store("a", VALUE).version()).isEqualTo(2);
    assertThat(session.store("b", VALUE).version()).isEqualTo(3);
    session.submit(new Command.DeleteMemory(new MemoryKey("default", "b")));
    assertThat(session.store("b", VALUE).version()).isEqualTo(4);
  }

  @Test
  void a_store_may_insist_on_the_version_it_has_seen() {
    session.submit(store(null, 0L));
    session.refuses(store(null, 0L), Code.VERSION_CONFLICT, "has version 1, not 0");
    session.refuses(store(null, 2L), Code.VERSION_CONFLICT, "has version 1, not 2");
    session.submit(store(null, 1L));
    session.submit(new Command.DeleteMemory(KEY));
    session.refuses(store(null, 2L), Code.VERSION_CONFLICT, "there is no such entry");
    session.refuses(store(null, -1L), Code.INVALID_ARGUMENT, "`if_version`");
    session.submit(store(null, 0L));
  }

  @Test
  void an_expired_entry_counts_as_absent_before_it_is_swept() {
    session.submit(store(100L, null));
    session.tick(99);
    session.refuses(store(null, 0L), Code.VERSION_CONFLICT, "has version 1");
    session.tick(1);
    assertThat(session.state().memoryAt(KEY, session.now())).isNull();
    assertThat(((Operation.MemoryDeleted) session.submit(new Command.DeleteMemory(KEY))).existed())
        .isFalse();
    assertThat(session.state().memory()).isEmpty();
    session.submit(store(100L, 0L));
    session.tick(100).submit(store(null, 0L));
    assertThat(session.state().nextDueMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void deleting_says_whether_there_was_anything() {
    assertThat(((Operation.MemoryDeleted) session.submit(new Command.DeleteMemory(KEY))).existed())
        .isFalse();
    session.submit(store(null, null));
    assertThat(((Operation.MemoryDeleted) session.submit(new Command.DeleteMemory(KEY))).existed())
        .isTrue();
    assertThat(session.state().memoryBytes()).isZero();
  }

  @Test
  void any_json_value_can_be_remembered_null_too() {
    session.store("nothing", JsonNull.NULL);
    assertThat(
            TestSession.present(
                    session.state().memoryAt(new MemoryKey("default", "nothing"), session.now()))
                .value())
        .isEqualTo(JsonNull.NULL);
  }

  @Test
  void a_time_to_live_is_bounded() {
    session.refuses(store(0L, null), Code.INVALID_ARGUMENT, "`ttl_ms` must be at least 1");
    session.refuses(store(-5L, null), Code.INVALID_ARGUMENT, "`ttl_ms`");
    session.refuses(store(31_536_000_001L, null), Code.LIMIT_EXCEEDED, "`limits.ttlMillisMax`");
    session.refuses(store(Long.MAX_VALUE, null), Code.LIMIT_EXCEEDED, "`limits.ttlMillisMax`");
  }

  @Test
  void the_number_of_entries_is_bounded_and_expired_ones_take_no_place() {
    var limits = new TestLimits();
    limits.memoryEntries = 2;
    session.limits(limits.toLimits());
    session.submit(store(100L, null));
    session.store("a", VALUE);
    session.store("a", VALUE);
    var third = new Command.StoreMemory(new MemoryKey("default", "b"), VALUE, null, null);
    session.refuses(third, Code.LIMIT_EXCEEDED, "`limits.memoryEntries`");
    session.tick(100).submit(third);
  }

  @Test
  void the_bytes_of_all_entries_are_bounded_and_replacing_one_frees_its_own() {
    var limits = new TestLimits();
    limits.memoryBytes = 20;
    session.limits(limits.toLimits());
    session.store("a", new JsonString("x".repeat(18)));
    session.store("a", new JsonString("y".repeat(18)));
    session.refuses(
        new Command.StoreMemory(new MemoryKey("default", "b"), new JsonString(""), null, null),
        Code.LIMIT_EXCEEDED,
        "`limits.memoryBytes`");
    session.store("a", new JsonString("y".repeat(16)));
    session.store("b", new JsonString(""));
    assertThat(session.state().memoryBytes()).isEqualTo(20);
  }

  @Test
  void entries_are_found_by_namespace_and_prefix_in_order_without_expired_ones() {
    for (var key : new String[] {"plan/b", "plan/a", "plans", "plan", "zoo", "plan/é"}) {
      session.store(key, VALUE);
    }
    session.submit(new Command.StoreMemory(new MemoryKey("other", "plan/x"), VALUE, null, null));
    session.submit(new Command.StoreMemory(new MemoryKey("default", "plan/old"), VALUE, 5L, null));
    session.tick(5);
    assertThat(keys("plan/", null)).containsExactly("plan/a", "plan/b", "plan/é");
    assertThat(keys("plan/", "plan/a")).containsExactly("plan/b", "plan/é");
    assertThat(keys("plan/", "a")).containsExactly("plan/a", "plan/b", "plan/é");
    assertThat(keys("plan/", "q")).isEmpty();
    assertThat(keys("", null))
        .containsExactly("plan", "plan/a", "plan/b", "plan/é", "plans", "zoo");
    assertThat(keys("none", null)).isEmpty();
  }

  private List<String> keys(String prefix, @Nullable String after) {
    return session
        .state()
        .memoryWithPrefix("default", prefix, after, session.now())
        .map(entry -> entry.key().key())
        .toList();
  }

  private static Command store(@Nullable Long ttlMillis, @Nullable Long ifVersion) {
    return new Command.StoreMemory(KEY, VALUE, ttlMillis, ifVersion);
  }
}
