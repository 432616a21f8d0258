// Tasks and what they wait for, from left to right: a task stands right of all that it waits for.

import { h, s } from "/ui/dom.js";
import { short, words } from "/ui/format.js";
import { kindOf, shape } from "/ui/widgets.js";

const WIDTH = 184;
const HEIGHT = 46;
const GAP_X = 36;
const GAP_Y = 14;
const MOST = 160;
const MOST_PASSING = 600;

function passing(before, task, place) {
  return `${before} ${task} ${place}`;
}

/** Places of tasks: by column the longest way from a beginning, in it near what they wait for. */
export function layout(tasks) {
  const byId = new Map(tasks.map((task) => [task.task_id, task]));
  const column = new Map();
  const depth = (id, path) => {
    if (column.has(id)) {
      return column.get(id);
    }
    if (path.has(id)) {
      return 0; // a cycle cannot be, but must not hang a page
    }
    path.add(id);
    const before = byId.get(id).depends_on.filter((one) => byId.has(one));
    const place = before.length === 0 ? 0 : 1 + Math.max(...before.map((one) => depth(one, path)));
    path.delete(id);
    column.set(id, place);
    return place;
  };
  const columns = [];
  for (const task of tasks) {
    const place = depth(task.task_id, new Set());
    (columns[place] ??= []).push(task);
  }
  // A line that passes by a column takes a place in it, so that it runs through no task.
  let room = MOST_PASSING;
  for (const task of tasks) {
    for (const before of task.depends_on.filter((one) => byId.has(one))) {
      for (let place = column.get(before) + 1; place < column.get(task.task_id) && room > 0; place += 1, room -= 1) {
        columns[place].push({ passing: true, task_id: passing(before, task.task_id, place), depends_on: [place - 1 === column.get(before) ? before : passing(before, task.task_id, place - 1)] });
      }
    }
  }
  const row = new Map();
  columns.forEach((members, index) => {
    if (index > 0) {
      const middle = (task) => {
        const rows = task.depends_on.map((one) => row.get(one)).filter((one) => one !== undefined);
        return rows.reduce((sum, one) => sum + one, 0) / Math.max(rows.length, 1);
      };
      members.sort((one, other) => middle(one) - middle(other));
    }
    members.forEach((task, place) => row.set(task.task_id, place));
  });
  return { columns, column, byId };
}

function curve(x1, y1, x2, y2) {
  const bend = (x2 - x1) / 2;
  return `C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function box(task, x, y) {
  const kind = kindOf(task.status);
  const second = [words(task.status), task.status === "running" ? `${task.progress} %` : null, task.assigneeName].filter(Boolean).join(" · ");
  const mark = shape(kind);
  mark.setAttribute("x", x + 12);
  mark.setAttribute("y", y + 11);
  return s(
    "g",
    { class: `node ${task.status === "running" ? "lit" : ""}` },
    s("title", {}, task.description),
    s("rect", { x, y, width: WIDTH, height: HEIGHT, rx: 8 }),
    mark,
    s("text", { x: x + 29, y: y + 20 }, short(task.description, 22)),
    s("text", { class: "second", x: x + 29, y: y + 36 }, short(second, 26)),
    task.status === "running" && task.progress > 0
      ? s("rect", { x: x + 1, y: y + HEIGHT - 3, width: ((WIDTH - 2) * task.progress) / 100, height: 2, fill: "currentColor", class: "bar-of-task" })
      : null,
  );
}

/** The drawing; the table beside it says the same in words. */
export function taskGraph(all) {
  const tasks = all.slice(-MOST);
  const { columns, column, byId } = layout(tasks);
  const place = new Map();
  const tallest = Math.max(...columns.map((members) => members.length));
  columns.forEach((members, index) => {
    const top = ((tallest - members.length) * (HEIGHT + GAP_Y)) / 2;
    members.forEach((task, row) => place.set(task.task_id, { x: 2 + index * (WIDTH + GAP_X), y: 2 + top + row * (HEIGHT + GAP_Y) }));
  });
  const width = columns.length * (WIDTH + GAP_X) - GAP_X + 4;
  const height = tallest * (HEIGHT + GAP_Y) - GAP_Y + 4;
  const edges = [];
  for (const task of tasks) {
    const to = place.get(task.task_id);
    for (const before of task.depends_on) {
      const from = place.get(before);
      if (from !== undefined) {
        const y1 = from.y + HEIGHT / 2;
        let way = `M${from.x + WIDTH} ${y1}`;
        let [x, y] = [from.x + WIDTH, y1];
        for (let at = column.get(before) + 1; at < column.get(task.task_id); at += 1) {
          const through = place.get(passing(before, task.task_id, at));
          if (through === undefined) {
            break; // there are too many for each to have its own way
          }
          const middle = through.y + HEIGHT / 2;
          way += `${curve(x, y, through.x, middle)}H${through.x + WIDTH}`;
          [x, y] = [through.x + WIDTH, middle];
        }
        const y2 = to.y + HEIGHT / 2;
        const done = byId.get(before).status === "completed";
        edges.push(
          s("path", { class: `edge ${done ? "on" : ""}`, d: way + curve(x, y, to.x - 6, y2) }),
          s("path", { class: `arrow ${done ? "on" : ""}`, d: `M${to.x - 1} ${y2}l-7 -3.500v7z` }),
        );
      }
    }
  }
  return h(
    "div",
    { class: "drawing", tabindex: "0", role: "region", "aria-label": "Tasks and what they wait for; the table below says the same" },
    s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${tasks.length} tasks in ${columns.length} steps` }, edges, tasks.map((task) => box(task, place.get(task.task_id).x, place.get(task.task_id).y))),
    all.length > tasks.length ? h("p", { class: "small quiet" }, `The newest ${tasks.length} are drawn.`) : null,
  );
}
