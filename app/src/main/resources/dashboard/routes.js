// Which page stands behind which address.

import * as overview from "/ui/overview.js";

/** Those of the menu, in its order. A page is `{name, title, menu, open(to, frame)}`. */
export const pages = [overview.page];

/** The page of that name, or the first. */
export function find(name) {
  return pages.find((page) => page.name === name) ?? pages[0];
}
