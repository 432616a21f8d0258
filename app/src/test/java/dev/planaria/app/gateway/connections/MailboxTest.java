package dev.planaria.app.gateway.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.JsonString;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/// What a server says to a client that does not read costs bounded memory.
class MailboxTest {
  private final Mailbox mailbox = new Mailbox(true, _ -> {});

  private static Message told(int bytes) {
    return new Message.Told(
        "notifications/x", RawObject.EMPTY.with("x", new JsonString("y".repeat(bytes))));
  }

  @Test
  void it_holds_so_many_messages_and_no_more() throws Exception {
    int taken = 0;
    for (int i = 0; i < 5_000; i++) {
      taken += mailbox.tell(told(1)) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(1_000);
    assertThat(mailbox.next(0)).isNotNull();
    assertThat(mailbox.tell(told(1))).isTrue();
  }

  @Test
  void it_holds_so_many_bytes_and_no_more_but_any_single_message() throws Exception {
    var taken = new ArrayList<Integer>();
    for (int i = 0; i < 100; i++) {
      if (mailbox.tell(told(1 << 20))) {
        taken.add(i);
      }
    }
    assertThat(taken).hasSize(7);
    assertThat(mailbox.tell(told(1))).as("a small one still has room").isTrue();
    while (mailbox.next(0) != null) {
      assertThat(mailbox.isClosed()).isFalse();
    }
    assertThat(mailbox.tell(told(12 << 20))).isTrue();
    assertThat(mailbox.tell(told(1))).isFalse();
    assertThat(mailbox.next(0)).isNotNull();
    assertThat(mailbox.tell(told(1))).isTrue();
    mailbox.close();
    assertThat(mailbox.tell(told(1))).isFalse();
    assertThat(mailbox.next(0)).isNull();
  }
}
