// Which page stands behind which address.

import * as alerts from "/ui/alerts.js";
import * as chaos from "/ui/chaos.js";
import * as connections from "/ui/connections.js";
import * as overview from "/ui/overview.js";
import * as recoveries from "/ui/recoveries.js";
import * as session from "/ui/session.js";
import * as sessions from "/ui/sessions.js";

/** Those of the menu, in its order. A page is `{name, title, menu, open(to, frame)}`. */
export const pages = [overview.page, sessions.page, recoveries.page, connections.page, alerts.page, chaos.page];

const hidden = [session.page];

/** The page of that name, or the first. */
export function find(name) {
  return [...pages, ...hidden].find((page) => page.name === name) ?? pages[0];
}
