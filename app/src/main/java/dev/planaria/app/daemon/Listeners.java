package dev.planaria.app.daemon;

import dev.planaria.engine.session.EngineEvent;
import java.util.List;
import java.util.function.Consumer;

/// Everybody in the worker who hears what the engine tells. One that breaks keeps nothing from the
/// others.
///
/// @param all in the order in which they are told
record Listeners(List<Consumer<EngineEvent>> all) implements Consumer<EngineEvent> {
  Listeners {
    all = List.copyOf(all);
  }

  @Override
  public void accept(EngineEvent event) {
    for (Consumer<EngineEvent> listener : all) {
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        System.getLogger(Listeners.class.getName())
            .log(System.Logger.Level.WARNING, "a listener failed on " + event, e);
      }
    }
  }
}
