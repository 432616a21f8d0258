// The frame around all pages: where we are, what is live, and who draws.

import { session, get, post, ApiError } from "/ui/api.js";
import { h, patch } from "/ui/dom.js";
import * as feed from "/ui/feed.js";
import { clock, count, duration, number } from "/ui/format.js";
import { shape, toast } from "/ui/widgets.js";
import { look } from "/ui/alerts.js";
import { pages, find } from "/ui/routes.js";

const main = document.getElementById("main");
const REDRAW_MILLIS = 800;
const REFRESH_MILLIS = 15_000;
const BANNER_MILLIS = 20_000;
const FIRST_PAUSE_MILLIS = 500;
const MOST_PAUSE_MILLIS = 10_000;

let place = null;
let drawing = null;
let again = false;
let timer = 0;
let lostAt = 0;
let retryMillis = FIRST_PAUSE_MILLIS;
let retry = 0;

function route() {
  const [path, search] = location.hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  return { name: parts[0], parts: parts.slice(1), search: new URLSearchParams(search ?? "") };
}

function nav() {
  patch(
    document.getElementById("nav"),
    pages.map((page) =>
      h("a", { href: `#/${page.name}`, "aria-current": place?.page.menu === page.name ? "page" : null }, page.title, page.badge?.() ?? null),
    ),
  );
}

function live() {
  const { state, reason, worker } = feed.state();
  const [kind, text] = {
    connecting: ["idle", "connecting"],
    live: ["ok", worker ? `live · worker ${worker.pid}` : "live"],
    away: ["fail", "reconnecting"],
  }[state];
  const node = document.getElementById("live");
  patch(node, [h("span", { class: kind }, shape(kind)), h("span", { title: reason }, text)]);
  const banner = document.getElementById("banner");
  if (state === "away") {
    lostAt = lostAt || Date.now();
    banner.className = "banner away";
    banner.hidden = false;
    patch(banner, [document.createTextNode(`Reconnecting by itself: ${reason}. What is shown is as of ${clock(lostAt)}.`)]);
  } else if (state === "live" && banner.classList.contains("away")) {
    banner.hidden = true;
    lostAt = 0;
  }
}

function replaced({ before, worker }) {
  const banner = document.getElementById("banner");
  banner.className = "banner";
  banner.hidden = false;
  lostAt = 0;
  patch(banner, [
    document.createTextNode(`Worker ${before.pid} is gone; worker ${worker.pid} has taken over. `),
    h("a", { href: "#/recoveries" }, "See the recovery"),
  ]);
  setTimeout(() => (banner.hidden = true), BANNER_MILLIS);
}

/** Tells of a run that is over; the overview counts callers' sessions apart from the daemon's own. */
async function recovered(id) {
  const { runs } = await get("overview");
  const run = runs.find((one) => one.recovery_id === id);
  if (run) {
    const failed = run.sessions_failed > 0 ? `, ${number(run.sessions_failed)} not` : "";
    toast(`Recovered ${count(run.sessions_recovered, "session")}${failed} in ${duration(run.total_time_ms)}.`, failed === "" ? "" : "fail");
  }
}

/** Draws the page again soon: what the feed tells in a short time is drawn once. */
function refresh() {
  if (timer === 0) {
    timer = setTimeout(() => {
      timer = 0;
      draw();
    }, REDRAW_MILLIS);
  }
}

async function draw() {
  if (place === null) {
    return; // The daemon has not said yet who we are.
  }
  if (drawing !== null) {
    again = true;
    return;
  }
  const here = place;
  const address = location.hash;
  drawing = here;
  try {
    const nodes = await here.view.draw();
    if (place === here && location.hash === address) {
      patch(main, [].concat(nodes));
      retryMillis = FIRST_PAUSE_MILLIS;
      main.removeAttribute("aria-busy");
      main.setAttribute("data-drawn", location.hash);
      document.title = `${here.view.title?.() ?? here.page.title} · Planaria`;
    }
  } catch (error) {
    if (place === here) {
      failed(error);
    }
  } finally {
    drawing = null;
    nav();
    if (again || place !== here || location.hash !== address) {
      again = false;
      draw();
    }
  }
}

function failed(error) {
  main.removeAttribute("aria-busy");
  const known = error instanceof ApiError;
  if (!known) {
    console.error(error);
  }
  if (known && error.isAway) {
    // What is shown stays while the banner says that it is old. A daemon that lives, but cannot read
    // what is asked for, has no banner; one that has just died will have it in a moment.
    const said = feed.state().state === "away" || retryMillis === FIRST_PAUSE_MILLIS;
    clearTimeout(retry);
    retry = setTimeout(refresh, retryMillis);
    retryMillis = Math.min(retryMillis * 2, MOST_PAUSE_MILLIS);
    if (main.childNodes.length === 0 || !said) {
      patch(main, away(error));
    }
    return;
  }
  main.setAttribute("data-drawn", location.hash);
  patch(main, [
    h("div", { class: "head" }, h("h1", {}, known && error.status === 404 ? "There is no such thing" : "This cannot be shown")),
    h("p", { class: "error" }, error.message),
    h("p", {}, h("a", { href: "#/" }, "Back to the overview")),
  ]);
}

function go() {
  const to = route();
  const page = find(to.name);
  const same = place !== null && place.page === page && place.view.keeps?.(to);
  if (same) {
    place.view.move(to);
    main.removeAttribute("data-drawn");
  } else {
    place?.view.leave?.();
    place = { page, view: page.open(to, { refresh: draw }) };
    main.setAttribute("aria-busy", "true");
    main.removeAttribute("data-drawn");
    patch(main, []);
    window.scrollTo(0, 0);
  }
  nav();
  draw();
}

function pause(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

/** Waits until the daemon says who we are; meanwhile the page says that it does not. */
async function reach() {
  const banner = document.getElementById("banner");
  for (let millis = FIRST_PAUSE_MILLIS; ; millis = Math.min(millis * 2, MOST_PAUSE_MILLIS)) {
    try {
      await session();
      banner.hidden = true;
      return;
    } catch (error) {
      if (error.status !== 401) {
        banner.className = "banner away";
        banner.hidden = false;
        patch(banner, [document.createTextNode("Reconnecting by itself.")]);
        patch(main, away(error));
      }
    }
    await pause(millis);
  }
}

function away(error) {
  return [
    h("div", { class: "head" }, h("h1", {}, error.status === 503 ? "The daemon cannot answer now" : "The daemon cannot be reached")),
    h("p", { class: "error" }, error.message),
    h("p", {}, "This page tries again by itself, and comes up when the daemon is back. Should that take longer than a minute, see what is wrong where the daemon runs:"),
    h("pre", { class: "how" }, "planaria status"),
  ];
}

feed.listen((type, data) => {
  if (type === "state") {
    live();
    if (data.before.state === "away" && data.present.state === "live") {
      refresh();
    }
  } else if (type === "replaced") {
    replaced(data);
    refresh();
  } else if (type === "missed") {
    refresh();
  } else if (type === "recovery" && data.total_time_ms !== undefined && data.finished) {
    recovered(data.recovery_id).catch(() => {}); // the page itself shows it too
  }
  if (type === "alert" || type === "replaced") {
    look().then(nav, () => {});
  }
  if (type !== "state" && place?.view.hear?.(type, data)) {
    refresh();
  }
});

document.getElementById("skip").onclick = (event) => {
  event.preventDefault();
  main.focus();
};
document.getElementById("logout").onclick = async () => {
  try {
    await post("dashboard/logout");
    location.replace("/login");
  } catch (error) {
    toast(error.message, "fail");
  }
};
addEventListener("hashchange", go);
setInterval(refresh, REFRESH_MILLIS);

await reach();
feed.start();
live();
go();
look().then(nav, () => {});
