package dev.planaria.app.gateway.connections;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Who needs a server that was brought, and until when.
class HoldersTest {
  private final Holders<String> holders = new Holders<>();

  private void hold(String name, long nowMillis) {
    holders.hold("server", new Connections.Holder(name, 60), nowMillis);
  }

  @Test
  void what_two_hold_stays_until_both_have_let_go() {
    hold("a", 0);
    hold("b", 0);
    assertThat(holders.letGo("server", "a")).isFalse();
    assertThat(holders.letGo("server", "b")).isTrue();
  }

  @Test
  void a_holder_that_was_not_heard_of_in_time_is_gone() {
    hold("a", 0);
    hold("b", 50);
    assertThat(holders.expired(100)).isEmpty();
    assertThat(holders.expired(111)).containsExactly("server");
    assertThat(holders.expired(111)).as("told once").isEmpty();
  }

  @Test
  void who_is_heard_of_again_in_time_goes_on_holding() {
    hold("a", 0);
    hold("a", 60);
    assertThat(holders.expired(119)).isEmpty();
    assertThat(holders.expired(121)).containsExactly("server");
  }

  @Test
  void what_nobody_in_particular_holds_stays_until_everybody_lets_go() {
    holders.hold("server", null, 0);
    hold("a", 0);
    assertThat(holders.letGo("server", "a")).isFalse();
    assertThat(holders.expired(Long.MAX_VALUE - 1)).isEmpty();
    assertThat(holders.letGo("server", null)).isTrue();
  }
}
