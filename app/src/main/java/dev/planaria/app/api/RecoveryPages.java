package dev.planaria.app.api;

import dev.planaria.app.tools.Sessions;
import dev.planaria.app.tools.Views;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.session.EngineFigures;
import dev.planaria.engine.session.RecoveryRecords;
import dev.planaria.engine.storage.RecoveryPage.Place;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `recovery-records`: what became of sessions, over all recoveries, a page at a time. Newest
/// first: the pages by the moment of the crash or the damage, those on a page by their end. The
/// daemon's own sessions are left out, so that a page may have fewer than were asked for.
/// Thread-safe.
///
/// @param figures who reads them
record RecoveryPages(EngineFigures figures) {
  /// A record of a damaged session has some 20 KB.
  static final int MOST = 300;

  /// The time of a record, its id and its session.
  private static final int PLACE_PARTS = 3;

  private static final int PLACE_CHARACTERS = 256;

  /// A page.
  ///
  /// @param query `limit` (1 to 300, and that unless it is said), and `before`, which is what the
  ///   page before gave as `next`
  /// @throws FieldException when it has anything else
  JsonObject page(String query) {
    Query asked = Query.of(query, Set.of("limit", "before"));
    int limit = (int) asked.number("limit", MOST, 1, MOST);
    RecoveryRecords page =
        figures.recoveries(0, place(asked.text("before", PLACE_CHARACTERS)), limit);
    Optional<String> next = page.next().map(RecoveryPages::text);
    return JsonObject.builder()
        .put(
            "records",
            new JsonArray(
                page.records().stream()
                    .filter(record -> !Sessions.isReserved(record.sessionName()))
                    .sorted(Comparator.comparingLong(RecoveryRecord::finishedAtMillis).reversed())
                    .<JsonValue>map(record -> Shortened.of(Views.recovery(record)))
                    .toList()))
        .put("unreadable", page.damaged())
        .put("more", next.isPresent())
        .put("next", next.orElse(null))
        .build();
  }

  private static String text(Place place) {
    return place.timeMillis() + "_" + place.recoveryId() + "_" + place.session();
  }

  private static Place place(@Nullable String text) {
    if (text == null) {
      return Place.START;
    }
    String[] parts = text.split("_", PLACE_PARTS);
    try {
      if (parts.length == PLACE_PARTS) {
        return new Place(Long.parseLong(parts[0]), parts[1], parts[2]);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new FieldException("before", "must be what the page before gave as `next`");
  }
}
