package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.planaria.engine.state.Standstill.Stuck;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StandstillTest {

  private static final long LEASE = Limits.DEFAULT.leaseMillisDefault();

  private final TestSession session = new TestSession();

  private Standstill look() {
    return Standstill.in(session.state());
  }

  private String assigned(String agent, List<String> dependsOn) {
    return session.create(new Command.CreateTask("work", null, dependsOn, agent, null, null));
  }

  private void offline(String agent) {
    session.submit(new Command.UpdateAgent(agent, null, AgentStatus.OFFLINE, null, null));
  }

  @Test
  void without_open_tasks_nothing_stands_still() {
    assertThat(look()).isEqualTo(new Standstill(List.of(), 0));
    assertThat(look().isComplete()).isFalse();
  }

  @Test
  void a_task_that_waits_for_nobody_is_told_until_an_agent_comes() {
    String task = session.create();
    assertThat(look().stuck())
        .containsExactly(
            new Stuck(task, "waits, and no agent is there to claim it", TestSession.START));
    assertThat(look().isComplete()).isTrue();
    session.spawn();
    assertThat(look().stuck()).isEmpty();
  }

  @Test
  void a_task_of_an_agent_that_is_gone_holds_up_what_depends_on_it_and_nothing_else() {
    String gone = session.spawn();
    String there = session.spawn();
    String first = assigned(gone, List.of());
    String second = assigned(there, List.of(first));
    String third = session.create();
    offline(gone);
    assertThat(look().stuck())
        .extracting(Stuck::taskId, Stuck::reason)
        .containsExactly(
            tuple(first, "is assigned to " + gone + ", which is offline"),
            tuple(second, "waits for " + first + ", which cannot move"));
    assertThat(look().isComplete()).as("%s can be claimed", third).isFalse();
    session.submit(new Command.HeartbeatAgent(gone));
    assertThat(look().stuck()).isEmpty();
  }

  @Test
  void a_retired_agent_holds_up_nothing() {
    String gone = session.spawn();
    session.spawn();
    assigned(gone, List.of());
    offline(gone);
    assertThat(look().isComplete()).isTrue();
    session.submit(new Command.RetireAgent(gone));
    assertThat(look().stuck()).isEmpty();
  }

  @Test
  void a_running_task_moves_since_its_lease_ends() {
    String agent = session.spawn();
    session.create();
    session.claim(agent);
    assertThat(look()).isEqualTo(new Standstill(List.of(), 1));
    session.tick(LEASE).submit(new Command.Sweep());
    assertThat(look().stuck())
        .extracting(Stuck::reason)
        .containsExactly("waits, and no agent is there to claim it");
  }
}
