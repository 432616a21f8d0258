package dev.planaria.app.tools;

import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Limits;
import dev.planaria.engine.state.MemoryEntry;
import dev.planaria.engine.state.MemoryKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The tools about what a swarm remembers.
final class MemoryTools {
  private static final String DEFAULT_NAMESPACE = "default";

  /// A time to live beyond ten years is a mistake in the unit.
  private static final long TTL_MILLIS_MAX = 315_360_000_000L;

  /// How much one search reads before it hands back a cursor.
  private static final long SEARCHED_BYTES = 8L << 20;

  private static final int QUERY_CHARACTERS = 1_000;

  private final Sessions sessions;
  private final Limits limits;
  private final LongSupplier nowMillis;

  MemoryTools(Sessions sessions, Limits limits, LongSupplier nowMillis) {
    this.sessions = sessions;
    this.limits = limits;
    this.nowMillis = nowMillis;
  }

  List<Tool> tools() {
    return List.of(store(), retrieve(), list(), search(), delete());
  }

  private Tool store() {
    return new Tool(
        "memory_store",
        "Remember something",
        "Stores a JSON value under a key; a value that was there is replaced. With if_version it is"
            + " replaced only if nobody else has stored in between.",
        new Tool.Signature(
            keyed(Shapes.changing())
                .must("value", Schema.anything("Any JSON value"))
                .may("ttl_ms", Schema.whole("Forget it after so long", 1, TTL_MILLIS_MAX))
                .may("if_version", Schema.whole("Only if this is its version; 0: if it is new", 0))
                .arguments(),
            Shapes.acknowledged(
                keyed(Schema.members())
                    .must("version", Schema.whole("Its version now", 1))
                    .may("expires_at", Shapes.time("When it will be gone")))),
        Tool.Hints.SET,
        call -> {
          Fields arguments = call.arguments();
          var command =
              new Command.StoreMemory(
                  key(arguments),
                  arguments.requiredValue("value"),
                  arguments.optionalLong("ttl_ms", 1, TTL_MILLIS_MAX),
                  arguments.optionalLong("if_version", 0, Long.MAX_VALUE));
          return OperationResults.acknowledge(sessions.submit(call, command));
        });
  }

  private Tool retrieve() {
    return new Tool(
        "memory_retrieve",
        "Recall something",
        "Shows the value under a key.",
        new Tool.Signature(
            keyed(Shapes.reading()).arguments(),
            keyed(Schema.members())
                .must("found", Schema.flag("Whether there is a value"))
                .may("value", Schema.anything("The value"))
                .may("version", Schema.whole("Its version", 1))
                .may("updated_at", Shapes.time("When it was stored"))
                .may("expires_at", Shapes.time("When it will be gone"))
                .may("lost", Schema.text("Said when the session has lost something"))
                .result()),
        Tool.Hints.READ,
        call -> {
          MemoryKey key = key(call.arguments());
          SessionView view = sessions.view(call);
          MemoryEntry entry = view.state().memoryAt(key, nowMillis.getAsLong());
          if (entry == null) {
            String lost = sessions.lossNotice(view.state().id()).orElse(null);
            return ToolResult.of(
                view.state().id(),
                keyJson(key).put("found", false).put("lost", lost).build(),
                Words.key(key) + " is not there" + (lost == null ? "" : "; " + lost));
          }
          JsonObject.Builder found = JsonObject.builder().put("found", true);
          Views.memory(entry).members().forEach(found::put);
          return ToolResult.of(view.state().id(), found.build(), Words.text(entry.value()));
        });
  }

  private Tool list() {
    return new Tool(
        "memory_list",
        "List what is remembered",
        "Lists entries by namespace and key.",
        new Tool.Signature(
            Shapes.paging(
                    namespaced(Shapes.reading())
                        .may("prefix", Schema.text("Only keys that begin so", names())))
                .arguments(),
            entries()),
        Tool.Hints.READ,
        call -> {
          String prefix = call.arguments().optionalText("prefix", names());
          SessionView view = sessions.view(call);
          Iterator<MemoryEntry> matching =
              candidates(call.arguments(), view).stream()
                  .filter(entry -> prefix == null || entry.key().key().startsWith(prefix))
                  .iterator();
          return listed(
              view,
              Page.of(
                  matching, Page.limit(call.arguments()), Views::memory, MemoryTools::position));
        });
  }

  private Tool search() {
    return new Tool(
        "memory_search",
        "Search what is remembered",
        "Finds entries whose key or value, as JSON text, contains the query, without regard to"
            + " case. A long search ends early with a next_cursor to go on from, perhaps without"
            + " any entries yet.",
        new Tool.Signature(
            Shapes.paging(
                    namespaced(Shapes.reading())
                        .must("query", Schema.text("What to look for", QUERY_CHARACTERS))
                        .may("prefix", Schema.text("Only keys that begin so", names())))
                .arguments(),
            entries()),
        Tool.Hints.READ,
        this::found);
  }

  private ToolResult found(ToolCall call) {
    Fields arguments = call.arguments();
    String query = arguments.requiredText("query", QUERY_CHARACTERS).toLowerCase(Locale.ROOT);
    String prefix = arguments.optionalText("prefix", names());
    int limit = Page.limit(arguments);
    SessionView view = sessions.view(call);
    var matching = new ArrayList<MemoryEntry>();
    String next = null;
    long read = 0;
    for (MemoryEntry entry : candidates(arguments, view)) {
      if (prefix == null || entry.key().key().startsWith(prefix)) {
        read += entry.bytes();
        if (contains(entry, query)) {
          matching.add(entry);
        }
      }
      if (read >= SEARCHED_BYTES || matching.size() > limit) {
        next = Page.encode(position(entry));
        break;
      }
    }
    Page page = Page.of(matching.iterator(), limit, Views::memory, MemoryTools::position);
    return listed(view, page.nextCursor() == null ? new Page(page.items(), next) : page);
  }

  private static boolean contains(MemoryEntry entry, String query) {
    return entry.key().key().toLowerCase(Locale.ROOT).contains(query)
        || Json.write(entry.value()).toLowerCase(Locale.ROOT).contains(query);
  }

  private Tool delete() {
    return new Tool(
        "memory_delete",
        "Forget something",
        "Removes the entry under a key; it is no error when there is none.",
        new Tool.Signature(
            keyed(Shapes.changing()).arguments(),
            Shapes.acknowledged(
                keyed(Schema.members()).must("deleted", Schema.flag("Whether there was one")))),
        Tool.Hints.END,
        call ->
            OperationResults.acknowledge(
                sessions.submit(call, new Command.DeleteMemory(key(call.arguments())))));
  }

  /// The entries from the cursor on, in order, that the namespace allows and that are not expired.
  private List<MemoryEntry> candidates(Fields arguments, SessionView view) {
    String namespace = arguments.optionalText("namespace", names());
    MemoryKey after = after(Page.cursor(arguments));
    var entries = view.state().memory();
    var rest = after == null ? entries : entries.tailMap(after, false);
    long now = nowMillis.getAsLong();
    return rest.values().stream()
        .filter(entry -> namespace == null || entry.key().namespace().equals(namespace))
        .filter(entry -> !entry.isExpiredAt(now))
        .toList();
  }

  private static ToolResult listed(SessionView view, Page page) {
    String text =
        page.items().isEmpty()
            ? "no entries match"
            : page.items().stream()
                .map(entry ->
                    Words.field(entry, "namespace")
                        + "/"
                        + Words.field(entry, "key")
                        + " v"
                        + Words.field(entry, "version")
                        + " = "
                        + Words.field(entry, "value"))
                .collect(Collectors.joining("\n"));
    return ToolResult.of(view.state().id(), page.toJson("entries").build(), text + page.more());
  }

  /// The cursor's text: the length of the namespace keeps the two parts apart.
  private static String position(MemoryEntry entry) {
    String namespace = entry.key().namespace();
    return namespace.length() + ":" + namespace + entry.key().key();
  }

  private static @Nullable MemoryKey after(@Nullable String position) {
    if (position == null) {
      return null;
    }
    int colon = position.indexOf(':');
    try {
      int end = colon + 1 + Integer.parseInt(position, 0, Math.max(colon, 0), 10);
      return new MemoryKey(position.substring(colon + 1, end), position.substring(end));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw Page.badCursor();
    }
  }

  private static JsonObject entries() {
    return Schema.members()
        .must("entries", Schema.list("The entries", Shapes.memory()))
        .may("next_cursor", Schema.text("Hand in as cursor to see more"))
        .result();
  }

  private Schema.Members keyed(Schema.Members members) {
    return namespaced(members.must("key", Schema.text("The key", names())));
  }

  private Schema.Members namespaced(Schema.Members members) {
    return members.may(
        "namespace", Schema.text("Keeps the keys of different users apart", names()));
  }

  private MemoryKey key(Fields arguments) {
    String namespace = arguments.optionalText("namespace", names());
    return new MemoryKey(
        namespace == null ? DEFAULT_NAMESPACE : namespace, arguments.requiredText("key", names()));
  }

  private static JsonObject.Builder keyJson(MemoryKey key) {
    return JsonObject.builder().put("key", key.key()).put("namespace", key.namespace());
  }

  private int names() {
    return limits.nameCharacters();
  }
}
