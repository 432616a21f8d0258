package dev.planaria.engine.state;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which idle agents are asked first. The same session and the same task always give the same
/// order.
///
/// `balanced` prefers who has the fewest tasks waiting; `specialized`, whose type and capabilities
/// the description mentions most; `adaptive`, who was heard of last. Agents that the strategy does
/// not tell apart go by id, and so do all under any other strategy.
final class AgentChoice {

  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

  private AgentChoice() {}

  /// An agent and what speaks against it.
  private record Ranked(String id, long cost) {

    private static final Comparator<Ranked> ORDER =
        Comparator.comparingLong(Ranked::cost)
            .thenComparing(Ranked::id, CreationOrder.OLDEST_FIRST);
  }

  /// The ids of all idle agents, the preferred first.
  static List<String> of(SessionState state, String strategy, String description) {
    ToLongFunction<Agent> cost = cost(state, strategy, description);
    return state.indexes().roster().idle().stream()
        .map(state.agents()::get)
        .filter(Objects::nonNull)
        .map(agent -> new Ranked(agent.id(), cost.applyAsLong(agent)))
        .sorted(Ranked.ORDER)
        .map(Ranked::id)
        .toList();
  }

  private static ToLongFunction<Agent> cost(
      SessionState state, String strategy, String description) {
    return switch (strategy) {
      case "balanced" -> agent -> state.indexes().board().assignedTo(agent.id()).size();
      case "specialized" -> {
        Set<String> mentioned = words(description);
        yield agent -> -mentions(agent, mentioned);
      }
      case "adaptive" -> agent -> -agent.lastHeartbeatMillis();
      default -> _ -> 0;
    };
  }

  private static long mentions(Agent agent, Set<String> mentioned) {
    return Stream.concat(Stream.of(agent.type()), agent.capabilities().stream())
        .map(AgentChoice::words)
        .filter(words -> !words.isEmpty() && mentioned.containsAll(words))
        .count();
  }

  private static Set<String> words(String text) {
    return NO_WORD
        .splitAsStream(text.toLowerCase(Locale.ROOT))
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toSet());
  }
}
