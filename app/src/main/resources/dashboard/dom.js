// Elements from values. All text goes through text nodes, so that nothing that a tool, a name or a
// memory value holds is ever read as markup.

const SVG = "http://www.w3.org/2000/svg";
const HANDLERS = ["onclick", "oninput", "onchange", "onsubmit", "onkeydown"];

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith("on")) {
      node[name] = value;
    } else if (name === "value") {
      node.value = value;
      node.setAttribute("value", value);
    } else if (name === "style") {
      // Set by property, since the content security policy takes no style attributes.
      Object.entries(value).forEach(([key, worth]) => node.style.setProperty(key, worth));
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      append(node, child);
    } else if (child instanceof Node) {
      node.append(child);
    } else if (child !== null && child !== undefined && child !== false && child !== "") {
      node.append(document.createTextNode(String(child)));
    }
  }
}

/** An HTML element. */
export function h(name, properties, ...children) {
  return fill(document.createElement(name), properties, children);
}

/** An SVG element. */
export function s(name, properties, ...children) {
  return fill(document.createElementNS(SVG, name), properties, children);
}

/** A list of nodes as one element without a box. */
export function group(...children) {
  return h("div", { class: "group" }, ...children);
}

function alike(old, fresh) {
  return (
    old.nodeType === fresh.nodeType &&
    old.nodeName === fresh.nodeName &&
    (old.nodeType !== Node.ELEMENT_NODE || old.getAttribute("data-key") === fresh.getAttribute("data-key"))
  );
}

function attributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    // A reader who has opened something keeps it open.
    if (!fresh.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (name !== "style" && old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
  if (old.style && old.style.cssText !== fresh.style.cssText) {
    old.style.cssText = fresh.style.cssText;
  }
  for (const handler of HANDLERS) {
    old[handler] = fresh[handler];
  }
  if ("value" in fresh && old !== document.activeElement && old.value !== fresh.value) {
    old.value = fresh.value;
  }
  if ("checked" in fresh && old.checked !== fresh.checked) {
    old.checked = fresh.checked;
  }
}

/**
 * Makes what stands in `parent` look like `fresh`, changing no more than what differs: focus,
 * selection and scrolling stay where they are while a page is live.
 */
export function patch(parent, fresh) {
  const wanted = [...fresh];
  wanted.forEach((node, index) => {
    const old = parent.childNodes[index];
    if (old === undefined) {
      parent.append(node);
    } else if (old === node) {
      // It is the very same one: somebody keeps it.
    } else if (node.kept || old.kept || !alike(old, node)) {
      parent.replaceChild(node, old);
    } else if (old.nodeType === Node.TEXT_NODE) {
      if (old.data !== node.data) {
        old.data = node.data;
      }
    } else {
      attributes(old, node);
      patch(old, node.childNodes);
    }
  });
  while (parent.childNodes.length > wanted.length) {
    parent.lastChild.remove();
  }
}
