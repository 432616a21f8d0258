package dev.planaria.engine.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The one form in which an enum constant is written anywhere outside the program (journal, tools,
/// command line): its name in lower case, `CHECKPOINT_ROLLBACK` as `checkpoint_rollback`.
/// Thread-safe.
public final class WireName {

  private static final ClassValue<Table> TABLES =
      new ClassValue<>() {
        @Override
        protected Table computeValue(Class<?> type) {
          return Table.of(type);
        }
      };

  private WireName() {}

  /// The constant's name on the wire.
  public static String of(Enum<?> constant) {
    String name = TABLES.get(constant.getDeclaringClass()).names().get(constant);
    if (name == null) {
      throw new IllegalStateException(constant + " is not in the table of its own enum");
    }
    return name;
  }

  /// The constant of that name, or null when there is none.
  public static <E extends Enum<E>> @Nullable E parse(Class<E> type, String name) {
    Object constant = TABLES.get(type).constants().get(name);
    return constant == null ? null : type.cast(constant);
  }

  /// All names of an enum, in its order.
  public static List<String> all(Class<? extends Enum<?>> type) {
    return List.copyOf(TABLES.get(type).names().values());
  }

  private record Table(Map<Object, String> names, Map<String, Object> constants) {

    static Table of(Class<?> type) {
      var names = new LinkedHashMap<Object, String>();
      var constants = new LinkedHashMap<String, Object>();
      for (Object constant : type.getEnumConstants()) {
        String name = ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
        names.put(constant, name);
        constants.put(name, constant);
      }
      return new Table(Collections.unmodifiableMap(names), Collections.unmodifiableMap(constants));
    }
  }
}
