package dev.planaria.engine.storage.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.JournalException.StoreFailed;
import dev.planaria.engine.storage.Store;
import dev.planaria.engine.storage.StoreContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedStoreTest extends StoreContract {

  private final SimulatedDisk disk = new SimulatedDisk();

  @Override
  protected Store open() {
    return new SimulatedStore(disk);
  }

  @Override
  protected void kill(Store store) {
    // The disk keeps what it has.
  }

  @Test
  void a_frame_whose_sync_failed_can_be_read_and_is_lost_with_the_power() {
    var store = new SimulatedStore(disk);
    store.failNext(SimulatedStore.Fault.AFTER_WRITE);
    Frame frame = Frame.of(FrameHead.START, 1, List.of(new byte[] {1}));
    assertThatThrownBy(() -> store.append(frame)).isInstanceOf(StoreFailed.class);
    assertThat(store.head().id()).isEqualTo(1);
    assertThat(disk.losePower()).isEqualTo(1);
    assertThat(store.head()).isEqualTo(FrameHead.START);
    assertThat(store.hits()).isEqualTo(1);
  }
}
