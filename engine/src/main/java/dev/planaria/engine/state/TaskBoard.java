package dev.planaria.engine.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePSet;

/// Indexes over a session's tasks, so that no command needs to look through all of them. Derived:
/// kept beside the tasks, never written, rebuilt when a state is read. Immutable; copies share
/// structure.
///
/// @param claimable `PENDING` and `ASSIGNED` tasks whose dependencies are all completed
/// @param leases of `RUNNING` tasks, the next to run out first
/// @param dependents from a task to each unfinished one that depends on it
/// @param assigned from an agent to each task that is `ASSIGNED` to it
/// @param counts tasks by status
/// @param openBytes weight of the unfinished tasks
/// @param totalBytes weight of all tasks
public record TaskBoard(
    TreePSet<Claimable> claimable,
    TreePSet<LeaseEnd> leases,
    TreePSet<Link> dependents,
    TreePSet<Link> assigned,
    Tally<TaskStatus> counts,
    long openBytes,
    long totalBytes) {

  static final TaskBoard EMPTY =
      new TaskBoard(
          TreePSet.empty(),
          TreePSet.empty(),
          TreePSet.empty(),
          TreePSet.empty(),
          Tally.empty(TaskStatus.class),
          0,
          0);

  /// A task that can be claimed. Those of one agent, and those of nobody, lie together: the most
  /// urgent first, then the oldest.
  ///
  /// @param assignee the only agent that may claim it, or empty when any may
  /// @param priority how urgent it is
  /// @param taskId the task
  public record Claimable(String assignee, Priority priority, String taskId)
      implements Comparable<Claimable> {

    @Override
    public int compareTo(Claimable other) {
      int byAssignee = CreationOrder.OLDEST_FIRST.compare(assignee, other.assignee);
      return byAssignee != 0 ? byAssignee : compareUrgency(other);
    }

    private int compareUrgency(Claimable other) {
      int byPriority = other.priority.compareTo(priority);
      return byPriority != 0
          ? byPriority
          : CreationOrder.OLDEST_FIRST.compare(taskId, other.taskId);
    }
  }

  /// When a lease runs out.
  ///
  /// @param atMillis Unix time
  /// @param taskId the task
  public record LeaseEnd(long atMillis, String taskId) implements Comparable<LeaseEnd> {
    @Override
    public int compareTo(LeaseEnd other) {
      int byTime = Long.compare(atMillis, other.atMillis);
      return byTime != 0 ? byTime : CreationOrder.OLDEST_FIRST.compare(taskId, other.taskId);
    }
  }

  /// From one thing to another, by their ids.
  ///
  /// @param from what is asked by
  /// @param to what is found
  public record Link(String from, String to) implements Comparable<Link> {
    @Override
    public int compareTo(Link other) {
      int byFrom = CreationOrder.OLDEST_FIRST.compare(from, other.from);
      return byFrom != 0 ? byFrom : CreationOrder.OLDEST_FIRST.compare(to, other.to);
    }
  }

  /// The task that an agent should claim: the most urgent and oldest of its own and of those that
  /// are anybody's. Null when there is none.
  @Nullable String next(String agentId) {
    Claimable own = first(agentId);
    Claimable free = first("");
    if (own == null || free == null) {
      return own != null ? own.taskId() : free != null ? free.taskId() : null;
    }
    return own.compareUrgency(free) <= 0 ? own.taskId() : free.taskId();
  }

  /// The unfinished tasks that depend on a task, oldest first.
  List<String> dependentsOf(String taskId) {
    return targets(dependents, taskId);
  }

  /// The tasks that are `ASSIGNED` to an agent, oldest first.
  List<String> assignedTo(String agentId) {
    return targets(assigned, agentId);
  }

  /// When the next lease runs out, or [Long#MAX_VALUE].
  long nextLeaseEndMillis() {
    return leases.isEmpty() ? Long.MAX_VALUE : leases.first().atMillis();
  }

  /// The indexes after a task was put.
  ///
  /// @param tasks all tasks, `after` already among them
  /// @param before the task as it was, or null when it is new
  /// @param after the task as it is
  TaskBoard moved(Map<String, Task> tasks, @Nullable Task before, Task after) {
    long weightBefore = Weight.of(before);
    long weightAfter = Weight.of(after);
    var moved =
        new TaskBoard(
            claimableAfter(tasks, before, after),
            swap(leases, leaseEnd(before), leaseEnd(after)),
            dependentsAfter(before, after),
            swap(assigned, assignment(before), assignment(after)),
            counts.moved(before == null ? null : before.status(), after.status()),
            openBytes
                + (isOpen(after) ? weightAfter : 0)
                - (before != null && isOpen(before) ? weightBefore : 0),
            totalBytes + weightAfter - weightBefore);
    return isCompleted(before) == isCompleted(after) ? moved : moved.reconsider(tasks, after.id());
  }

  /// The indexes over all tasks, made from nothing.
  static TaskBoard of(Map<String, Task> tasks) {
    var claimable = new TreeSet<Claimable>();
    var leases = new TreeSet<LeaseEnd>();
    var dependents = new TreeSet<Link>();
    var assigned = new TreeSet<Link>();
    var counts = Tally.empty(TaskStatus.class);
    long open = 0;
    long total = 0;
    for (var task : tasks.values()) {
      addIfPresent(claimable, isUnblocked(tasks, task) ? waiting(task) : null);
      addIfPresent(leases, leaseEnd(task));
      addIfPresent(assigned, assignment(task));
      dependents.addAll(dependencyLinks(task));
      counts = counts.moved(null, task.status());
      long weight = Weight.of(task);
      open += isOpen(task) ? weight : 0;
      total += weight;
    }
    return new TaskBoard(
        TreePSet.fromSortedSet(claimable),
        TreePSet.fromSortedSet(leases),
        TreePSet.fromSortedSet(dependents),
        TreePSet.fromSortedSet(assigned),
        counts,
        open,
        total);
  }

  private @Nullable Claimable first(String assignee) {
    Claimable first = claimable.ceiling(new Claimable(assignee, Priority.CRITICAL, ""));
    return first != null && first.assignee().equals(assignee) ? first : null;
  }

  private TreePSet<Claimable> claimableAfter(
      Map<String, Task> tasks, @Nullable Task before, Task after) {
    Claimable was = waiting(before);
    Claimable is = waiting(after);
    boolean sameNeeds = before != null && before.dependsOn().equals(after.dependsOn());
    if (Objects.equals(was, is) && sameNeeds) {
      return claimable;
    }
    // With other needs, one that stays as it is may be claimable now and not have been before.
    TreePSet<Claimable> others = was == null ? claimable : claimable.minus(was);
    return is != null && isUnblocked(tasks, after) ? others.plus(is) : others;
  }

  private TreePSet<Link> dependentsAfter(@Nullable Task before, Task after) {
    List<Link> were = dependencyLinks(before);
    List<Link> are = dependencyLinks(after);
    if (were.equals(are)) {
      return dependents;
    }
    var links = dependents;
    for (var link : were) {
      links = links.minus(link);
    }
    for (var link : are) {
      links = links.plus(link);
    }
    return links;
  }

  /// Looks again whether the dependents of a task can be claimed.
  private TaskBoard reconsider(Map<String, Task> tasks, String taskId) {
    var now = claimable;
    for (var id : dependentsOf(taskId)) {
      Task dependent = tasks.get(id);
      Claimable waiting = waiting(dependent);
      if (dependent != null && waiting != null) {
        now = isUnblocked(tasks, dependent) ? now.plus(waiting) : now.minus(waiting);
      }
    }
    return new TaskBoard(now, leases, dependents, assigned, counts, openBytes, totalBytes);
  }

  private static boolean isUnblocked(Map<String, Task> tasks, Task task) {
    for (var id : task.dependsOn()) {
      if (!isCompleted(tasks.get(id))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOpen(Task task) {
    return !task.status().isFinal();
  }

  private static boolean isCompleted(@Nullable Task task) {
    return task != null && task.status() == TaskStatus.COMPLETED;
  }

  private static @Nullable Claimable waiting(@Nullable Task task) {
    if (task == null) {
      return null;
    }
    return switch (task.status()) {
      case PENDING -> new Claimable("", task.priority(), task.id());
      case ASSIGNED ->
          new Claimable(
              Objects.requireNonNullElse(task.assignee(), ""), task.priority(), task.id());
      case RUNNING, COMPLETED, FAILED, CANCELLED -> null;
    };
  }

  private static @Nullable LeaseEnd leaseEnd(@Nullable Task task) {
    return task == null || task.status() != TaskStatus.RUNNING || task.lease() == null
        ? null
        : new LeaseEnd(task.lease().expiresAtMillis(), task.id());
  }

  private static @Nullable Link assignment(@Nullable Task task) {
    return task == null || task.status() != TaskStatus.ASSIGNED || task.assignee() == null
        ? null
        : new Link(task.assignee(), task.id());
  }

  private static List<Link> dependencyLinks(@Nullable Task task) {
    if (task == null || !isOpen(task) || task.dependsOn().isEmpty()) {
      return List.of();
    }
    return task.dependsOn().stream().map(dependency -> new Link(dependency, task.id())).toList();
  }

  private static List<String> targets(TreePSet<Link> links, String from) {
    var targets = new ArrayList<String>();
    Link link = links.ceiling(new Link(from, ""));
    while (link != null && link.from().equals(from)) {
      targets.add(link.to());
      link = links.higher(link);
    }
    return targets;
  }

  private static <T> TreePSet<T> swap(TreePSet<T> set, @Nullable T before, @Nullable T after) {
    if (Objects.equals(before, after)) {
      return set;
    }
    TreePSet<T> rest = before == null ? set : set.minus(before);
    return after == null ? rest : rest.plus(after);
  }

  private static <T> void addIfPresent(TreeSet<T> set, @Nullable T item) {
    if (item != null) {
      set.add(item);
    }
  }
}
